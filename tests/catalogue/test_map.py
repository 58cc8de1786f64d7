import numpy as np
import pyarrow as pa

from earmark.catalogue.map import Label, Map, map_of, version_of

IDS = ["a", "b"]
XY = np.array([[0, 1], [2, 3]], np.float32)
LABELS = (Label("jazz", 0.5, 1.5, 2),)


def test_a_map_comes_back_from_its_document_and_the_coordinates():
    made = Map(IDS, XY, LABELS, "v", "m", 0.5, 0.1, 1, 0, "2026-01-31T00:00:00+00:00")
    table = pa.table({"track_id": ["a", "x", "b"], "map_x": pa.array([0, None, 2], pa.float32()),
                      "map_y": pa.array([1, None, 3], pa.float32())})  # fmt: skip
    found = map_of(made.to_document(), table)
    assert found.ids == IDS
    assert np.array_equal(found.xy, XY)
    assert found.n_missing == 1
    assert found.to_dict() | {"missing": 0} == made.to_dict()
    assert len(found) == 2


def test_the_version_changes_with_places_tracks_and_names():
    versions = {
        version_of(IDS, XY, LABELS), version_of(IDS, XY + 1, LABELS), version_of(["a", "c"], XY, LABELS),
        version_of(IDS, XY, ()),
    }  # fmt: skip
    assert len(versions) == 4
    assert version_of(IDS, XY.astype(np.float64), LABELS) in versions
