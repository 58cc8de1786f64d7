"""Key of composed cadences: all 24 keys, five timbres, three tunings; and of sounds without a key."""

from dataclasses import replace

import numpy as np
import pytest

from cadences import SR, TIMBRES, cadence
from earmark.audio.chroma import DEFAULT_CHROMA, ChromaConfig, chroma, fold, tuning_cents
from earmark.descriptors.key.estimation import Key, estimate_key
from earmark.descriptors.key.head import default_head
from earmark.descriptors.key.names import key_name
from earmark.errors import AudioError


def key(y: np.ndarray):
    return estimate_key(chroma(y.astype(np.float32)))


@pytest.mark.parametrize("cents", [-30, 0, 30])
@pytest.mark.parametrize("timbre", TIMBRES)
@pytest.mark.parametrize("mode", [0, 12])
def test_all_keys_from_cadences(mode, timbre, cents):
    results = [key(cadence(number, timbre, cents)) for number in range(mode, mode + 12)]
    assert [(r.tonic, r.mode) for r in results] == [key_name(number) for number in range(mode, mode + 12)]
    assert [r.tuning_cents for r in results] == pytest.approx([cents] * 12, abs=6)


def test_a_cadence_is_named_with_confidence_and_candidates():
    result = key(cadence(21, times=6)).to_dict()
    assert (result["tonic"], result["mode"], result["camelot"]) == ("A", "minor", "8A")
    assert result["confidence"] > 0.4
    weights = [candidate["weight"] for candidate in result["candidates"]]
    assert len(weights) == 4
    assert weights[0] >= result["confidence"]
    assert 0 < sum(weights) <= 1.001


@pytest.mark.parametrize(("first", "second"), [(0, 6), (7, 10), (21, 13), (2, 14)])
def test_a_key_change_makes_two_segments(first, second):
    result = key(np.concatenate([cadence(first, times=16), cadence(second, times=16)]))
    assert [(s.tonic, s.mode) for s in result.segments] == [key_name(first), key_name(second)]
    assert result.segments[0].end == pytest.approx(48, abs=5)
    assert result.segments[-1].end == pytest.approx(96, abs=0.5)
    assert result.confidence < 0.8 * key(cadence(first, times=32)).confidence


def test_one_key_makes_one_segment():
    assert len(key(cadence(4, times=30)).segments) == 1


def noise(seconds: float, seed: int = 0, colour: int = 0) -> np.ndarray:
    y = np.random.default_rng(seed).normal(size=round(seconds * SR))
    return 0.2 * (np.cumsum(y - y.mean()) / 50 if colour else y)


def click() -> np.ndarray:
    y = np.zeros(10 * SR)
    y[70_000] = 1
    return y


def drone(seconds: float, *ratios: float) -> np.ndarray:
    t = np.arange(round(seconds * SR)) / SR
    return 0.05 * sum(np.sin(2 * np.pi * 110 * r * k * t) / k for r in ratios for k in range(1, 10))


