"""Loudness as a descriptor; how it is measured is tested in tests/audio/test_loudness.py."""

from dataclasses import replace

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.earprint import Earprint
from earmark.audio.loudness import Loudness, LoudnessMeter
from earmark.descriptors.loudness import estimate, from_dict, line


def measure(y: np.ndarray) -> Loudness:
    """Of mono sound at 48 kHz."""
    meter = LoudnessMeter(48_000, 1)
    meter.push(y[None].astype(np.float32))
    return meter.result()


def test_it_is_that_of_the_earprint():
    loudness = measure(0.1 * np.sin(2 * np.pi * 1000 * np.arange(48_000 * 4) / 48_000))
    S = np.zeros((250, 96), np.float32)

    assert estimate(Earprint(S, DEFAULT_FEATURES, 4.0, "id", loudness=loudness)) is loudness
    assert estimate(Earprint(S, DEFAULT_FEATURES, 4.0, "id")) is None


def test_its_line():
    """A sine of -20 dBFS at 1 kHz in one channel has -23 LUFS."""
    loudness = measure(0.1 * np.sin(2 * np.pi * 1000 * np.arange(48_000 * 4) / 48_000))

    assert line(loudness) == "-23.0 LUFS, range 0.0 LU, true peak -20.0 dBTP"
    assert line(replace(loudness, range_lu=None)) == "-23.0 LUFS, true peak -20.0 dBTP"
    assert line(measure(np.zeros(48_000))) == line(measure(np.zeros(480))) == "silence"
    assert line(measure(0.1 * np.hanning(4800) * np.sin(np.arange(4800)))) == "too short to say, true peak -20.0 dBTP"


def test_it_survives_its_dictionary():
    loudness = measure(np.random.default_rng(0).normal(0, 0.1, 48_000 * 4))

    assert from_dict(loudness.to_dict()) == loudness
    with pytest.raises(TypeError, match="colour"):
        from_dict(loudness.to_dict() | {"colour": 1})
