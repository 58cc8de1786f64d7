import numpy as np
import pytest

from earmark.errors import QueryError
from earmark.explore.heard import heard_of
from earmark.explore.seeds import MAX_SEEDS, Seed, portrait_of, read_seeds
from earmark.explore.songs import Songs
from likeness import SECONDS


def test_one_seed_or_several():
    assert read_seeds("a") == [Seed("a")]
    assert read_seeds(Seed("a", start=3)) == [Seed("a", start=3)]
    assert len(read_seeds([Seed("a"), Seed("b", -1)])) == 2
    with pytest.raises(QueryError, match=f"more than {MAX_SEEDS}"):
        read_seeds([Seed("a")] * (MAX_SEEDS + 1))


def test_a_track_of_the_catalogue_and_what_was_heard_of_its_file_are_one_portrait(likes, made):
    songs = Songs(likes, "likeness")
    kept = portrait_of(likes, songs, Seed(made[0].track_id))
    heard = portrait_of(likes, songs, Seed(heard_of(made[0])))
    assert np.allclose(kept.vector, heard.vector, atol=2e-3)
    for name in ("tempo", "key", "energy", "loudness", "mood_sad", "instrument_piano", "scale_valence", "metre"):
        told = kept.values[name], heard.values[name]
        assert told[0] == told[1] if isinstance(told[0], str) else told[0] == pytest.approx(told[1], abs=0.003)
    assert len(kept.times) == len(heard.times) == 2 * SECONDS


def test_a_window_is_what_is_heard_in_it(likes, made):
    songs = Songs(likes, "likeness")
    for seed in (made[0].track_id, heard_of(made[0])):
        part = portrait_of(likes, songs, Seed(seed, start=35, end=45))
        second = made[0].activations.embedding[70:90].mean(axis=0)
        cosine = part.vector @ second / np.linalg.norm(part.vector) / np.linalg.norm(second)
        assert cosine > 0.999
        assert part.values["loudness"] == pytest.approx(-11, abs=0.1)  # the louder half
        assert part.window.seconds == 10


@pytest.mark.parametrize("window", [(10, 5), (70, 80), (-3, 5), (5, 5)])
def test_a_window_that_is_none(likes, made, window):
    with pytest.raises(QueryError, match="no window"):
        portrait_of(likes, Songs(likes, "likeness"), Seed(made[0].track_id, 1, *window))
