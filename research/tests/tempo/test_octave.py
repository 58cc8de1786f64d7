"""Weights of the octave, fitted to songs of which one feature tells the right one."""

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.earprint import Earprint, write_earprint
from earmark.descriptors.tempo.octave import WEIGHTS
from earmark_research.tempo import octave
from earmark_research.tempo.octave import (
    Song,
    balance,
    choose,
    choose_apart,
    divide_groups,
    fit,
    fit_weights,
    is_right,
)
from pulses import pattern

NAMES = list(WEIGHTS)


def song(rng: np.random.Generator, artist: str = "a", source: str = "s", right: int = 0, **changes) -> Song:
    """A song at 100 BPM or, if `right` is 1, at 200; "bass" is larger for the right tempo in nine of ten."""
    X = rng.normal(0, 1, (2, len(NAMES)))
    bass = sorted(X[:, NAMES.index("bass")])
    best = right if rng.random() < 0.9 else 1 - right
    X[:, NAMES.index("bass")] = bass if best else bass[::-1]
    values = {"bpm": 100.0 * (1 + right), "is_sure": True, "confidence": 0.8, "is_kept": False} | changes
    return Song(source=source, artist=artist, style="", tempi=np.array([100.0, 200.0]), X=X, **values)


@pytest.fixture
def songs(rng) -> list[Song]:
    return [song(rng, artist=str(i // 2), right=i % 2) for i in range(120)]


def test_the_feature_that_tells_gets_the_weight(songs):
    weights = fit_weights(songs)

    assert NAMES[np.abs(weights).argmax()] == "bass"
    assert weights[NAMES.index("bass")] > 1


def test_songs_without_a_right_tempo_teach_nothing(songs, rng):
    useless = [song(rng, bpm=133.0), song(rng, is_sure=False)]

    assert [other.right for other in useless] == [None, None]
    np.testing.assert_allclose(fit_weights(songs), fit_weights([*songs, *useless]))


def test_every_source_weighs_the_same(rng):
    weights = balance([song(rng, source=source) for source in "aaab"])
    np.testing.assert_allclose(weights, [1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_a_metre_of_threes_keeps_the_first_tempo(rng):
    weights = np.zeros(len(NAMES))
    weights[NAMES.index("bass")] = 100.0
    fast = song(np.random.default_rng(1), right=1)

    assert choose(fast, weights)[0] == 200
    assert choose(song(np.random.default_rng(1), right=1, is_kept=True), weights)[0] == 100


def test_no_artist_is_in_two_folds(songs):
    fold = divide_groups([one.artist for one in songs], 5, seed=0)

    assert set(fold) == set(range(5))
    assert len({(one.artist, f) for one, f in zip(songs, fold, strict=True)}) == 60


def test_chosen_apart_most_are_right_and_trust_says_how_many(songs):
    chosen = choose_apart(songs, 5, seed=0)
    hits = np.mean([is_right(bpm, one) for (bpm, _), one in zip(chosen, songs, strict=True)])
    _, trust = fit(songs)

    assert hits > 0.75
    assert trust[0] > 0


def test_songs_are_read_from_earprints(tmp_path):
    S = pattern(120.0, [1, 0.5, 0.8, 0.5])
    write_earprint(Earprint(S, DEFAULT_FEATURES, 24.0, "0" * 20), tmp_path / "one.earprint")
    (tmp_path / "tracks.csv").write_text(
        "path,artist,style,seconds,tempo_bpm,octave_sure\none.earprint,A,rock,24,120,1\nnone.earprint,B,rock,24,,1\n",
        encoding="utf-8",
    )
    (found,) = octave.read_songs(tmp_path)

    assert (found.artist, found.style, found.source) == ("A", "rock", tmp_path.name)
    assert found.right == 0
    assert found.X.shape == (len(found.tempi), len(NAMES))
