"""Building blocks of sound: partials that die away, wave tables, envelopes, filters, reverb. NumPy and SciPy only.

Random numbers come from `np.random.RandomState`, whose stream NumPy has frozen, so a piece sounds the same everywhere.
"""

from functools import lru_cache

import numpy as np
from scipy import signal

SR = 44_100  # Hz, of all that is composed here
BLOCK = 256  # samples, of the two-step exponentials in `ringing`
TABLE = 2048  # points of one period


def times(seconds: float) -> np.ndarray:
    """Sample times in seconds, float64 [n_samples]."""
    return np.arange(round(seconds * SR)) / SR


def ringing(hz, gains, fading, seconds: float) -> np.ndarray:
    """Sum of sines, each dying away by itself: strings, bars, bells, drum heads.

    Parameters
    ----------
    hz : [n_partials] frequencies; those too near half the sampling rate are left out
    gains : [n_partials]
    fading : [n_partials] or scalar, seconds to fall to 1/e

    Returns
    -------
    float64 [n_samples]. exp(s * (B * block + i)) is a product of two exponentials, so the whole sum is a product of two
    small matrices.
    """
    hz, gains, fading = np.broadcast_arrays(np.asarray(hz, float), gains, fading)
    kept = (hz < 0.45 * SR) & (np.abs(gains) > 1e-5)
    n = round(seconds * SR)
    s = (2j * np.pi * hz[kept] - 1 / fading[kept]) / SR
    starts = -1j * gains[kept] * np.exp(np.arange(-(-n // BLOCK))[:, None] * BLOCK * s)  # -1j: begin at zero
    within = np.exp(s[:, None] * np.arange(BLOCK))
    return (starts.real @ within.real - starts.imag @ within.imag).ravel()[:n]


def wave_table(gains: np.ndarray) -> np.ndarray:
    """One period of harmonics 1, 2, ... with these gains, float64 [TABLE + 1], the first point repeated at the end."""
    spectrum = np.zeros(TABLE // 2 + 1, complex)
    n = min(len(gains), TABLE // 4)
    spectrum[1 : n + 1] = -0.5j * TABLE * gains[:n]
    period = np.fft.irfft(spectrum)
    return np.append(period, period[0])


def read_table(table: np.ndarray, cycles: np.ndarray) -> np.ndarray:
    """The table [TABLE + 1] at phases `cycles` (not negative, 1.0 is one period), linearly interpolated."""
    position = cycles * TABLE
    i = position.astype(np.int64)
    position -= i
    i &= TABLE - 1  # several times as fast as the remainder of a float
    here = table[i]
    return here + position * (table[i + 1] - here)


def vibrato(hz: float, t: np.ndarray, rate: float = 5.0, cents: float = 0.0, delay: float = 0.2) -> np.ndarray:
    """Phase in cycles at times t [n], s, of a tone whose pitch swings by up to `cents` at `rate` Hz: float64 [n]."""
    if cents == 0:
        return hz * t
    depth = (2 ** (cents / 1200) - 1) * np.clip((t - delay) / 0.4, 0, 1)
    return hz * (t + depth * np.sin(2 * np.pi * rate * t) / (2 * np.pi * rate))


def harmonics(hz: float, most: int = 300) -> np.ndarray:
    """Frequencies of the harmonics below 0.45 of the sampling rate, [n], at least one."""
    return hz * np.arange(1, max(2, min(most, int(0.45 * SR / hz)) + 1))


def lowpass_gain(hz: np.ndarray, cutoff: float, order: int = 2, resonance: float = 0.0) -> np.ndarray:
    """Gain at `hz` [n] of a Butterworth-like low-pass with a hump of `resonance` at `cutoff` Hz: [n]."""
    return (1 + (hz / cutoff) ** (2 * order)) ** -0.5 + resonance * np.exp(-((np.log2(hz / cutoff) / 0.3) ** 2))


def envelope(t: np.ndarray, held: float, attack: float, release: float, sustain: float = 1.0, decay: float = 0.1):
    """Attack to 1, decay to `sustain`, held until `held` seconds, then released to 0; all times in seconds.

    float64 [n], like the times t [n].
    """
    held = max(held, attack + 1e-3)
    points = [0, attack, min(attack + decay, held), held, held + release]
    reached = 1 - (1 - sustain) * min(1.0, (held - attack) / decay)
    return np.interp(t, points, [0, 1, reached, reached, 0])


def noise(n: int, seed: int) -> np.ndarray:
    """White noise within -1..1, float64 [n]."""
    return np.random.RandomState(seed).uniform(-1, 1, n)


@lru_cache(maxsize=64)
def _filter(low: float, high: float, order: int) -> np.ndarray:
    if low and high:
        return signal.butter(order, (low, high), "bandpass", fs=SR, output="sos")
    return signal.butter(order, low or high, "highpass" if low else "lowpass", fs=SR, output="sos")


def band(y: np.ndarray, low: float = 0, high: float = 0, order: int = 2) -> np.ndarray:
    """`y` [n] or [2, n] between `low` and `high` Hz; 0 leaves that side open."""
    return signal.sosfilt(_filter(low, high, order), y)


# ---------------------------------------------------------------- effects


def drive(y: np.ndarray, amount: float, low: float = 80, high: float = 4500) -> np.ndarray:
    """`y` [n] through an overdriven amplifier and its loudspeaker, which passes `low` to `high` Hz: [n].

    `amount` is the gain over the loudest sample's level.
    """
    y = band(y, low=low, order=1)
    return band(np.tanh(amount * y / (np.abs(y).max() + 1e-9)), low, high)


def echo(y: np.ndarray, seconds: float, feedback: float = 0.4, repeats: int = 4) -> np.ndarray:
    """`y` [n] with repeats of itself, each duller in level; as long as before."""
    out, lag = y.copy(), round(seconds * SR)
    for k in range(1, repeats + 1):
        if k * lag < len(y):
            out[k * lag :] += feedback**k * y[: -k * lag]
    return out


def chorus(y: np.ndarray, depth: float = 0.003, rate: float = 0.6) -> np.ndarray:
    """`y` [n] spread to [2, n] by copies whose delay (`depth` seconds) sways, left against right."""
    t = np.arange(len(y))
    sway = np.sin(2 * np.pi * rate * t / SR)
    sides = [np.interp(t - depth * SR * (1.5 + side * sway), t, y) for side in (-1, 1)]
    return np.stack([0.6 * y + 0.6 * side for side in sides])


def ducked(y: np.ndarray, beat: float, depth: float = 0.7) -> np.ndarray:
    """`y` [n] pushed down at every `beat` seconds and let up again: the pumping of dance music."""
    phase = (np.arange(len(y)) / SR / beat) % 1
    return y * (1 - depth * np.exp(-4 * phase))


@lru_cache(maxsize=8)
def _room(seconds: float) -> np.ndarray:
    """Impulse response of a room, [2, n]: noise that fades by 60 dB in `seconds`, its highs twice as fast."""
    n = round(seconds * SR)
    t = np.arange(n) / SR
    white = np.random.RandomState(7).uniform(-1, 1, (2, n))
    room = band(white, high=2500, order=1) * np.exp(-6.9 * t / seconds) + 0.5 * white * np.exp(-13.8 * t / seconds)
    room[:, : round(0.012 * SR)] = 0  # the first wall is four metres away
    return room / np.sqrt((room**2).sum(axis=1, keepdims=True))


def reverb(y: np.ndarray, seconds: float) -> np.ndarray:
    """The reverberation of `y` [n] in a room of `seconds` (until 60 dB less): [2, n], without `y` itself."""
    return signal.oaconvolve(y[None], _room(seconds), axes=1)[:, : len(y)]
