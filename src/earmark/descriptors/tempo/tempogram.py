"""A pulse curve -> how strongly every tempo between 30 and 300 BPM is present, window by window."""

from dataclasses import dataclass

import numpy as np

BPM_MIN, BPM_MAX = 30.0, 300.0
STEP = 1.01  # ratio between neighbours on the grid of tempi; peaks are interpolated between them
BPM_GRID = BPM_MIN * STEP ** np.arange(int(np.log(BPM_MAX / BPM_MIN) / np.log(STEP)) + 1)  # [232]
WINDOW_SECONDS = 16.4  # 8 beats at 30 BPM
LAG_MULTIPLES = (1, 2, 3, 4)  # beats that the comb over the autocorrelation spans
HARMONICS = (0.5, 1.0, 2.0, 3.0, 4.0)  # of the tempo's frequency, read from the Fourier tempogram
CHUNK = 32  # windows transformed at once


@dataclass(frozen=True)
class Tempogram:
    """What the windows of a track say about its tempo, on BPM_GRID.

    Attributes
    ----------
    starts : int [n_windows], first frame of each window
    window : frames a window
    lags : float32 [n_windows, 4, n_tempi], autocorrelation at 1 ... 4 beats, 1 for perfect repetition
    spectrum : float32 [n_windows, 5, n_tempi], Fourier magnitude at HARMONICS of the tempo, 1 on average
    energy : float32 [n_windows], variance of the pulse curve
    """

    starts: np.ndarray
    window: int
    lags: np.ndarray
    spectrum: np.ndarray
    energy: np.ndarray


def tempogram(pulse: np.ndarray, frame_rate: float) -> Tempogram:
    """Autocorrelation and Fourier tempogram of windows that overlap by half.

    Parameters
    ----------
    pulse : float32 [n_frames], high where something starts
    frame_rate : frames a second
    """
    window = min(len(pulse), round(WINDOW_SECONDS * frame_rate))
    starts = np.unique(np.append(np.arange(0, len(pulse) - window, max(1, window // 2)), len(pulse) - window))
    chunks = [_analyse(pulse, starts[i : i + CHUNK], window, frame_rate) for i in range(0, len(starts), CHUNK)]
    lags, spectrum, energy = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    return Tempogram(starts, window, lags, spectrum, energy)


def _analyse(pulse: np.ndarray, starts: np.ndarray, window: int, frame_rate: float) -> tuple[np.ndarray, ...]:
    """`lags`, `spectrum` and `energy` of some windows."""
    import scipy.fft

    x = pulse[starts[:, None] + np.arange(window)].astype(np.float32)
    x -= x.mean(axis=1, keepdims=True)
    energy = (x**2).mean(axis=1)
    n_fft = scipy.fft.next_fast_len(2 * window, real=True)
    power = np.abs(scipy.fft.rfft(x, n_fft, axis=1)) ** 2
    correlation = scipy.fft.irfft(power, n_fft, axis=1)[:, :window]
    taper = np.maximum(1 - np.arange(window) / window, 0.15).astype(np.float32)  # fewer pairs at long lags
    correlation /= taper * np.maximum(correlation[:, :1], 1e-12)
    magnitude = np.abs(scipy.fft.rfft(x * np.hanning(window).astype(np.float32), 4 * n_fft, axis=1))
    magnitude /= np.sqrt((magnitude**2).mean(axis=1, keepdims=True)) + 1e-9
    lag_points = [60 * frame_rate / BPM_GRID * k for k in LAG_MULTIPLES]
    bins = [BPM_GRID / 60 / frame_rate * 4 * n_fft * h for h in HARMONICS]
    return _read(correlation, np.array(lag_points)), _read(magnitude, np.array(bins)), energy


def _read(curves: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Linear interpolation of curves [n, length] at points [k, n_tempi]: float32 [n, k, n_tempi]; 0 beyond the end."""
    low = np.minimum(points.astype(int), curves.shape[1] - 2)
    rest = (points - low).astype(np.float32)
    inside = points <= curves.shape[1] - 1
    return (curves[:, low] * (1 - rest) + curves[:, low + 1] * rest) * inside


def averages(tg: Tempogram) -> tuple[np.ndarray, np.ndarray]:
    """`lags` and `spectrum` over the track; windows in which little happens count less."""
    weight = np.sqrt(tg.energy) / (np.sqrt(tg.energy).sum() + 1e-12)
    return np.tensordot(weight, tg.lags, 1), np.tensordot(weight, tg.spectrum, 1)


def salience(lags: np.ndarray, spectrum: np.ndarray) -> np.ndarray:
    """How good a description of the pulse each tempo is, before the listener's prior: float [n_tempi].

    Parameters
    ----------
    lags, spectrum : [4, n_tempi] and [5, n_tempi], of one window or averaged over several

    The product of the autocorrelation (blind to the octave below) and the spectrum (blind to the octave above)
    leaves the true level; source: Peeters 2007.
    """
    repeats = np.maximum(lags, 0)
    return repeats.mean(axis=0) * (spectrum[1] + 0.5 * spectrum[2]) * possible(lags, spectrum)


def possible(lags: np.ndarray, spectrum: np.ndarray) -> np.ndarray:
    """1 for a tempo that the pulse allows, towards 0 for one that it rules out: float [n_tempi].

    Ruled out are a period after which nothing ever returns, though it does after several of them (twice the tempo of
    bare clicks), and a frequency that is absent, though its multiples are there (half the tempo of bare clicks).
    """
    repeats = np.maximum(lags, 0)
    direct = np.minimum(1, repeats[0] / (0.2 * repeats.max(axis=0) + 1e-9))
    distinct = np.minimum(1, spectrum[1] / (0.1 * spectrum[2:].max(axis=0) + 1e-9))
    return direct * distinct
