"""The three networks, on a patch of silence and one of noise."""

import numpy as np
import pytest

from earmark.errors import DataError
from earmark_research.tagger.teachers import EMBEDDING_PARTS, EMBEDDINGS, Teachers
from places import SHARED


def test_a_missing_network_is_named(tmp_path):
    with pytest.raises(DataError, match=r"MSD_vgg\.onnx: no such teacher.*models pull musicnn"):
        Teachers(tmp_path)


def test_embeddings_lie_side_by_side():
    ends = [part.stop for part in EMBEDDING_PARTS.values()]
    assert [part.start for part in EMBEDDING_PARTS.values()] == [0, *ends[:-1]]
    assert [entry.split(".")[0] for entry in EMBEDDINGS] == list(EMBEDDING_PARTS)


@pytest.mark.skipif(not (SHARED / "teachers").is_dir(), reason="../shared/teachers is not here")
def test_shapes_and_ranges(rng):
    patches = np.stack([np.zeros((187, 96)), rng.uniform(0, 4, (187, 96)), np.zeros((187, 96))]).astype(np.float32)
    found = Teachers(SHARED / "teachers")(patches)
    assert found["tags"].shape == (3, 150)
    assert found["embedding"].shape == (3, 656)
    assert found["embedding"].dtype == np.float16
    assert 0 <= found["tags"].min() < found["tags"].max() <= 1
    np.testing.assert_allclose(found["tags"][0], found["tags"][2], atol=1e-6)
