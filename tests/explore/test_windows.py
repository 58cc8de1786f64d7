import numpy as np
import pytest

from earmark.explore.seeds import Seed
from earmark.explore.sheet import read_sheet
from earmark.explore.similar import similar
from earmark.explore.weights import Weights
from earmark.explore.windows import scale_of_passages
from likeness import ranking_of as ranking
from likeness import track_of, write_tracks


@pytest.fixture
def sections(tmp_path):
    """Tracks of which one has the sound of the first's second half in its first half, and nothing else in common."""
    rng = np.random.default_rng(1)
    wanted, common = rng.normal(size=16), rng.normal(size=16)
    tracks = [track_of(0, first=common, second=wanted), track_of(1, first=wanted, second=-2 * common)]
    tracks += [track_of(2, first=common, second=common)]
    return tracks, write_tracks(tmp_path / "c", tracks + [track_of(n) for n in range(3, 30)])


def test_a_window_finds_the_passage_that_is_like_it(sections):
    tracks, store = sections
    whole = similar(store, Seed(tracks[0].track_id), 3)
    by_window = similar(store, Seed(tracks[0].track_id, start=40, end=50), 3)
    assert whole[0].track.track_id == tracks[2].track_id
    assert by_window[0].track.track_id == tracks[1].track_id
    pair = by_window[0].passages[0]
    assert pair.start >= 0
    assert pair.end <= 31
    assert (pair.seed, pair.seed_start, pair.seed_end) == (tracks[0].track_id, 40, 50)
    assert by_window[0].similarity == pair.similarity > 0.97
    assert by_window[0].score > 0.99


def test_other_parts_and_seeds_count_too(sections):
    tracks, store = sections
    seeds = [Seed(tracks[0].track_id, start=40, end=50), Seed(tracks[2].track_id)]
    hit = similar(store, seeds, 1, weights="sound=1,energy=1")[0]
    assert hit.score == pytest.approx((hit.parts["sound"] + hit.parts["energy"]) / 2)
    assert hit.passages[0].seed == tracks[0].track_id


def test_a_best_passage_is_more_alike_by_chance_than_a_whole_track(likes, made):
    asked = ranking(likes, Weights(sound=1), Seed(made[0].track_id))
    scale = scale_of_passages(likes, asked, 10.0)
    assert scale.share(np.array([0.3])) < read_sheet(likes).scale("sound").share(np.array([0.3]))
    assert scale_of_passages(likes, asked, 10.0) is scale
