"""Structure: where sections begin, and the most representative stretch of a track.

A track is summed up in at most 400 rows (one a second or slower). Rows are compared with each other, by the network's
embedding and by the chroma; a checkerboard kernel along the diagonal of that self-similarity finds the places where
what came before and what follows are each alike and differ from one another.

Source: Foote 2000, "Automatic audio segmentation using a measure of audio novelty".
"""

from dataclasses import asdict, dataclass

import numpy as np

from earmark.audio.chroma import DEFAULT_CHROMA
from earmark.audio.earprint import Earprint
from earmark.formats import clock
from earmark.tagger.model import Activations

VERSION = "1"
NEEDS = frozenset({"mel", "chroma", "activations"})
COLUMNS: dict[str, tuple[str, str]] = {}

MAX_ROWS = 400
ROW_SECONDS = 1.0  # shortest row
KERNEL_SECONDS = 12.0  # that are compared before and after a place; hand-set
MIN_SECTION_SECONDS = 8.0  # hand-set
MIN_NOVELTY = 0.12  # on a scale where 1 is "orthogonal before and after"; hand-set
PROMINENCE = 1.5  # standard deviations above the mean novelty; hand-set


@dataclass(frozen=True, slots=True)
class Structure:
    """The sections of a track.

    Attributes
    ----------
    boundaries : starts of sections, seconds, without 0 and the end
    labels : one letter a section; sections of the same letter sound alike
    representative : (start, end) of the most representative 30 seconds, or of the whole track if it is shorter
    """

    boundaries: tuple[float, ...]
    labels: tuple[str, ...]
    representative: tuple[float, float]

    def to_dict(self) -> dict:
        """JSON-ready."""
        values = asdict(self)
        return {name: list(value) for name, value in values.items()}


def estimate(earprint: Earprint, activations: Activations | None = None) -> Structure | None:
    """Sections from the tagger's embedding and the chroma; None without activations."""
    if activations is None:
        return None
    seconds = len(earprint.S) / earprint.features.frame_rate
    rate = DEFAULT_CHROMA.frame_rate
    return find_structure(activations.embedding, activations.times, seconds, earprint.chroma, rate)


def from_dict(values: dict) -> Structure:
    """Read what ``to_dict()`` gave; raises TypeError where it is something else."""
    return Structure(**{name: tuple(value) for name, value in values.items()})


def line(structure: Structure) -> str:
    """``sections A B A; most typical 0:00 to 0:19``."""
    start, end = structure.representative
    return f"sections {' '.join(structure.labels)}; most typical {clock(start)} to {clock(end)}"


def find_structure(
    embedding: np.ndarray, times: np.ndarray, duration: float, chroma: np.ndarray | None = None, chroma_rate: float = 0
) -> Structure:
    """Sections and the representative stretch.

    Parameters
    ----------
    embedding : float [n_steps, dim], one row a time step
    times : float [n_steps], seconds, ascending
    duration : seconds
    chroma : float [n, bins], rows a second in `chroma_rate`; left out, the embedding decides alone

    Raises
    ------
    ValueError : embedding and times differ in length, or are empty
    """
    if len(embedding) != len(times) or not len(times):
        raise ValueError(
            f"structure needs a time for each row, and one at least: {len(embedding)} rows, {len(times)} times"
        )
    edges = np.linspace(0, duration, _n_rows(duration) + 1)
    views = [_summarise(embedding, times, edges)]
    if chroma is not None and len(chroma):
        views.append(_summarise(np.sqrt(chroma.astype(np.float32)), np.arange(len(chroma)) / chroma_rate, edges))
    views = [view for view in views if view.any()]
    rows = np.concatenate(views, axis=1) / np.sqrt(len(views)) if views else np.zeros((len(edges) - 1, 1))
    similarity = rows @ rows.T
    starts = _boundaries(similarity, edges[1] - edges[0])
    labels = _labels(rows, [0, *starts, len(rows)])
    return Structure(
        tuple(round(float(edges[i]), 2) for i in starts), labels, representative(similarity, edges, duration)
    )


