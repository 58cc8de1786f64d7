"""Chroma: which pitches sound, a few times a second, in thirds of a semitone over five octaves.

Spectral peaks are taken from short windows (256 ms), because a long window blurs chords together and vibrato apart, and
are placed by parabolic interpolation, which is finer than the window's own resolution. The octaves are kept apart: the
bass matters more for the key than its energy alone would make it. `fold` adds them up where twelve numbers are wanted.

The result is small (about 470 numbers a second, half of them 0) and is stored in the earprint, so that a better key
head can be run later without the audio.
"""

from dataclasses import dataclass

import numpy as np

from earmark.audio.config import Settings
from earmark.audio.features import check_signal, frames_of

BINS_PER_SEMITONE = 3
A4 = 440.0
MIN_MAGNITUDE = 1e-4  # a partial below -80 dBFS is no evidence; hand-set
BLOCK = 128  # STFT frames at once: the working memory stays near 2 MB


def hertz(midi: float | np.ndarray) -> float | np.ndarray:
    """The frequency, Hz, of a pitch on the MIDI scale (A4 = 69, 440 Hz): a number, or an array of any shape."""
    return A4 * 2 ** ((midi - 69) / 12)


@dataclass(frozen=True, slots=True)
class ChromaConfig(Settings):
    """How `chroma` was made; travels with the array.

    Attributes
    ----------
    sr : sampling rate, Hz
    n_fft, hop_length : samples
    frames_per_step : STFT frames averaged into one row
    lowest : MIDI number of the lowest semitone, 33 is A1, 55 Hz
    n_octaves : octaves above `lowest`
    version : raised whenever the same audio would give another array
    """

    sr: int = 16_000
    n_fft: int = 4096
    hop_length: int = 2048
    frames_per_step: int = 3
    lowest: int = 33
    n_octaves: int = 5
    version: int = 1

    @property
    def frame_rate(self) -> float:
        """Rows a second."""
        return self.sr / (self.hop_length * self.frames_per_step)

    @property
    def n_bins(self) -> int:
        """Columns: 36 an octave."""
        return 12 * BINS_PER_SEMITONE * self.n_octaves


DEFAULT_CHROMA = ChromaConfig()


