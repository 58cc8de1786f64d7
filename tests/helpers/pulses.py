"""Spectrograms and sounds of pulses whose tempo, beats and bars are known exactly."""

import numpy as np

from earmark.audio.config import DEFAULT_FEATURES

RATE = DEFAULT_FEATURES.frame_rate  # 62.5 Hz
SR = DEFAULT_FEATURES.sr


def hits(times: np.ndarray, seconds: float, loud: np.ndarray | float = 1.0, bands: slice = slice(0, 96)) -> np.ndarray:
    """Spectrogram of short hits: float32 [n_frames, 96]; `loud` scales each of them."""
    S = np.zeros((int(seconds * RATE), 96), np.float32)
    for at, level in zip(times * RATE, np.broadcast_to(loud, len(times)), strict=True):
        for frame in range(int(at) - 1, int(at) + 3):
            if 0 <= frame < len(S):
                height = 4 * level * max(0.0, 1 - abs(frame - at) / 1.6)
                S[frame, bands] = np.maximum(S[frame, bands], height)
    return S


def clicks(bpm: float, seconds: float = 15.0) -> np.ndarray:
    """Spectrogram of equal hits, the first at 0.3 s: float32 [n_frames, 96]."""
    return hits(np.arange(0.3, seconds - 0.1, 60 / bpm), seconds)


def pattern(bpm: float, accents: list[float], seconds: float = 24.0) -> np.ndarray:
    """A bar of hits, repeated: `accents` on the beats, bass on the first, soft hits half way between."""
    beats = np.arange(0.3, seconds - 0.1, 60 / bpm)
    loud = np.resize(accents, len(beats))
    low = hits(beats[:: len(accents)], seconds, bands=slice(0, 10))
    return hits(beats, seconds, loud) + low + hits(beats[:-1] + 30 / bpm, seconds, 0.15)


def click_sound(bpm: float, seconds: float = 15.0) -> np.ndarray:
    """Sound of equal clicks, the first at 0.3 s: float32 [n_samples] at 16 kHz."""
    y = np.zeros(int(SR * seconds), np.float32)
    for at in np.arange(0.3, seconds - 0.1, 60 / bpm):
        y[int(at * SR) : int(at * SR) + 400] += np.hanning(400) * np.sin(np.arange(400) * 0.6)
    return y
