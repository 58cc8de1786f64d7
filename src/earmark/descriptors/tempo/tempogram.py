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
    """The periodicity of a pulse curve in overlapping windows, on BPM_GRID.

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

    def average(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean `lags` [4, n_tempi] and `spectrum` [5, n_tempi] of the track; windows with more energy weigh more."""
        weight = np.sqrt(self.energy) / (np.sqrt(self.energy).sum() + 1e-12)
        return np.tensordot(weight, self.lags, 1), np.tensordot(weight, self.spectrum, 1)


def compute_tempogram(pulse: np.ndarray, frame_rate: float) -> Tempogram:
    """Autocorrelation and Fourier tempogram of windows that overlap by half.

    Parameters
    ----------
    pulse : float32 [n_frames], at least two; high where something starts
    frame_rate : frames a second

    Source: Grosche & Müller 2011, "Extracting predominant local pulse information from music recordings" (the Fourier
    tempogram); Peeters 2007, "Template-based estimation of time-varying tempo" (both, joined).
    """
    starts, window = place_windows(len(pulse), frame_rate)
    chunks = [_analyse_windows(pulse, starts[i : i + CHUNK], window, frame_rate) for i in range(0, len(starts), CHUNK)]
    lags, spectrum, energy = (np.concatenate(parts) for parts in zip(*chunks, strict=True))
    return Tempogram(starts, window, lags, spectrum, energy)


def place_windows(n_frames: int, frame_rate: float) -> tuple[np.ndarray, int]:
    """First frames of windows that overlap by half and reach the end, int [n_windows], and their length in frames."""
    window = min(n_frames, round(WINDOW_SECONDS * frame_rate))
    return np.unique(np.append(np.arange(0, n_frames - window, max(1, window // 2)), n_frames - window)), window


def cut_windows(curve: np.ndarray, starts: np.ndarray, window: int) -> np.ndarray:
    """The windows of a curve at `starts`, each less its mean: float32 [n_windows, window]."""
    x = curve[starts[:, None] + np.arange(window)].astype(np.float32)
    x -= x.mean(axis=1, keepdims=True)
    return x


def _analyse_windows(pulse: np.ndarray, starts: np.ndarray, window: int, frame_rate: float) -> tuple[np.ndarray, ...]:
    """`lags`, `spectrum` and `energy` of the windows at `starts`."""
    import scipy.fft

    x = cut_windows(pulse, starts, window)
    n_fft = scipy.fft.next_fast_len(2 * window, real=True)
    lag_points = [60 * frame_rate / BPM_GRID * k for k in LAG_MULTIPLES]
    bins = [BPM_GRID / 60 / frame_rate * 4 * n_fft * h for h in HARMONICS]
    lags = _interpolate(_autocorrelate(x, n_fft), np.array(lag_points))
    return lags, _interpolate(transform(x, 4 * n_fft), np.array(bins)), (x**2).mean(axis=1)


def _autocorrelate(x: np.ndarray, n_fft: int) -> np.ndarray:
    """Autocorrelation of windows [n, window], 1 at lag 0: float32 [n, window]."""
    import scipy.fft

    window = x.shape[1]
    power = np.abs(scipy.fft.rfft(x, n_fft, axis=1)) ** 2
    correlation = scipy.fft.irfft(power, n_fft, axis=1)[:, :window]
    taper = np.maximum(1 - np.arange(window) / window, 0.15).astype(np.float32)  # fewer pairs at long lags
    correlation /= taper * np.maximum(correlation[:, :1], 1e-12)
    return correlation


def transform(x: np.ndarray, n_fft: int) -> np.ndarray:
    """Fourier magnitude of windows [n, window], Hann, root mean square 1: float32 [n, n_fft // 2 + 1]."""
    import scipy.fft

    magnitude = np.abs(scipy.fft.rfft(x * np.hanning(x.shape[1]).astype(np.float32), n_fft, axis=1))
    magnitude /= np.sqrt((magnitude**2).mean(axis=1, keepdims=True)) + 1e-9
    return magnitude


def _interpolate(curves: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Linear interpolation of curves [n, length] at points [k, n_tempi]: float32 [n, k, n_tempi]; 0 beyond the end."""
    low = np.minimum(points.astype(int), curves.shape[1] - 2)
    rest = (points - low).astype(np.float32)
    inside = points <= curves.shape[1] - 1
    return (curves[:, low] * (1 - rest) + curves[:, low + 1] * rest) * inside


def compute_salience(lags: np.ndarray, spectrum: np.ndarray) -> np.ndarray:
    """How well each tempo describes the pulse, before any prior over tempi: float [n_tempi], at least 0.

    Parameters
    ----------
    lags, spectrum : float [4, n_tempi] and [5, n_tempi], of one window or averaged over several

    Source: Peeters 2007. The autocorrelation cannot separate a tempo from its half, the spectrum not from its double;
    their product can.
    """
    repeats = np.maximum(lags, 0)
    return repeats.mean(axis=0) * (spectrum[1] + 0.5 * spectrum[2]) * weigh_octaves(lags, spectrum)


def weigh_octaves(lags: np.ndarray, spectrum: np.ndarray) -> np.ndarray:
    """A weight against octave errors: 1 for a tempo that fits the pulse, towards 0 for one that does not.

    Low are a period after which the pulse does not repeat, though it does after several of them (twice the tempo of
    bare clicks), and a frequency that is absent, though its multiples are there (half the tempo of bare clicks).

    Parameters
    ----------
    lags, spectrum : as for `compute_salience`

    Returns
    -------
    float [n_tempi], 0 to 1
    """
    repeats = np.maximum(lags, 0)
    direct = np.minimum(1, repeats[0] / (0.2 * repeats.max(axis=0) + 1e-9))
    distinct = np.minimum(1, spectrum[1] / (0.1 * spectrum[2:].max(axis=0) + 1e-9))
    return direct * distinct
