"""Log-mel spectrogram -> onset strength: where notes and strokes begin, in a few frequency bands."""

import numpy as np

BAND_EDGES = (0, 6, 14, 26, 44, 66, 96)  # mel bands of the 96-band front end: bass ... treble
FLUX_LAG = 2  # frames between the spectra that are compared: one analysis window
MEAN_SECONDS = 1.0  # length of the running mean that is subtracted
BLOCK = 4096  # frames differenced at once: memory stays small for long tracks


def onset_strength(S: np.ndarray, frame_rate: float) -> np.ndarray:
    """Spectral flux of six groups of mel bands, less its running mean.

    Parameters
    ----------
    S : float32 [n_frames, n_mels], log-mel
    frame_rate : frames a second

    Returns
    -------
    float32 [n_frames, 6], bass to treble, never negative; all zero where nothing rises.

    Source: SuperFlux (Böck & Widmer 2013): comparing with the maximum over neighbouring bands keeps vibrato from
    counting as onsets.
    """
    from scipy.ndimage import uniform_filter1d  # imported late: not for `earmark --help`

    groups = _group_bands(S.shape[1])
    flux = np.zeros((len(S), groups.shape[1]), np.float32)
    for start in range(FLUX_LAG + 1, len(S), BLOCK):  # half of frame 0 is padding, whatever the track begins with
        stop = min(start + BLOCK, len(S))
        flux[start:stop] = _rectify_difference(S[start:stop], S[start - FLUX_LAG : stop - FLUX_LAG]) @ groups
    mean = uniform_filter1d(flux, max(3, round(MEAN_SECONDS * frame_rate)), axis=0, mode="nearest")
    return np.maximum(0, flux - mean)


def _rectify_difference(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Rise over the maximum of the same and both neighbouring bands `FLUX_LAG` frames ago: float32 [n, n_mels]."""
    past = before.copy()
    np.maximum(past[:, 1:], before[:, :-1], out=past[:, 1:])
    np.maximum(past[:, :-1], before[:, 1:], out=past[:, :-1])
    np.subtract(now, past, out=past)
    return np.maximum(past, 0, out=past)


def _group_bands(n_mels: int) -> np.ndarray:
    """The matrix that averages mel bands into groups: float32 [n_mels, 6]. The edges scale with n_mels."""
    edges = [round(edge * n_mels / BAND_EDGES[-1]) for edge in BAND_EDGES]
    groups = np.zeros((n_mels, len(edges) - 1), np.float32)
    for band, (low, high) in enumerate(zip(edges, edges[1:], strict=False)):
        groups[low:high, band] = 1 / max(1, high - low)
    return groups
