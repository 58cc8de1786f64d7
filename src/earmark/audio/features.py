"""Waveform -> log-mel spectrogram, in NumPy and SciPy: the one implementation for training and for serving."""

from functools import lru_cache

import numpy as np

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.errors import AudioError

BLOCK_FRAMES = 256  # frames transformed at once: the block stays in the processor's cache
GROUP = 32  # mel bands that are added up at once, each group over its own bins


def log_mel(y: np.ndarray, cfg: FeatureConfig = DEFAULT_FEATURES) -> np.ndarray:
    """Log-compressed mel spectrogram of one mono signal.

    Parameters
    ----------
    y : float32 [n_samples], mono at ``cfg.sr`` Hz, full scale 1.0

    Returns
    -------
    float32 [n_frames, n_mels], n_frames = 1 + n_samples // hop_length. Frame t is centred on t * hop_length / sr
    seconds; beyond both ends lies silence. With the default compression silence is exactly 0.

    Raises
    ------
    AudioError : y is empty, not mono, not float32 or not finite

    Source: librosa's ``feature.melspectrogram`` (periodic Hann, Slaney mel scale and norm, power 2), equal to 1e-4;
    compression as in musicnn (Pons & Serra 2019) and deepsound.
    """
    check_signal(y)
    import scipy.fft  # 0.1 s: not for `earmark --help`

    window, groups = _window(cfg.n_fft), _mel_groups(cfg)
    n_frames = 1 + len(y) // cfg.hop_length
    out = np.empty((n_frames, cfg.n_mels), np.float32)
    for start in range(0, n_frames, BLOCK_FRAMES):
        block = frames_of(y, start, min(start + BLOCK_FRAMES, n_frames), cfg.n_fft, cfg.hop_length) * window
        spectrum = scipy.fft.rfft(block, overwrite_x=True)
        power = spectrum.real**2 + spectrum.imag**2  # [n_block, 1 + n_fft / 2]
        for bands, bins, filters in groups:
            np.matmul(power[:, bins], filters, out=out[start : start + len(power), bands])
        _compress(out[start : start + len(power)], cfg)
    return out


def check_signal(y: np.ndarray) -> None:
    """Raise AudioError unless y is a finite, mono, float32 signal of at least one sample."""
    if y.ndim != 1:
        raise AudioError("signal", f"expected mono, got shape {y.shape}", "Average the channels first.")
    if y.dtype != np.float32:
        raise AudioError("signal", f"expected float32, got {y.dtype}", "Convert it with full scale 1.0.")
    if y.size == 0:
        raise AudioError("signal", "no samples", "Give at least one sample.")
    if not np.isfinite(y.sum(dtype=np.float64)):  # a NaN or an infinity anywhere stays one in the sum
        raise AudioError("signal", "NaN or infinite samples", "Decode or clean the signal again.")


def frames_of(y: np.ndarray, start: int, stop: int, n_fft: int, hop_length: int) -> np.ndarray:
    """Frames start ... stop - 1 of y [n_samples], frame t centred on sample t * hop_length: [stop - start, n_fft].

    Beyond both ends of y lies silence. A view: only what these frames need is copied, and only where they touch an end.
    """
    first = start * hop_length - n_fft // 2
    last = (stop - 1) * hop_length - n_fft // 2 + n_fft
    part = y[max(first, 0) : max(last, 0)]
    before = max(-first, 0)
    after = last - first - before - len(part)
    if before or after:
        part = np.pad(part, (before, after))
    return np.lib.stride_tricks.sliding_window_view(part, n_fft)[::hop_length]


def _compress(mel: np.ndarray, cfg: FeatureConfig) -> None:
    """Compress the energies of bands, in place."""
    if cfg.compression == "ln_floor_1e-6":
        np.log(np.maximum(mel, 1e-6, out=mel), out=mel)
        return
    mel *= 1e4
    mel += 1
    np.log10(mel, out=mel)


@lru_cache(maxsize=8)
def _window(n_fft: int) -> np.ndarray:
    """Periodic Hann window, float32 [n_fft]."""
    return (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(n_fft) / n_fft)).astype(np.float32)


@lru_cache(maxsize=8)
def _mel_filters(cfg: FeatureConfig) -> np.ndarray:
    """Triangular filters of unit area, float32 [n_mels, 1 + n_fft / 2]. Source: Slaney 1998, Auditory Toolbox."""
    edges = mel_frequencies(cfg.n_mels + 2, cfg.fmin, cfg.fmax)  # Hz
    bins = np.linspace(0, cfg.sr / 2, 1 + cfg.n_fft // 2)
    rising = (bins - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins) / np.diff(edges)[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


@lru_cache(maxsize=8)
def _mel_groups(cfg: FeatureConfig) -> list[tuple[slice, slice, np.ndarray]]:
    """(bands, bins, filters [n_bins, n_bands]) of a few groups of bands: a group's filters are 0 outside its bins."""
    filters, groups = _mel_filters(cfg), []
    for first in range(0, cfg.n_mels, GROUP):
        part = filters[first : first + GROUP]
        used = np.flatnonzero(part.any(axis=0))
        bins = slice(int(used[0]), int(used[-1]) + 1) if used.size else slice(0, 1)
        groups.append((slice(first, first + len(part)), bins, np.ascontiguousarray(part[:, bins].T)))
    return groups


def mel_frequencies(n: int, fmin: float, fmax: float) -> np.ndarray:
    """n frequencies from fmin to fmax, Hz, evenly spaced on Slaney's mel scale: float64 [n].

    The scale is linear below 1 kHz (3 mel for 200 Hz) and logarithmic above (27 mel for a factor of 6.4).
    """
    low, high = (_hz_to_mel(f) for f in (fmin, fmax))
    mels = np.linspace(low, high, n)
    return np.where(mels < 15, mels * 200 / 3, 1000 * np.exp((mels - 15) * np.log(6.4) / 27))


def _hz_to_mel(hz: float) -> float:
    return hz * 3 / 200 if hz < 1000 else 15 + 27 * np.log(hz / 1000) / np.log(6.4)
