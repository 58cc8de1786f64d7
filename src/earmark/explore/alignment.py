"""How far two tracks agree in time, from the activations that the catalogue keeps: 1 for the same recording.

The mean over time is taken from each track's embeddings, so that a common sound counts for nothing: what is left is
when the sound changes, and how. Two recordings of one song do not change alike at the same moments; another encoding or
mastering of one recording does. Every dimension counts alike, since mastering raises some of them.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from earmark.tagger.model import Activations

MAX_OFFSET = 10.0  # seconds that one track may start later than the other
MIN_OVERLAP = 0.6  # share of the shorter track that must lie over the other
MIN_STEPS = 8  # fewer steps agree by chance
STILL = 0.1  # share of the mean deviation that is added to each dimension's, lest one that hardly moves counts in full


@dataclass(frozen=True)
class Changes:
    """How a track's sound changes over time: weights by directions, without mean, each dimension to one scale.

    Attributes
    ----------
    step : seconds between two rows
    weights : float [n, r]; none for a track too short to say
    directions : float [r, dim]; None where the weights are the changes themselves
    """

    step: float
    weights: np.ndarray = field(repr=False)
    directions: np.ndarray | None = field(default=None, repr=False)

    @property
    def is_told(self) -> bool:
        """Whether the track is long enough to be compared."""
        return len(self.weights) >= MIN_STEPS

    @cached_property
    def between(self) -> "Changes":
        """The same half a step later."""
        return Changes(self.step, (self.weights[1:] + self.weights[:-1]) / 2, self.directions)

    def turned(self, other: "Changes") -> np.ndarray | None:
        """What its weights are multiplied by for the other's directions, [r, r of the other]; None: by nothing.

        Products with the other's weights are then those of the changes in full.
        """
        if other.directions is None:
            return self.directions
        return other.directions.T if self.directions is None else self.directions @ other.directions.T

    @cached_property
    def squares(self) -> np.ndarray:
        """Sum over the dimensions of the squares of every row, added up from the first: [n + 1]."""
        own = _by(self.weights, self.turned(self))
        return np.cumsum(np.r_[0, np.einsum("ij,ij->i", own, self.weights)])

    def spectrum(self, size: int) -> np.ndarray:
        """The Fourier transform of the weights over time, [size / 2 + 1, r]."""
        if size not in self._spectra:
            self._spectra[size] = np.fft.rfft(self.weights, size, axis=0)
        return self._spectra[size]

    @cached_property
    def _spectra(self) -> dict[int, np.ndarray]:
        return {}


def _by(weights: np.ndarray, turned: np.ndarray | None) -> np.ndarray:
    return weights if turned is None else weights @ turned


def changes_of(times: np.ndarray, weights: np.ndarray, directions: np.ndarray | None = None) -> Changes:
    """What `agreement_of` compares, of a track's outputs over time.

    times : seconds [n]. weights, directions : whose product is the embedding, [n, r] and [r, dim]; or the embedding
    """
    if len(times) < MIN_STEPS + 2:
        return Changes(1.0, weights[:0], directions)
    smooth = (weights[:-2] + 2 * weights[1:-1] + weights[2:]) / 4
    smooth = smooth - smooth.mean(axis=0)
    step = float(np.median(np.diff(times)))
    if directions is None:
        return Changes(step, smooth / _scale(smooth.var(axis=0), smooth.var()))
    variance = np.maximum(((smooth.T @ smooth / len(smooth)) @ directions * directions).sum(axis=0), 0)
    return Changes(step, smooth, directions / _scale(variance, variance.mean()))


def _scale(variance: np.ndarray, whole: float) -> np.ndarray:
    """What each dimension is divided by. whole : variance of all dimensions together, whose means are 0"""
    return np.sqrt(variance) + STILL * np.sqrt(whole) + 1e-9


def agreement(a: Activations, b: Activations) -> float:
    """The highest correlation of two tracks over time, -1..1; 0 for tracks too short to say.

    a, b : of one model. Offsets of half a step are tried too, since a trimmed copy falls between the steps.
    """
    return agreement_of(changes_of(a.times, a.embedding), changes_of(b.times, b.embedding))


def agreement_of(a: Changes, b: Changes) -> float:
    """See `agreement`."""
    if not (a.is_told and b.is_told):
        return 0.0
    most = max(round(MAX_OFFSET / a.step), 1)
    return max(_best(a, other, most) for other in (b, b.between))


def _best(a: Changes, b: Changes, most: int) -> float:
    """The highest correlation at any offset of so many rows."""
    shifts, n_a, n_b = np.arange(-most, most + 1), len(a.weights), len(b.weights)
    rows, columns = np.maximum(-shifts, 0), np.maximum(shifts, 0)
    n = np.minimum(n_a - rows, n_b - columns)
    enough = n >= max(MIN_STEPS, MIN_OVERLAP * min(n_a, n_b))
    if not enough.any():
        return 0.0
    shifts, rows, columns, n = shifts[enough], rows[enough], columns[enough], n[enough]
    sizes = (a.squares[rows + n] - a.squares[rows]) * (b.squares[columns + n] - b.squares[columns])
    return max(0.0, float((_products(a, b, most)[shifts] / np.sqrt(np.maximum(sizes, 1e-12))).max()))


def _products(a: Changes, b: Changes, most: int) -> np.ndarray:
    """The sum of products of rows at each offset, in that place, up to `most` either way; by Fourier transforms."""
    size = 1 << (max(len(a.weights), len(b.weights)) + most).bit_length()
    spectrum = _by(a.spectrum(size), a.turned(b)).conj() * b.spectrum(size)
    return np.fft.irfft(spectrum.sum(axis=1), size)
