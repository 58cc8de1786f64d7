"""The course of a track: which instruments and voices come and go, where it is fullest, how it begins and ends.

Of an instrument that comes or goes the evidence over time is fitted with one stretch, inside of which it is heard and
outside of which it is not; both must be sure, or nothing is said. Full, quiet and fading are read from the short-term
loudness. Nothing here is in words of any language: `earmark.descriptors.description` tells it.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace

import numpy as np

from earmark.audio.earprint import Earprint
from earmark.audio.loudness import ABSOLUTE_GATE, Loudness
from earmark.descriptors.enough import is_silent
from earmark.formats import clock
from earmark.tagger.model import Activations
from earmark.tagger.tags import TagProbability, rank_tags
from earmark.tagger.tagset import Tagset

VERSION = "1"
NEEDS = frozenset({"mel", "loudness", "activations"})
COLUMNS: dict[str, tuple[str, str]] = {}

SOURCES = ("instrument", "voice")  # groups whose tags come and go
INSTRUMENTAL = "voice/instrumental"  # a tag that says that there is no voice
SOLO = "character/solo"  # without it the instruments that a tagger does not know might play too
ABSENT, MOST_ABSENT = 0.4, 0.25  # not heard: below this share of the tag's threshold, and below this in any case
MAX_ROWS = 120  # of a curve when a stretch is fitted to it
SOURCE_SECONDS = 8.0  # that an instrument is heard at least, or is not heard before or after
LEVEL_SECONDS = 6.0  # of the fullest stretch, and of a quiet beginning or end, at least
TOGETHER_SECONDS = 4.0  # what comes and goes within it comes and goes together
SILENT = 30.0  # LU below the loudest, where nothing is heard any more
WINDOW_SECONDS = 3.0  # of the short-term loudness
FULLER = 4.0  # LU by which the fullest stretch is louder than what is before it, and than what is after it
MOST_FULL = 0.7  # share of a track, above which "fullest" says nothing
QUIETER = 7.0  # LU below the median, for a quiet beginning or end
FADE, RIPPLE = 12.0, 0.5  # LU that a fade falls at least, and that it may rise within
"""All hand-set."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is so from one time to another.

    Attributes
    ----------
    kind : ``opening`` these sound before anything else comes, ``solo`` the same of one player alone, ``heard`` these
        sound here and nowhere else, ``fullest`` clearly louder than all the rest, ``quiet`` a beginning or end,
        ``fade`` an end that grows softer throughout
    start, end : seconds
    tags : ``group/tag`` of the first three kinds, else none
    """

    kind: str
    start: float
    end: float
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """What happens in a track, by time.

    Attributes
    ----------
    seconds : that were listened to
    events : what is sure; empty where a track stays as it is, or nothing is sure
    """

    seconds: float
    events: tuple[Event, ...] = ()

    def to_dict(self) -> dict:
        """JSON-ready."""
        return {"seconds": self.seconds, "events": [asdict(e) | {"tags": list(e.tags)} for e in self.events]}


def estimate(earprint: Earprint, activations: Activations | None = None) -> Course | None:
    """The course by the tagger's outputs and the loudness; None without activations."""
    if activations is None:
        return None
    seconds = round(earprint.seconds, 2)
    if is_silent(earprint.S):
        return Course(seconds)
    heard = _only_where_it_sounds(activations, earprint.loudness)
    sources = [] if heard.tagset is None else list(_find_sources(heard, heard.tagset, seconds))
    levels = [] if earprint.loudness is None else list(_find_levels(earprint.loudness, seconds))
    return Course(seconds, tuple(sorted([*sources, *levels], key=lambda event: (event.start, event.end))))


def from_dict(values: dict) -> Course:
    """The inverse of ``to_dict()``; raises TypeError or KeyError for other dictionaries."""
    events = (Event(**event | {"tags": tuple(event["tags"])}) for event in values["events"])
    return Course(values["seconds"], tuple(events))


def line(course: Course) -> str:
    """``0:00 to 0:42 solo piano; 0:42 to 3:10 drums``; ``nothing that comes or goes``."""
    told = (f"{clock(e.start)} to {clock(e.end)} {_name(e)}" for e in course.events)
    return "; ".join(told) or "nothing that surely comes or goes"


def _name(event: Event) -> str:
    names = ", ".join(tag.split("/", 1)[1] for tag in event.tags)
    return names if event.kind in ("heard", "opening") else f"{event.kind} {names}".strip()


# -- instruments and voices --------------------------------------------------------------------------------------------


def _only_where_it_sounds(activations: Activations, loudness: Loudness | None) -> Activations:
    """The activations without the steps in silence, of which a tagger says anything; all where that is not known."""
    curve = np.array([] if loudness is None else loudness.curve)
    if not curve.size:
        return activations
    seconds = np.clip(activations.times - WINDOW_SECONDS / 2, 0, len(curve) - 1).astype(int)
    sounding = curve[seconds] > max(curve.max() - SILENT, ABSOLUTE_GATE)
    arrays = {name: getattr(activations, name)[sounding] for name in ("times", "logits", "embedding")}
    return replace(activations, **arrays) if sounding.any() else activations


