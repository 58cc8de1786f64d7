"""Key and chroma of composed cadences: all 24 keys, five timbres, three tunings; and of what has no key."""

from functools import cache

import numpy as np
import pytest

from earmark.audio.chroma import DEFAULT_CHROMA, ChromaConfig, chroma, fold, semitones, tuning_cents
from earmark.descriptors.key.estimation import estimate_key
from earmark.descriptors.key.head import default_head, read_head
from earmark.descriptors.key.names import camelot, closeness, compatible_keys, from_camelot, key_name, key_number
from earmark.errors import AudioError, QueryError

SR = DEFAULT_CHROMA.sr
TIMBRES = {  # levels of the harmonics, decay in seconds (0: held)
    "organ": ([1, 0.8, 0.6, 0.5, 0.3, 0.3, 0.2, 0.2], 0),
    "flute": ([1, 0.1, 0.02], 0),
    "piano": ([1, 0.5, 0.3, 0.2, 0.15, 0.1], 0.5),
    "clarinet": ([1, 0.02, 0.6, 0.02, 0.4, 0.02, 0.2], 0),
    "guitar": ([0.8, 1, 0.7, 0.4, 0.3, 0.2, 0.2], 0.3),
}
MAJOR = ((0, (0, 4, 7)), (5, (0, 4, 7)), (7, (0, 4, 7, 10)), (0, (0, 4, 7)))  # I IV V7 I
MINOR = ((0, (0, 3, 7)), (5, (0, 3, 7)), (7, (0, 4, 7, 10)), (0, (0, 3, 7)))  # i iv V7 i


@cache
def chord(midi: tuple[float, ...], timbre: str, seconds: float) -> np.ndarray:
    """Notes of one chord: float32 [n]."""
    levels, decay = TIMBRES[timbre]
    t = np.arange(round(seconds * SR)) / SR
    hz = [440 * 2 ** ((m - 69) / 12) for m in midi]
    y = sum(level * np.sin(2 * np.pi * f * k * t) for f in hz for k, level in enumerate(levels, 1) if f * k < 7000)
    y = y * np.minimum(1, np.minimum(t, t[-1] - t) / 0.01) * (np.exp(-t / decay) if decay else 1)
    return (y / np.abs(y).max()).astype(np.float32)


def cadence(number: int, timbre: str = "piano", cents: float = 0, times: int = 2, seconds: float = 0.75) -> np.ndarray:
    """A cadence with a bass note in a key, repeated: float32 [n]."""
    tonic, parts = 48 + number % 12 + cents / 100, []
    for root, tones in MINOR if number >= 12 else MAJOR:
        low = tonic + root - (12 if root > 6 else 0)
        parts.append(chord((low - 12, *(low + tone for tone in tones)), timbre, seconds))
    return 0.3 * np.tile(np.concatenate(parts), times)


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


def test_camelot_codes_go_both_ways():
    known = {
        ("A", "minor"): "8A",
        ("C", "major"): "8B",
        ("E", "major"): "12B",
        ("G#", "minor"): "1A",
        ("F", "minor"): "4A",
    }
    assert {k: camelot(*k) for k in known} == known
    assert len({camelot(*key_name(n)) for n in range(24)}) == 24
    assert all(from_camelot(camelot(*key_name(n))) == key_name(n) for n in range(24))
    with pytest.raises(QueryError, match="13A"):
        from_camelot("13A")


def test_compatible_keys_are_the_neighbours_on_the_wheel():
    names = {camelot(*k) for k in compatible_keys("A", "minor")}
    assert names == {"8A", "8B", "7A", "9A"}
    assert key_number("Bb", "minor") == key_number("A#", "minor")
    with pytest.raises(QueryError, match="not a key"):
        compatible_keys("H", "minor")


def test_closeness_is_that_of_mirex():
    weights, c = closeness(), key_number("C", "major")
    keys = ("C", "major"), ("G", "major"), ("F", "major"), ("A", "minor"), ("C", "minor"), ("D", "major")
    assert [weights[c, key_number(*k)] for k in keys] == [1, 0.5, 0.5, 0.3, 0.2, 0]
    assert (weights == weights.T).all()


def test_the_head_turns_with_the_music():
    """A semitone up within each octave, and every logit moves one tonic on."""
    P = semitones(chroma(cadence(0)), 0.0)
    spans = np.array([[0, len(P)], [2, 9]])
    logits = default_head().logits(P, spans)
    turned = default_head().logits(np.roll(P, 5, axis=2), spans)
    np.testing.assert_allclose(turned, np.roll(logits.reshape(2, 2, 12), 5, axis=2).reshape(2, 24), atol=1e-3)


def test_the_head_in_numpy_is_the_network_that_was_trained(tmp_path):
    torch = pytest.importorskip("torch")
    from earmark_research.key.train import KeyNet, answers, save

    torch.manual_seed(0)
    nets = [KeyNet().eval(), KeyNet().eval()]
    with torch.no_grad():
        for net in nets:
            for weights in net.parameters():
                weights.copy_(weights.half().float())
    save(nets, np.array([1.0, 0.0, 0.0]), tmp_path / "head.npz")
    P = semitones(chroma(cadence(3)), 0.0)
    logits = read_head(tmp_path / "head.npz").logits(P, np.array([[0, len(P)]]))
    np.testing.assert_allclose(logits, answers(nets, [(P, 3)]), atol=1e-3)


def test_composed_music_is_in_the_key_it_says():
    from earmark_research.music.harmony import compose

    right = 0
    for seed in range(24):
        y, number = compose(np.random.default_rng(10_000 + seed), key=seed)
        assert number == seed
        result = key(y)
        right += result.tonic is not None and closeness()[number, key_number(result.tonic, result.mode)]
    assert right / 24 > 0.65
