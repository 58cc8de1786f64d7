"""Whether there is music with pitches at all: drums alone, applause or speech have peaks in the chroma, but no key.

Seven figures of the chroma are weighed. Pitched music keeps to semitones, has the same and related pitches (octave,
fifth) in several octaves, and holds tones from row to row while its harmony changes; drums sound anywhere, the same
throughout. The weights are fitted by logistic regression to labelled and unlabelled music against composed drums and
noises (`python benchmarks/no_key.py --fit`).
"""

import numpy as np

from earmark.audio.chroma import BINS_PER_SEMITONE
from earmark.descriptors.key.head import normalise

MIN_ROWS = 16  # 6 s: less sound is given the benefit of the doubt, since its figures scatter
HIGH_BIN = 66  # 196 Hz: below it a bass drum is as narrow as a tone
WEIGHTS = 0.53, 0.81, 4.1, 4.8, -24.6, 6.65, 3.26
BIAS = 10.94  # sets the threshold to 0: of the labelled clips of 15 s and more, 1 in 44 loses its key


def is_tonal(C: np.ndarray, P: np.ndarray) -> bool:
    """Whether chroma has pitches that could be in a key; True for less than MIN_ROWS rows that sound.

    Parameters
    ----------
    C : float [n_steps, n_bins], as `earmark.audio.chroma.chroma` returns it
    P : float32 [n_steps, n_octaves, 12], the same by `earmark.audio.chroma.semitones`
    """
    return int(P.any(axis=(1, 2)).sum()) < MIN_ROWS or float(measure(C, P) @ np.array(WEIGHTS)) + BIAS > 0


def measure(C: np.ndarray, P: np.ndarray) -> np.ndarray:
    """The seven figures, float64 [7], of C and P as for `is_tonal`, with at least two rows that sound."""
    sounding = P[P.any(axis=(1, 2))]
    C = C.astype(np.float32)
    in_tune = _concentration(np.sqrt(C.mean(axis=0))), _concentration(np.sqrt(C[:, HIGH_BIN:]).sum(axis=0))
    x = normalise(sounding)
    classes, tones = _unit(x.sum(axis=1)), _unit(np.sqrt(sounding).reshape(len(sounding), -1))
    sameness = float(np.linalg.norm(classes.mean(axis=0)))
    held = float((tones[1:] * tones[:-1]).sum(axis=1).mean())
    return np.array(
        [*np.log(np.maximum(in_tune, 1e-3)), *_relations(x.mean(axis=0)), sameness, held, _spread(sounding)]
    )


def _concentration(weight: np.ndarray) -> float:
    """How much of the weight [n_bins] lies at one place within the semitones: 0 evenly spread, 1 all of it."""
    turn = np.exp(2j * np.pi * np.arange(len(weight)) / BINS_PER_SEMITONE)
    return float(abs((weight * turn).sum()) / max(weight.sum(), 1e-9))


def _relations(octaves: np.ndarray) -> tuple[float, float]:
    """Likeness of neighbouring octaves [n_octaves, 12], as they are and a fifth apart: mean correlations."""
    x = _unit(octaves - octaves.mean(axis=1, keepdims=True))
    return float((x[:-1] * x[1:]).sum(axis=1).mean()), float((x[:-1] * np.roll(x[1:], -7, axis=1)).sum(axis=1).mean())


def _spread(sounding: np.ndarray) -> float:
    """Mean entropy, nats, of the semitones within a row of P, all of which sound."""
    share = sounding.reshape(len(sounding), -1)
    share = share / share.sum(axis=1, keepdims=True)
    return float(-(share * np.log(share + 1e-9)).sum(axis=1).mean())


def _unit(x: np.ndarray) -> np.ndarray:
    """Rows of x [n, m] scaled to length 1; zeros stay."""
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)