def _find_sources(activations: Activations, tagset: Tagset, seconds: float) -> Iterator[Event]:
    """What comes and goes among the instruments and the surest voice, and what the track opens with."""
    ranked = rank_tags(tagset, activations)
    if not (any(hit.sure for hits in ranked.values() for hit in hits) and ranked.keys() & set(SOURCES)):
        return  # where nothing is sure it may be no music
    evidence, sure = Evidence(activations, tagset, seconds), _names(ranked, only_sure=True)
    heard = [event for tag in _names(ranked) if (event := evidence.stretch_of(tag, tag in sure))]
    yield from _merge(heard)
    first = min((event.start for event in heard if event.start > 0), default=0.0)
    known = dict.fromkeys([*sure, *(event.tags[0] for event in heard)])
    if opening := first and [tag for tag in known if evidence.is_heard(tag, first)]:
        yield Event("solo" if evidence.is_solo(opening, first) else "opening", 0.0, first, tuple(opening))


def _names(ranked: dict[str, list[TagProbability]], only_sure: bool = False) -> list[str]:
    """``group/tag`` of the instruments and of the voice that is most probable."""
    found = {g: [f"{g}/{hit.tag}" for hit in ranked.get(g, []) if hit.sure or not only_sure] for g in SOURCES}
    voices = [name for name in found["voice"] if name != INSTRUMENTAL]
    return found["instrument"] + voices[:1]


def _merge(events: list[Event]) -> list[Event]:
    """Events that begin and end at about the same times as one, with the tags of all, at the time of the first."""
    found: list[Event] = []
    for event in events:
        for i, other in enumerate(found):
            if max(abs(event.start - other.start), abs(event.end - other.end)) <= TOGETHER_SECONDS:
                start = min(event.start, other.start)
                found[i] = Event(event.kind, start, max(event.end, other.end), other.tags + event.tags)
                break
        else:
            found.append(event)
    return found


class Evidence:
    """What the tagger hears in any stretch of a track: its mean logits, calibrated as those of the whole are."""

    def __init__(self, activations: Activations, tagset: Tagset, seconds: float) -> None:
        parts = [(group, part) for group, part in tagset.slices() if group.name in (*SOURCES, SOLO.split("/")[0])]
        self._tagset = tagset = Tagset(tuple(group for group, _ in parts))
        self._logits = np.concatenate([activations.logits[:, part] for _, part in parts], axis=1)
        thresholds = [t for group in tagset.groups for t in group.threshold]
        self._column = {name: (i, t) for i, (name, t) in enumerate(zip(tagset.names(), thresholds, strict=True))}
        times = activations.times
        self._edges = np.concatenate([[0.0], (times[:-1] + times[1:]) / 2, [seconds]])
        self._rows, self._steps = _in_rows(self._logits)
        self._least = max(1, int(np.ceil(SOURCE_SECONDS * len(self._rows) / seconds)))
        total = np.concatenate([np.zeros((1, len(tagset))), self._rows.cumsum(axis=0)])
        self._windows = tagset.probabilities((total[self._least :] - total[: -self._least]) / self._least)

    def stretch_of(self, tag: str, sure: bool) -> Event | None:
        """Where a tag is heard, if it is surely heard there and surely nowhere else; None otherwise.

        sure : of the whole track; a tag that is not must come half the way from its threshold to 1
        """
        column, threshold = self._column[tag]
        bar = threshold if sure else (1 + threshold) / 2
        if not (self._windows[:, column] >= bar).any():
            return None
        rows = find_stretch(self._rows[:, column], self._least)
        a, b = (self._steps[i] for i in rows)
        if self._probability(tag, a, b) < bar or not self._is_absent_outside(tag, *rows):
            return None
        return Event("heard", round(float(self._edges[a]), 2), round(float(self._edges[b]), 2), (tag,))

    def _is_absent_outside(self, tag: str, first: int, last: int) -> bool:
        """Whether a tag is absent before and after some rows, on the whole, and in no shortest stretch there heard."""
        column, threshold = self._column[tag]
        parts = [(0, self._steps[first]), (self._steps[last], len(self._logits))]
        parts = [part for part in parts if part[1] > part[0]]
        windows = self._windows[:, column]
        before, after = windows[: max(first - self._least + 1, 0)], windows[last:]
        absent = parts and all(self._is_absent(tag, *part) for part in parts)
        return bool(absent and max(before.max(initial=0), after.max(initial=0)) < threshold)

    def is_heard(self, tag: str, end: float) -> bool:
        """Whether a tag is sure of the track until `end`, seconds."""
        return self._probability(tag, 0, self._step_at(end)) >= self._column[tag][1]

    def is_solo(self, opening: list[str], end: float) -> bool:
        """Whether one instrument, and nothing else that the tagger knows, sounds until `end`, played by one alone."""
        names = (name for name in self._column if name.split("/", 1)[0] in SOURCES)
        others = [name for name in names if name not in (*opening, INSTRUMENTAL)]
        one = len(opening) == 1 and SOLO in self._column and self.is_heard(SOLO, end)
        return one and all(self._is_absent(name, 0, self._step_at(end)) for name in others)

    def _step_at(self, seconds: float) -> int:
        return max(1, int(np.searchsorted(self._edges, seconds - 0.01)))

    def _is_absent(self, tag: str, a: int, b: int) -> bool:
        return self._probability(tag, a, b) <= min(ABSENT * self._column[tag][1], MOST_ABSENT)

    def _probability(self, tag: str, a: int, b: int) -> float:
        """Of the steps from a on and before b."""
        return float(self._tagset.probabilities(self._logits[a:b].mean(axis=0))[self._column[tag][0]])


