"""Spectrograms whose beats anybody can see."""

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES
from earmark_research.tempo.examples import Example

RATE = DEFAULT_FEATURES.frame_rate


@pytest.fixture
def spiked():
    """Frames that light up exactly on the beats, for a tempo in BPM."""

    def make(bpm: float, seconds: float = 20.0) -> Example:
        beats = np.arange(1.0, seconds - 0.5, 60 / bpm)
        S = np.zeros((int(seconds * RATE), 96), np.uint8)
        S[np.round(beats * RATE).astype(int)] = 120
        return Example(S, beats, beats[::4])

    return make
