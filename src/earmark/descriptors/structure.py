"""Structure: where sections begin, and the most representative stretch of a track.

A track is reduced to at most 400 rows, each of a second or more: the tagger's embedding and the chroma. A checkerboard
kernel along the diagonal of their self-similarity is large where the rows before a time are alike, the rows after it
are alike, and the two groups differ: there a section begins.

Source: Foote 2000, "Automatic audio segmentation using a measure of audio novelty".
"""

from dataclasses import dataclass

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
KERNEL_SECONDS = 12.0  # compared before and after each row; hand-set
MIN_SECTION_SECONDS = 8.0  # hand-set
MIN_NOVELTY = 0.12  # on a scale where 1 is "orthogonal before and after"; hand-set
PROMINENCE = 0.75  # standard deviations above the mean novelty; hand-set
MIN_LIKENESS = 0.6  # cosine of two sections' means, above which they share a letter; hand-set


@dataclass(frozen=True, slots=True)
class Structure:
    """The sections of a track.

    Attributes
    ----------
    boundaries : starts of sections, seconds, ascending, without 0 and the end
    labels : one letter a section; sections of the same letter sound alike
    representative : (start, end), seconds, of the most representative 30 seconds; the whole track if it is shorter
    """

    boundaries: tuple[float, ...]
    labels: tuple[str, ...]
    representative: tuple[float, float]

    def to_dict(self) -> dict:
        """JSON-ready."""
        return {name: list(getattr(self, name)) for name in self.__dataclass_fields__}


def estimate(earprint: Earprint, activations: Activations | None = None) -> Structure | None:
    """Sections from the tagger's embedding and, where the earprint has one, the chroma; None without activations."""
    if activations is None:
        return None
    seconds = len(earprint.S) / earprint.features.frame_rate
    rate = DEFAULT_CHROMA.frame_rate
    return find_structure(activations.embedding, activations.times, seconds, earprint.chroma, rate)


def from_dict(values: dict) -> Structure:
    """The inverse of ``to_dict()``; raises TypeError for other dictionaries."""
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
    chroma : float [n_rows, n_bins], at least 0; without it the embedding is used alone
    chroma_rate : rows of `chroma` a second

    Raises
    ------
    ValueError : embedding and times differ in length, or are empty

    Source: Foote 2000, "Automatic audio segmentation using a measure of audio novelty".
    """
    if len(embedding) != len(times) or not len(times):
        raise ValueError(
            f"structure needs a time for each row, and one at least: {len(embedding)} rows, {len(times)} times"
        )
    edges = np.linspace(0, duration, _count_rows(duration) + 1)
    views = [_summarise(embedding, times, edges)]
    if chroma is not None and len(chroma):
        views.append(_summarise(np.sqrt(chroma.astype(np.float32)), np.arange(len(chroma)) / chroma_rate, edges))
    rows = _join_views(views)
    similarity = rows @ rows.T
    starts = _find_boundaries(similarity, edges[1] - edges[0])
    labels = _label_sections(rows, [0, *starts, len(rows)])
    stretch = find_representative(similarity, edges, duration)
    return Structure(tuple(round(float(edges[i]), 2) for i in starts), labels, stretch)


def find_representative(
    similarity: np.ndarray, edges: np.ndarray, duration: float, seconds: float = 30.0
) -> tuple[float, float]:
    """The stretch whose rows are most similar to all rows of the track; the earliest among equals.

    Parameters
    ----------
    similarity : float [n_rows, n_rows]
    edges : float [n_rows + 1], starts of the rows and the end of the last, seconds, evenly spaced
    duration : of the track, seconds
    seconds : length of the stretch

    Returns
    -------
    (start, end), seconds; (0, duration) for a track that is not longer
    """
    length = min(seconds, duration)
    n = min(len(similarity), max(1, round(length / (edges[1] - edges[0]))))
    likeness = np.concatenate([[0.0], np.cumsum(similarity.mean(axis=1))])
    best = int(np.round(likeness[n:] - likeness[:-n], 6).argmax())
    start = min(float(edges[best]), duration - length)
    return round(start, 2), round(start + length, 2)


def _join_views(views: list[np.ndarray]) -> np.ndarray:
    """Views [n_rows, dim] side by side, of equal weight: float32 [n_rows, sum of dims].

    Views that are zero are left out; without any other the result is zeros [n_rows, 1].
    """
    useful = [view for view in views if view.any()]
    return np.concatenate(useful, axis=1) / np.sqrt(len(useful)) if useful else np.zeros((len(views[0]), 1))


def _count_rows(duration: float) -> int:
    """Rows for a track of `duration` seconds."""
    return int(np.clip(duration / ROW_SECONDS, 1, MAX_ROWS))


def _summarise(values: np.ndarray, times: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Mean of `values` in each row, less the track's mean, of unit length or 0: float32 [n_rows, dim].

    values : float [n, dim], one at each of `times`; a row without a value takes the nearest one
    times, edges : float [n] and [n_rows + 1], seconds, ascending
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


def _find_boundaries(similarity: np.ndarray, row_seconds: float) -> list[int]:
    """Rows where a section begins: peaks of the novelty, at least MIN_SECTION_SECONDS apart and from both ends."""
    novelty = _measure_novelty(similarity, max(2, round(KERNEL_SECONDS / row_seconds)))
    apart = max(1, round(MIN_SECTION_SECONDS / row_seconds))
    least = max(MIN_NOVELTY, novelty.mean() + PROMINENCE * novelty.std())
    chosen: list[int] = []
    for i in map(int, novelty.argsort()[::-1]):
        if novelty[i] < least:
            break
        if apart <= i <= len(novelty) - apart and all(abs(i - j) >= apart for j in chosen):
            chosen.append(i)
    return sorted(chosen)


def _measure_novelty(similarity: np.ndarray, n: int) -> np.ndarray:
    """Novelty at each row, by a checkerboard kernel of n rows to both sides: float64 [n_rows].

    Half of the mean similarity within the two sides less that across: 0 where nothing changes, 1 for opposite sides.
    """
    total = np.pad(similarity, ((1, 0), (1, 0))).cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    rows = len(similarity)
    middle = np.arange(rows)
    low, high = np.maximum(middle - n, 0), np.minimum(middle + n, rows)

    def average(r0: np.ndarray, r1: np.ndarray, c0: np.ndarray, c1: np.ndarray) -> np.ndarray:
        area = np.maximum((r1 - r0) * (c1 - c0), 1)
        return (total[r1, c1] - total[r0, c1] - total[r1, c0] + total[r0, c0]) / area

    within = (average(low, middle, low, middle) + average(middle, high, middle, high)) / 2
    novelty = (within - average(low, middle, middle, high)) / 2
    novelty[0] = 0
    return novelty


def _label_sections(rows: np.ndarray, edges: list[int]) -> tuple[str, ...]:
    """A letter for each section between `edges` (rows): that of the most similar earlier section, or the next one."""
    means, labels = [], []
    for a, b in zip(edges, edges[1:], strict=False):
        mean = rows[a:b].mean(axis=0)
        mean = mean / max(float(np.linalg.norm(mean)), 1e-9)
        likeness = [float(mean @ other) for other in means]
        if likeness and max(likeness) > MIN_LIKENESS:
            labels.append(labels[int(np.argmax(likeness))])
        else:
            labels.append(_name_section(len(set(labels))))
        means.append(mean)
    return tuple(labels)


def _name_section(i: int) -> str:
    """The i-th letter, from 0; after Z come A1, B1 ..."""
    return chr(ord("A") + i % 26) + ("" if i < 26 else str(i // 26))