@pytest.mark.parametrize(
    "y",
    [
        np.zeros(20 * SR), noise(2), noise(30, 1), noise(30, 2, 1), click(), click()[70_000:], noise(0.1),
        cadence(0)[: SR // 10], drone(0.1, 1), drone(20, 1), drone(20, 1, 1.5), np.ones(1),
    ],
    ids=[
        "silence", "short noise", "noise", "red noise", "click", "a click at once", "0.1 s noise",
        "0.1 s", "0.1 s tone", "drone", "drone of a fifth", "one sample",
    ],
)  # fmt: skip
def test_nothing_is_invented(y):
    result = key(y)
    assert (result.tonic, result.mode, result.camelot) == (None, None, None)
    assert result.confidence <= 0.1


def test_half_an_hour_of_drone_has_no_key():
    minute = drone(60, 1, 1.5, 2) * (1 + 0.5 * np.sin(np.arange(60 * SR) / SR))
    C = np.tile(chroma(minute.astype(np.float32)), (30, 1))
    assert estimate_key(C).tonic is None


def test_chroma_puts_a_tone_in_its_bin_and_silence_nowhere():
    t = np.arange(4 * SR) / SR
    C = chroma(np.sin(2 * np.pi * 440 * t).astype(np.float32))
    assert C.shape[1] == DEFAULT_CHROMA.n_bins
    assert C.shape[0] == pytest.approx(4 * DEFAULT_CHROMA.frame_rate, abs=2)
    assert C.astype(float).mean(axis=0).argmax() == (69 - DEFAULT_CHROMA.lowest) * 3
    assert C[3].max() == pytest.approx(1, abs=0.1)
    assert fold(C).mean(axis=0).argmax() == 9
    assert not chroma(np.zeros(SR, np.float32)).any()


@pytest.mark.parametrize("cents", [-45, -20, 0, 13, 40])
def test_the_tuning_is_measured(cents):
    assert tuning_cents(chroma(cadence(5, "organ", cents))) == pytest.approx(cents, abs=4)


def test_level_does_not_matter():
    loud, soft = key(cadence(3)), key(cadence(3) * 0.05)
    assert (loud.tonic, loud.mode) == (soft.tonic, soft.mode)
    assert loud.confidence == pytest.approx(soft.confidence, abs=0.1)


@pytest.mark.parametrize("y", [np.zeros((2, 100), np.float32), np.zeros(0, np.float32), np.full(9, np.nan, np.float32)])
def test_what_is_no_signal_is_refused(y):
    with pytest.raises(AudioError, match="mono|samples"):
        chroma(y)


def test_the_config_survives_a_dict_and_refuses_a_newer_one():
    assert ChromaConfig.from_dict(DEFAULT_CHROMA.to_dict()) == DEFAULT_CHROMA
    with pytest.raises(ValueError, match="colour"):
        ChromaConfig.from_dict(DEFAULT_CHROMA.to_dict() | {"colour": 1})


def test_without_a_probable_key_none_is_named():
    uniform = replace(default_head(), blend=np.zeros(3, np.float32))
    result = estimate_key(chroma(cadence(0).astype(np.float32)), head=uniform)

    assert (result.tonic, result.label, result.camelot, result.segments) == (None, None, None, ())
    assert result.confidence == pytest.approx(1 / 24, abs=1e-3)
    assert [candidate.weight for candidate in result.candidates] == [0.042] * 4


def test_the_head_that_is_given_decides():
    """A large bias for minor turns C major into a minor key."""
    minor = replace(default_head(), blend=default_head().blend + np.array([0, 0, 100], np.float32))
    C = chroma(cadence(0).astype(np.float32))

    assert estimate_key(C).mode == "major"
    assert estimate_key(C, head=minor).mode == "minor"


def test_a_corrected_key_survives_its_dictionary():
    corrected = replace(key(cadence(21)), tonic="E", mode="minor", corrected=True)

    assert Key.from_dict(corrected.to_dict()) == corrected
    assert corrected.to_dict()["name"] == corrected.label == "E minor"
    assert "corrected" not in key(cadence(21)).to_dict()
    with pytest.raises(TypeError, match="colour"):
        Key.from_dict(corrected.to_dict() | {"colour": 1})


def test_a_key_and_all_its_parts_are_named_as_musicians_do():
    found = key(cadence(3, times=6)).to_dict()  # on D sharp, which is E flat
    assert (found["tonic"], found["mode"], found["name"]) == ("D#", "major", "Eb major")
    assert found["candidates"][0]["name"] == found["segments"][0]["name"] == "Eb major"
    nameless = {name: value for name, value in found.items() if name != "name"}
    assert Key.from_dict(nameless) == Key.from_dict(found)  # catalogues of earlier versions have no names
    assert Key().to_dict()["name"] is None
