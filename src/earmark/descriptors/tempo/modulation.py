"""A curve over time -> how strongly it moves at any rate: the modulation spectrum of a track."""

from dataclasses import dataclass

import numpy as np

from earmark.descriptors.tempo.tempogram import CHUNK, cut_windows, place_windows, transform

PADDING = 4  # times a window's length is transformed: bins are then 1 BPM apart
NEAR = np.linspace(0.988, 1.012, 5)  # a player's tempo is looked for this close to the one asked for
FLOOR = 0.15  # added before the logarithm: what is fainter is absent


@dataclass(frozen=True)
class Modulation:
    """How strongly a curve moves at any rate.

    Attributes
    ----------
    magnitude : float32 [n_bins], 1 on average
    bin_bpm : distance of the bins, movements a minute
    """

    magnitude: np.ndarray
    bin_bpm: float

    def level(self, bpm: float) -> float:
        """The logarithm of the largest magnitude within 1.2 % of `bpm` movements a minute; 0 is an average rate."""
        points = bpm / self.bin_bpm * NEAR
        near = np.interp(points, np.arange(len(self.magnitude)), self.magnitude, right=0.0)
        return float(np.log(near.max() + FLOOR))


def compute_modulation(curve: np.ndarray, frame_rate: float) -> Modulation:
    """The mean Fourier magnitude of overlapping windows, each weighted by its standard deviation.

    Parameters
    ----------
    curve : float32 [n_frames], at least two
    frame_rate : frames a second
    """
    import scipy.fft

    starts, window = place_windows(len(curve), frame_rate)
    n_fft = scipy.fft.next_fast_len(PADDING * window, real=True)
    total, weight = np.zeros(n_fft // 2 + 1, np.float32), 0.0
    for i in range(0, len(starts), CHUNK):
        x = cut_windows(curve, starts[i : i + CHUNK], window)
        deviation = x.std(axis=1)
        total += deviation @ transform(x, n_fft)
        weight += float(deviation.sum())
    return Modulation(total / (weight + 1e-12), 60 * frame_rate / n_fft)
