"""What of one track, or of a window of it, is compared with others: the columns that parts read, and the embedding.

Of a window everything is read from what is kept over time: tags from the logits of its steps, the embedding from
theirs, tempo from its beats, the key from the segments, energy and loudness from their curves. The metre is that of
the track.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from earmark.catalogue.schema import descriptor_columns, tag_column
from earmark.catalogue.sung import VECTOR as LYRICS
from earmark.descriptors import Descriptor
from earmark.descriptors.key import Key
from earmark.descriptors.key.spelling import spell
from earmark.descriptors.tempo import Rhythm
from earmark.errors import QueryError
from earmark.explore.songs import Song
from earmark.formats import clock
from earmark.tagger.model import Activations
from earmark.tagger.tagset import Tagset

LEAST_BEATS = 5  # in a window, to tell its tempo by
NOT_OF_A_WINDOW = ("loudness_range", "spectral_activity", LYRICS)  # columns


@dataclass(frozen=True)
class Window:
    """A stretch of a track, seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """Its length."""
        return self.end - self.start

    def overlaps(self, start: float, end: float) -> bool:
        """Whether another stretch of the track has a moment in common with it."""
        return start < self.end and end > self.start


@dataclass(frozen=True)
class Portrait:
    """A track or a window of one.

    Attributes
    ----------
    song : what tells whether another track is the same song
    duration : of the whole track, seconds
    values : column -> value, of those that parts read; a column that is not known is None or missing
    vector : the embedding of the window, float32 [dim], not of length 1
    window : None for the whole track
    times, embedding : float32 [steps], [steps, dim] of the whole track; None where they are not kept
    loudness : short-term loudness of the whole track, LUFS, once a second; empty where it is not known
    """

    song: Song
    duration: float
    values: dict[str, Any] = field(repr=False)
    vector: np.ndarray = field(repr=False)
    window: Window | None = None
    times: np.ndarray | None = field(default=None, repr=False)
    embedding: np.ndarray | None = field(default=None, repr=False)
    loudness: tuple[float, ...] = field(default=(), repr=False)

    @property
    def track_id(self) -> str:
        """Of the track."""
        return self.song.track_id


def read_window(start: float | None, end: float | None, duration: float, name: object) -> Window | None:
    """The window that two times mean, an open end being that of the track; None where both are open.

    Raises QueryError for one that ends before it begins, or lies outside of the track.
    """
    if start is None and end is None:
        return None
    found = Window(start or 0.0, duration if end is None else min(end, duration))
    if not 0 <= found.start < found.end:
        problem = f"no window from {found.start:g} s to {end if end is not None else duration:g} s"
        raise QueryError(name, problem, f"Give a start before the end, within 0:00 and {clock(duration)}.")
    return found


def values_of(
    window: Window | None, activations: Activations, descriptors: dict[str, Descriptor], tagset: Tagset
) -> dict[str, Any]:
    """The columns of a window, or of a whole track that the catalogue does not hold."""
    rows = steps_in(window, activations.times)
    p = tagset.probabilities(activations.logits[rows].mean(axis=0))
    columns = [tag_column(group, tag) for group in tagset.groups for tag in group.tags]
    found: dict[str, Any] = dict(zip(columns, p.tolist(), strict=True))
    for name, descriptor in descriptors.items():
        found |= descriptor_columns(name, descriptor)
    return found if window is None else found | _of_window(window, descriptors, found)


def steps_in(window: Window | None, times: np.ndarray) -> slice:
    """The steps whose centres lie in a window, one at least."""
    if window is None:
        return slice(None)
    first, last = np.searchsorted(times, (window.start, window.end))
    first = min(int(first), len(times) - 1)
    return slice(first, max(int(last), first + 1))


def _of_window(window: Window, descriptors: dict[str, Descriptor], found: dict[str, Any]) -> dict[str, Any]:
    """What descriptors tell of a window; what they tell of whole tracks only is not known."""
    values: dict[str, Any] = dict.fromkeys(NOT_OF_A_WINDOW)
    if "tempo" in descriptors:
        values["tempo"] = _tempo(window, descriptors["tempo"])
    if "key" in descriptors:
        values["key"] = _key(window, descriptors["key"])
    for name, column in (("energy", "energy"), ("loudness", "loudness")):
        curve = np.array(getattr(descriptors.get(name), "curve", ()), float)
        part = curve[int(window.start) : max(int(np.ceil(window.end)), int(window.start) + 1)]
        if len(part):
            values[column] = float(part.mean() if name == "energy" else 10 * np.log10(np.mean(10 ** (part / 10))))
    return values


def _tempo(window: Window, rhythm: Rhythm) -> float | None:
    """Of the beats in the window, which are those of the track's octave; the track's where they are too few."""
    beats = rhythm.beats[(rhythm.beats >= window.start) & (rhythm.beats <= window.end)]
    if rhythm.bpm is None or rhythm.corrected or len(beats) < LEAST_BEATS:
        return rhythm.bpm
    return float(60 / np.median(np.diff(beats)))


def _key(window: Window, key: Key) -> str | None:
    """Of the segment that has most of the window."""
    shares = [(min(part.end, window.end) - max(part.start, window.start), part) for part in key.segments]
    most, part = max(shares, key=lambda pair: pair[0], default=(0.0, None))
    if most <= 0 or key.corrected:
        return key.label
    return spell(part.tonic, part.mode)
