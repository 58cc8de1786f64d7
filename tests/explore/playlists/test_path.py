import numpy as np
import pytest

from earmark.errors import NotFound, QueryError
from earmark.explore.playlists.path import arc, path
from likeness import DIM, track_of, write_tracks


@pytest.fixture(scope="module")
def line(tmp_path_factory):
    """Tracks that lie along a quarter of a circle, densely at its beginning, and others anywhere."""
    rng = np.random.default_rng(1)
    angles = np.concatenate([np.linspace(0, 0.3, 20), np.linspace(0.3, np.pi / 2, 20)[1:]])
    found = []
    for i, angle in enumerate(angles):
        v = 8 * np.eye(DIM)[0] * np.cos(angle) + 8 * np.eye(DIM)[1] * np.sin(angle)
        found.append(track_of(i, artist=f"Artist {i % 5}", first=v, second=v))
    others = [track_of(100 + i, first=(v := rng.normal(size=DIM)), second=v) for i in range(40)]
    return write_tracks(tmp_path_factory.mktemp("line") / "catalogue", [*found, *others])


def angles_of(steps):
    return np.degrees(np.arccos([step.similarity for step in steps[1:]]))


def test_the_steps_are_even_and_both_ends_are_there(line):
    steps = path(line, "Track 0", "Track 38", 7)
    titles = [step.row.title for step in steps]
    assert (len(set(titles)), titles[0], titles[-1]) == (7, "Track 0", "Track 38")
    assert np.abs(angles_of(steps) - 15).max() < 5
    assert [step.along for step in steps] == sorted(step.along for step in steps)
    assert (steps[0].similarity, steps[0].along, steps[-1].along) == (None, 0.0, 1.0)
    assert steps[1].to_dict()["title"] == titles[1]
    assert [step.row.title for step in path(line, "Track 38", "Track 0", 7)] == titles[::-1]


def test_rules_hold(line):
    steps = path(line, "Track 0", "Track 38", 5, per_artist=1)
    assert len({step.row.artist for step in steps}) == 5
    found = path(line, "Track 0", "Track 38", 6, where=line.filter("tempo < 120"))
    assert all(step.row.bpm < 120 for step in found[1:-1])
    assert len(path(line, "Track 0", "Track 38", 6, where=line.filter("tempo < 1"))) == 2
    assert len(path(line, "Track 0", "Track 38", 2)) == 2


def test_what_cannot_be_is_refused(line):
    with pytest.raises(QueryError, match="the same track"):
        path(line, "Track 0", "Track 0")
    with pytest.raises(QueryError, match="from 2 to 500"):
        path(line, "Track 0", "Track 1", 1)
    with pytest.raises(NotFound):
        path(line, "Track 0", "nothing")


def test_the_arc_is_even_on_the_sphere():
    points = arc(np.array([2.0, 0, 0]), np.array([0, 3.0, 0]), 4)
    np.testing.assert_allclose(np.linalg.norm(points, axis=1), 1)
    np.testing.assert_allclose(np.degrees(np.arccos((points[1:] * points[:-1]).sum(axis=1))), 30)
    assert np.isfinite(arc(np.array([1.0, 0]), np.array([-1.0, 0]), 3)).all()
