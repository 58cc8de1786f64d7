import numpy as np

from earmark.explore.regions import label_regions


def test_regions_are_called_by_what_stands_out_there(rng):
    """All tracks are loud; one heap is jazz with piano, the other techno."""
    xy = np.concatenate([rng.standard_normal((60, 2)), rng.standard_normal((40, 2)) + [40, 0]])
    tags = [["loud", "jazz", "piano"]] * 60 + [["loud", "techno"]] * 40
    labels = label_regions(xy, tags)
    assert [(one.text, one.n_tracks > 20) for one in labels[:1]] == [("jazz, piano", True)]
    assert {one.text for one in labels} == {"jazz, piano", "techno"}
    (techno,) = (one for one in labels if one.text == "techno" and one.n_tracks > 5)
    assert abs(techno.x - 40) < 2
    assert not any("loud" in one.text for one in labels)


def test_without_tags_or_tracks_nothing_is_called_anything(rng):
    assert label_regions(rng.standard_normal((50, 2)), [[]] * 50) == ()
    assert label_regions(np.zeros((0, 2)), []) == ()
    assert label_regions(np.zeros((9, 2)), [["a"]] * 9) == ()