def chroma(y: np.ndarray, cfg: ChromaConfig = DEFAULT_CHROMA) -> np.ndarray:
    """Mean magnitude of the spectral peaks in each third of a semitone.

    Parameters
    ----------
    y : float32 [n_samples], mono at ``cfg.sr`` Hz, full scale 1.0

    Returns
    -------
    float16 [n_steps, cfg.n_bins]; bin b is ``cfg.lowest + b / 3`` on the MIDI scale (A4 = 440 Hz), a full-scale sine
    is 1. Silence is exactly 0. At least one row.

    Raises
    ------
    AudioError : y is empty, not mono, not float32 or not finite
    """
    check_signal(y)
    n_frames = 1 + len(y) // cfg.hop_length
    rows = np.zeros((-(-n_frames // cfg.frames_per_step), cfg.n_bins), np.float32)
    for start in range(0, n_frames, BLOCK * cfg.frames_per_step):
        stop = min(start + BLOCK * cfg.frames_per_step, n_frames)
        first, count = start // cfg.frames_per_step, -(-(stop - start) // cfg.frames_per_step)
        rows[first : first + count] = _gram(frames_of(y, start, stop, cfg.n_fft, cfg.hop_length), count, cfg)
    return rows.astype(np.float16)


def _gram(frames: np.ndarray, n_rows: int, cfg: ChromaConfig) -> np.ndarray:
    """Frames [n, n_fft] -> [n_rows, n_bins]: each peak is split between its two nearest bins."""
    t, hz, magnitude = _peaks(frames, cfg)
    place = (69 + 12 * np.log2(hz / A4) - cfg.lowest) * BINS_PER_SEMITONE
    low = np.floor(place).astype(np.int64)
    upper = (place - low) * magnitude
    row = t // cfg.frames_per_step
    gram = np.zeros(n_rows * cfg.n_bins, np.float64)
    for bins, weight in ((low, magnitude - upper), (low + 1, upper)):
        inside = (bins >= 0) & (bins < cfg.n_bins)
        gram += np.bincount(row[inside] * cfg.n_bins + bins[inside], weight[inside], gram.size)
    return gram.reshape(n_rows, cfg.n_bins) / cfg.frames_per_step


def _peaks(frames: np.ndarray, cfg: ChromaConfig) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Local maxima of the magnitude spectrum: frame index, frequency in Hz, magnitude (full-scale sine: 1)."""
    import scipy.fft

    lowest = hertz(cfg.lowest - 1)
    lo = int(lowest * cfg.n_fft / cfg.sr)
    hi = int(lowest * 2 ** (cfg.n_octaves + 2 / 12) * cfg.n_fft / cfg.sr)
    taper = np.hanning(cfg.n_fft).astype(np.float32)
    taper *= 2 / taper.sum()
    spectrum = scipy.fft.rfft(frames * taper, axis=1, overwrite_x=True)[:, lo - 1 : hi + 1]
    E = spectrum.real**2 + spectrum.imag**2
    middle = E[:, 1:-1]
    is_peak = (middle > E[:, :-2]) & (middle >= E[:, 2:]) & (middle > MIN_MAGNITUDE**2)
    is_peak &= middle > _surroundings(E, cfg)
    t, k = np.divmod(np.flatnonzero(is_peak), middle.shape[1])
    left, centre, right = (0.5 * np.log(E[t, k + i] + 1e-24) for i in range(3))
    shift = 0.5 * (left - right) / (left - 2 * centre + right - 1e-9)
    return t, (k + lo + np.clip(shift, -0.5, 0.5)) * cfg.sr / cfg.n_fft, np.sqrt(E[t, k + 1])


def _surroundings(E: np.ndarray, cfg: ChromaConfig) -> np.ndarray:
    """Mean of the energies within 125 Hz of each bin: a peak below it is noise."""
    import scipy.ndimage

    half = int(125 * cfg.n_fft / cfg.sr)
    return scipy.ndimage.uniform_filter1d(E, 2 * half + 1, axis=1, mode="nearest")[:, 1:-1]


def tuning_cents(C: np.ndarray) -> float:
    """How far the music of chroma C [n_steps, n_bins] lies from A4 = 440 Hz, cents within [-50, 50).

    The circular mean over all bins; 0 for silence.
    """
    weight = C.sum(axis=0, dtype=np.float64)
    turn = np.exp(2j * np.pi * np.arange(len(weight)) / BINS_PER_SEMITONE)
    total = (weight * turn).sum()
    return float(np.angle(total) / (2 * np.pi) * 100) if abs(total) > 0 else 0.0


def semitones(C: np.ndarray, cents: float, cfg: ChromaConfig = DEFAULT_CHROMA) -> np.ndarray:
    """Chroma C [n_steps, n_bins] with a tuning of `cents` taken out: float32 [n_steps, n_octaves, 12], class 0 is C.

    A bin counts towards its nearest semitone with 1 - (2 * distance)^2, so energy between the semitones is ignored.
    """
    place = np.arange(C.shape[1]) / BINS_PER_SEMITONE - cents / 100
    nearest = np.round(place).astype(int)
    weight = 1 - (2 * (place - nearest)) ** 2
    project = np.zeros((C.shape[1], 12 * cfg.n_octaves), np.float32)
    inside = (nearest >= 0) & (nearest < 12 * cfg.n_octaves)
    project[np.flatnonzero(inside), nearest[inside]] = weight[inside]
    P = (C.astype(np.float32) @ project).reshape(len(C), cfg.n_octaves, 12)
    return np.roll(P, cfg.lowest % 12, axis=2)


def fold(C: np.ndarray, cfg: ChromaConfig = DEFAULT_CHROMA) -> np.ndarray:
    """The usual chromagram of chroma C [n_steps, n_bins]: float32 [n_steps, 12], pitch class 0 is C.

    Tuned, octaves summed, each row's largest value 1 (or all 0).
    """
    P = semitones(C, tuning_cents(C), cfg).sum(axis=1)
    return P / np.maximum(P.max(axis=1, keepdims=True), 1e-9)
