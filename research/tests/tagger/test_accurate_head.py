"""The head of the accurate networks, in its file."""

import numpy as np

from earmark.tagger.model import ModelInfo
from earmark_research.tagger.accurate_head import bundled_head, save_head


def test_the_head_of_the_package_survives_its_file(tmp_path):
    head = bundled_head()
    assert head.weight.shape == (656, len(head.info.tagset))
    save_head(tmp_path / "head.npz", head)
    with np.load(tmp_path / "head.npz") as stored:
        np.testing.assert_array_equal(stored["weight"].astype(np.float32), head.weight)  # half precision already
        assert ModelInfo.from_json(str(stored["info"]), "x") == head.info
