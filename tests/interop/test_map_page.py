import base64
import json
import re

import numpy as np
import pyarrow as pa

from earmark.catalogue.map import Label, Map
from earmark.interop.map_page import map_page

XY = np.array([[-3, 0], [1, 5], [0, 0]], np.float32)
FOUND = Map(["a", "b", "c"], XY, (Label("jazz</script>", 1.0, 5.0, 3),), "v", "m", 0.42, 0.01)
TABLE = pa.table({
    "track_id": ["a", "b", "c"], "title": ["</script><b>x", "Low", None], "artist": ["A", "", None],
    "genre": ["jazz", "jazz", None], "tags": [["quiet"], [], None],
})  # fmt: skip


def data_of(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)[1])


def test_the_page_holds_every_track_and_loads_nothing():
    page = map_page(FOUND, TABLE)
    data = data_of(page)
    xy = np.frombuffer(base64.b64decode(data["xy"]), "<u2").reshape(-1, 2)
    assert xy.tolist() == [[0, 0], [52428, 65535], [39321, 0]]
    assert list(base64.b64decode(data["kinds"])) == [0, 0, 8]
    assert data["names"][0] == ["</script><b>x", "A", "quiet"]
    assert data["labels"] == [["jazz</script>", 52428.0, 65535.0, 3]]
    assert "42%" in page
    assert not re.search(r"(?:src|href)=|https?://|import ", page)


def test_no_title_can_end_the_script():
    page = map_page(FOUND, TABLE)
    assert page.count("</script>") == 2
    assert "<b>x" not in page
