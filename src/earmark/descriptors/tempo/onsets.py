"""Log-mel spectrogram -> where notes and strokes begin: onset strength in six bands, and of the parts of a drum kit."""

import numpy as np

BAND_EDGES = (0, 6, 14, 26, 44, 66, 96)  # mel bands of the 96-band front end: bass ... treble
STROKES = {
    "kick": ((0, 4, 1.0),), "snare": ((4, 12, 0.5), (44, 66, 0.25), (66, 87, 0.25)), "hat": ((87, 96, 1.0),),
    "bass": ((0, 6, 1.0),), "treble": ((44, 66, 0.5), (66, 87, 0.5)), "whole": ((0, 96, 1.0),),
}  # fmt: skip
"""Name of a curve -> mel bands (from, to, weight) of which it is the mean; kick is below 140 Hz, hat above 6 kHz."""
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
    return measure_onsets(S, frame_rate)[0]


def measure_onsets(S: np.ndarray, frame_rate: float) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """`onset_strength`, and the same of the parts of a drum kit: name in STROKES -> float32 [n_frames].

    Both come from one pass over the spectrogram, which is what they cost.
    """
    from scipy.ndimage import uniform_filter1d  # imported late: not for `earmark --help`

    groups = np.concatenate([_group_bands(S.shape[1]), _group_strokes(S.shape[1])], axis=1)
    flux = np.zeros((len(S), groups.shape[1]), np.float32)
    for start in range(FLUX_LAG + 1, len(S), BLOCK):  # half of frame 0 is padding, whatever the track begins with
        stop = min(start + BLOCK, len(S))
        flux[start:stop] = _rectify_difference(S[start:stop], S[start - FLUX_LAG : stop - FLUX_LAG]) @ groups
    mean = uniform_filter1d(flux, max(3, round(MEAN_SECONDS * frame_rate)), axis=0, mode="nearest")
    above = np.maximum(0, flux - mean)
    n_bands = len(BAND_EDGES) - 1
    return above[:, :n_bands], dict(zip(STROKES, above[:, n_bands:].T, strict=True))


def _rectify_difference(now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Rise over the maximum of the same and both neighbouring bands `FLUX_LAG` frames ago: float32 [n, n_mels]."""
    past = before.copy()
    np.maximum(past[:, 1:], before[:, :-1], out=past[:, 1:])
    np.maximum(past[:, :-1], before[:, 1:], out=past[:, :-1])
    np.subtract(now, past, out=past)
    return np.maximum(past, 0, out=past)


def _group_bands(n_mels: int) -> np.ndarray:
    """The matrix that averages mel bands into groups: float32 [n_mels, 6]. The edges scale with n_mels."""
    groups = [((low, high, 1.0),) for low, high in zip(BAND_EDGES, BAND_EDGES[1:], strict=False)]
    return np.stack([_average_bands(parts, n_mels) for parts in groups], axis=1)


def _group_strokes(n_mels: int) -> np.ndarray:
    """The same for the parts of a drum kit: float32 [n_mels, 6], in the order of STROKES."""
    return np.stack([_average_bands(parts, n_mels) for parts in STROKES.values()], axis=1)


def _average_bands(parts: tuple[tuple[int, int, float], ...], n_mels: int) -> np.ndarray:
    """The weights of mel bands in a mean over parts of (from, to, weight): float32 [n_mels]."""
    weights = np.zeros(n_mels, np.float32)
    for low, high, weight in parts:
        first, last = scale_bands(low, high, n_mels)
        weights[first:last] = weight / max(1, last - first)
    return weights


def scale_bands(low: int, high: int, n_mels: int) -> tuple[int, int]:
    """Band edges of the default front end in one of another number of bands."""
    n_default = BAND_EDGES[-1]
    return round(low * n_mels / n_default), round(high * n_mels / n_default)
