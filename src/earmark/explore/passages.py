"""Which passages of two tracks are most alike, by the embedding over time that the catalogue keeps."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from earmark.catalogue.track import PassagePair
from earmark.explore.portrait import Portrait, Window

SECONDS = 10.0  # of a passage, where no window says otherwise
LONGEST = 30.0  # of a window that is one passage; longer ones are looked through
HOP = 1.0  # seconds between passages that are tried
QUIET = 15.0  # LU below the track's loudness, from which a passage counts as silence, which is alike everywhere
FINEST, MOST = 1.0, 2000  # seconds of a passage at least; passages of a track at most


@dataclass(frozen=True)
class Passages:
    """Passages of one track, one after another.

    Attributes
    ----------
    starts, ends : float64 [n], seconds
    vectors : float32 [n, dim] of length 1
    """

    starts: np.ndarray
    ends: np.ndarray
    vectors: np.ndarray


def length_for(window: Window | None) -> float:
    """Seconds of the passages that are compared with a window of a seed, or with a whole seed."""
    if window is None:
        return SECONDS
    return max(window.seconds, FINEST) if window.seconds <= LONGEST else SECONDS


def passages_of(
    times: np.ndarray,
    embedding: np.ndarray,
    duration: float,
    seconds: float,
    within: Window | None = None,
    loudness: tuple[float, ...] = (),
) -> Passages:
    """All passages of that length, `HOP` seconds apart; the whole of it where it is shorter.

    times, embedding : float32 [steps], [steps, dim]
    loudness : LUFS once a second; passages that are silent beside the rest are left out, unless all are
    """
    within = within or Window(0.0, max(duration, float(times[-1])))
    length = min(seconds, within.seconds)
    room = within.seconds - length
    starts = within.start + np.linspace(0, room, min(int(room / HOP) + 1, MOST))
    starts = starts[_audible(starts, length, loudness)]
    first = np.minimum(np.searchsorted(times, starts), len(times) - 1)
    last = np.maximum(np.searchsorted(times, starts + length), first + 1)
    sums = np.concatenate([np.zeros((1, embedding.shape[1])), np.cumsum(embedding, axis=0, dtype=np.float64)])
    vectors = (sums[last] - sums[first]).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return Passages(starts, starts + length, vectors)


def _audible(starts: np.ndarray, length: float, loudness: tuple[float, ...]) -> np.ndarray:
    if not loudness:
        return np.ones(len(starts), bool)
    power = np.concatenate([[0.0], np.cumsum(10 ** (np.array(loudness) / 10))])
    first = np.minimum(starts.astype(int), len(loudness) - 1)
    last = np.clip(np.ceil(starts + length).astype(int), first + 1, len(loudness))
    levels = 10 * np.log10(np.maximum((power[last] - power[first]) / (last - first), 1e-9))
    found = levels >= levels.max() - QUIET
    return found if found.any() else np.ones(len(starts), bool)


def seed_passages(seed: Portrait) -> Passages | None:
    """The passages of a seed that others are compared with: its window, or all; None where no steps are kept."""
    if seed.times is None:
        return None
    length = length_for(seed.window)
    return passages_of(seed.times, seed.embedding, seed.duration, length, seed.window, seed.loudness)


def best_pair(seed: Portrait, mine: Passages, other: Passages) -> PassagePair:
    """The two passages that are most alike."""
    return next(best_pairs(seed, mine, other))


def best_pairs(seed: Portrait, mine: Passages, other: Passages, same_track: bool = False) -> Iterator[PassagePair]:
    """Pairs of passages, the most alike first; no passage of the other track overlaps one that was given before.

    same_track : both are of one track: a passage is not compared with what it overlaps
    """
    likeness = mine.vectors @ other.vectors.T
    if same_track:
        likeness[(mine.starts[:, None] < other.ends) & (mine.ends[:, None] > other.starts)] = -np.inf
    while np.isfinite(likeness).any():
        i, j = np.unravel_index(int(likeness.argmax()), likeness.shape)
        start, end = float(other.starts[j]), float(other.ends[j])
        yield PassagePair(
            round(start, 2), round(end, 2), float(likeness[i, j]), seed.track_id,
            round(float(mine.starts[i]), 2), round(float(mine.ends[i]), 2),
        )  # fmt: skip
        likeness[:, (other.starts < end) & (other.ends > start)] = -np.inf
