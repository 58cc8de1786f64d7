import json

import pyarrow.feather
import pytest

from earmark.errors import ConfigError, FileError
from earmark.library import Catalogue


@pytest.fixture
def catalogue(kinds):
    found = Catalogue(kinds)
    found.build_map()
    return found


def test_an_arrow_file_has_places_fields_and_the_rest(catalogue, tmp_path):
    assert catalogue.export_map(tmp_path / "map.arrow") == 24
    table, found = pyarrow.feather.read_table(tmp_path / "map.arrow"), catalogue.map()
    assert table["track_id"].to_pylist() == list(found.ids)
    assert table["x"].to_pylist() == found.xy[:, 0].tolist()
    titles = {track.track_id: track.title for track in catalogue.chosen()}
    assert table["title"].to_pylist() == [titles[i] for i in found.ids]
    told = json.loads(table.schema.metadata[b"earmark"])
    assert (told["version"], told["tracks"]) == (found.version, 24)


def test_a_format_or_place_that_there_is_not_is_an_error(catalogue, tmp_path):
    with pytest.raises(ConfigError, match="html, arrow"):
        catalogue.export_map(tmp_path / "map.png")
    with pytest.raises(FileError, match="cannot be written"):
        catalogue.export_map(tmp_path / "nowhere" / "map.html")
