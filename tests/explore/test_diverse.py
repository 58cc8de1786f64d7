import numpy as np
import pytest

from earmark.errors import QueryError
from earmark.explore.distinct import Variety
from earmark.explore.similar import similar
from likeness import track_of, write_tracks


@pytest.fixture
def flock(tmp_path):
    """A track, ten that are nearly equal to each other, and ten others a little less like it."""
    rng = np.random.default_rng(2)
    centre = 3 * rng.normal(size=16)
    near = centre + 0.5 * rng.normal(size=16)
    tracks = [track_of(0, first=centre, second=centre)]
    tracks += [track_of(n, first=near, second=near + 0.1 * rng.normal(size=16)) for n in range(1, 11)]
    tracks += [track_of(n, first=(v := centre + 2 * rng.normal(size=16)), second=v) for n in range(11, 21)]
    return tracks, write_tracks(tmp_path / "c", tracks + [track_of(n) for n in range(21, 60)])


def test_variety_takes_one_of_a_flock_and_then_others(flock):
    tracks, store = flock
    alike = {track.track_id for track in tracks[1:11]}

    def of_the_flock(diversity: float) -> int:
        variety = Variety(versions=True, diversity=diversity)
        return len(alike & {hit.track.track_id for hit in similar(store, tracks[0].track_id, 5, variety=variety)})

    assert of_the_flock(0) == 5
    assert of_the_flock(0.5) < 5
    assert of_the_flock(1) <= 1


def test_the_first_answer_stays_and_none_comes_twice(flock):
    tracks, store = flock
    hits = similar(store, tracks[0].track_id, 58, variety=Variety(versions=True, diversity=0.4))
    plain = similar(store, tracks[0].track_id, 58, variety=Variety(versions=True))
    assert hits[0].track.track_id == plain[0].track.track_id
    assert sorted(h.track.track_id for h in hits) == sorted(h.track.track_id for h in plain)


@pytest.mark.parametrize("diversity", [-0.1, 1.1, float("nan")])
def test_what_is_no_variety(diversity):
    with pytest.raises(QueryError, match="no measure of variety"):
        Variety(diversity=diversity)