def _in_rows(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Means of values [n, dim] in at most MAX_ROWS rows, float64 [n_rows, dim]; where they begin, and the last ends."""
    n = len(values)
    edges = np.linspace(0, n, min(n, MAX_ROWS) + 1).astype(int)
    return np.add.reduceat(values, edges[:-1], axis=0, dtype=np.float64) / np.diff(edges)[:, None], edges


def find_stretch(curve: np.ndarray, least: int) -> tuple[int, int]:
    """The one stretch whose mean stands out most above the mean of what is before and after it.

    Parameters
    ----------
    curve : float [n_rows]
    least : rows that the stretch has at least, and what is before it, and what is after it, where there is any

    Returns
    -------
    (first row, row after the last), which least squares choose for two levels; (0, n_rows) for a curve that is too
    short to have one
    """
    n = len(curve)
    total = np.concatenate([[0.0], np.cumsum(curve, dtype=np.float64)])
    starts, ends = np.array([0, *range(least, n)]), np.array([*range(least, n - least + 1), n])
    a, b = starts[:, None], ends[None, :]
    inside = b - a
    allowed = (inside >= least) & (n - inside >= least)
    if not allowed.any():
        return 0, n
    summed = total[b] - total[a]
    sizes = np.where(allowed, inside, 1)
    rest = np.maximum(n - sizes, 1)
    contrast = (summed / sizes - (total[-1] - summed) / rest) * np.sqrt(sizes * rest)
    i, j = np.unravel_index(np.argmax(np.where(allowed, contrast, -np.inf)), contrast.shape)
    return int(starts[i]), int(ends[j])


# -- loudness ----------------------------------------------------------------------------------------------------------


def _find_levels(loudness: Loudness, seconds: float) -> Iterator[Event]:
    """The fullest stretch, a quiet beginning, and an end that is quiet or fades."""
    first = int(loudness.silence_start)
    curve = np.array(loudness.curve[first : max(len(loudness.curve) - int(loudness.silence_end), 0)])
    curve = curve[: np.flatnonzero(curve > ABSOLUTE_GATE)[-1] + 1] if (curve > ABSOLUTE_GATE).any() else curve[:0]
    if len(curve) < 4 * LEVEL_SECONDS:
        return
    end = round(min(first + len(curve) + WINDOW_SECONDS - 1, seconds), 2)
    yield from _find_fullest(curve, first)
    level = float(np.median(curve)) - QUIETER
    before, after = _count_low(curve, level), _count_low(curve[::-1], level)
    if LEVEL_SECONDS <= before < len(curve):
        yield Event("quiet", 0.0, first + before + WINDOW_SECONDS / 2)
    faded = _count_fade(curve)
    if faded >= LEVEL_SECONDS:
        yield Event("fade", round(end - faded - WINDOW_SECONDS / 2, 2), end)
    elif LEVEL_SECONDS <= after < len(curve):
        yield Event("quiet", round(end - after - WINDOW_SECONDS / 2, 2), end)


def _find_fullest(curve: np.ndarray, first: int) -> Iterator[Event]:
    """The stretch within a track that is louder than all the rest of it, nearly throughout; `first` : its second 0."""
    rows, edges = _in_rows(curve[:, None])
    least = int(np.ceil(LEVEL_SECONDS / (len(curve) / len(rows))))
    a, b = (edges[i] for i in find_stretch(rows[:, 0], least))
    if a == 0 or b == len(curve) or b - a > MOST_FULL * len(curve):
        return
    low = np.percentile(curve[a:b], 10)
    stands_out = low > np.percentile(np.concatenate([curve[:a], curve[b:]]), 90)
    quieter = max(curve[:a].mean(), curve[b:].mean()) <= curve[a:b].mean() - FULLER
    if stands_out and quieter:
        yield Event("fullest", *(float(first + i + WINDOW_SECONDS / 2) for i in (a, b)))


def _count_low(curve: np.ndarray, level: float) -> int:
    """How many values from the beginning on are below `level`."""
    above = np.flatnonzero(curve >= level)
    return int(above[0]) if len(above) else len(curve)


def _count_fade(curve: np.ndarray) -> int:
    """How many values at the end fall one after the other; 0 where they do not fall by FADE together."""
    rises = np.flatnonzero(np.diff(curve) > RIPPLE)
    falling = curve[rises[-1] + 1 if len(rises) else 0 :]
    falling = falling[np.flatnonzero(falling >= falling.max() - 2 * RIPPLE)[-1] :]
    return len(falling) if falling[0] - falling[-1] >= FADE else 0