def representative(similarity: np.ndarray, edges: np.ndarray, duration: float, seconds: float = 30.0) -> tuple:
    """(start, end) of the stretch whose rows are most like all rows of the track; the earliest among equals."""
    length = min(seconds, duration)
    n = min(len(similarity), max(1, round(length / (edges[1] - edges[0]))))
    likeness = np.concatenate([[0.0], np.cumsum(similarity.mean(axis=1))])
    best = int(np.round(likeness[n:] - likeness[:-n], 6).argmax())
    start = min(float(edges[best]), duration - length)
    return round(start, 2), round(start + length, 2)


def _n_rows(duration: float) -> int:
    return int(np.clip(duration / ROW_SECONDS, 1, MAX_ROWS))


def _summarise(values: np.ndarray, times: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Mean of `values` [n, dim] in each of the stretches between edges, less the track's mean, unit length or 0.

    float32 [n_rows, dim]; a stretch without a value takes the nearest one.
    """
    first = np.searchsorted(times, edges[:-1])
    count = np.diff(np.append(first, np.searchsorted(times, edges[-1], "right")))
    total = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    rows = (total[first + count] - total[first]) / np.maximum(count, 1)[:, None]
    empty = count == 0
    middle = (edges[:-1] + edges[1:]) / 2
    nearest = np.abs(middle[empty][:, None] - times[None]).argmin(axis=1) if empty.any() else []
    rows[empty] = values[nearest]
    rows -= rows.mean(axis=0)
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.where(length > 1e-3 * np.abs(values).max(initial=1e-9), rows / np.maximum(length, 1e-9), 0).astype(
        np.float32
    )


def _boundaries(similarity: np.ndarray, row_seconds: float) -> list[int]:
    """Rows where a section begins: peaks of the novelty, at least MIN_SECTION_SECONDS apart and from both ends."""
    novelty = _novelty(similarity, max(2, round(KERNEL_SECONDS / row_seconds)))
    apart = max(1, round(MIN_SECTION_SECONDS / row_seconds))
    least = max(MIN_NOVELTY, novelty.mean() + PROMINENCE * novelty.std() / 2)
    chosen: list[int] = []
    for i in map(int, novelty.argsort()[::-1]):
        if novelty[i] < least:
            break
        if apart <= i <= len(novelty) - apart and all(abs(i - j) >= apart for j in chosen):
            chosen.append(i)
    return sorted(chosen)


def _novelty(similarity: np.ndarray, n: int) -> np.ndarray:
    """How much the n rows before each row, and the n from it on, are alike within and unlike across: float64 [n_rows].

    Mean similarity within the two sides, less that across, halved: 0 where nothing changes, 1 where the sides oppose.
    """
    total = np.pad(similarity, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    rows = len(similarity)
    at = np.arange(rows)
    lo, hi = np.maximum(at - n, 0), np.minimum(at + n, rows)

    def block(r0: np.ndarray, r1: np.ndarray, c0: np.ndarray, c1: np.ndarray) -> np.ndarray:
        area = np.maximum((r1 - r0) * (c1 - c0), 1)
        return (total[r1, c1] - total[r0, c1] - total[r1, c0] + total[r0, c0]) / area

    within = (block(lo, at, lo, at) + block(at, hi, at, hi)) / 2
    novelty = (within - block(lo, at, at, hi)) / 2
    novelty[0] = 0
    return novelty


def _labels(rows: np.ndarray, edges: list[int]) -> tuple[str, ...]:
    """A letter for each section, in order of appearance: that of the most similar earlier section, if near."""
    means, labels = [], []
    for a, b in zip(edges, edges[1:], strict=False):
        mean = rows[a:b].mean(axis=0)
        mean = mean / max(float(np.linalg.norm(mean)), 1e-9)
        likeness = [float(mean @ other) for other in means]
        if likeness and max(likeness) > 0.6:
            labels.append(labels[int(np.argmax(likeness))])
        else:
            labels.append(_letter(len(set(labels))))
        means.append(mean)
    return tuple(labels)


def _letter(i: int) -> str:
    return chr(ord("A") + i % 26) + ("" if i < 26 else str(i // 26))
