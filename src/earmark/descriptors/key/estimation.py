"""Chroma -> key: tonic and mode with candidates, confidence, tuning and key changes."""

from dataclasses import dataclass

import numpy as np

from earmark.audio.chroma import DEFAULT_CHROMA, ChromaConfig, semitones, tuning_cents
from earmark.descriptors.key.head import KeyHead, default_head
from earmark.descriptors.key.names import camelot, closeness, key_name
from earmark.descriptors.key.spelling import SPELT
from earmark.descriptors.key.tonality import is_tonal

WINDOW_SECONDS = 10.0  # of one local estimate; hand-set
CHANGE_COST = 6.0  # nats, the log probability that a key change must gain; hand-set
MIN_STEPS = 3  # rows that are not silent: fewer have no key; hand-set
MAX_SAMENESS = 0.992  # mean cosine of the rows with their mean: above it a drone, without a key; hand-set
NOISE = 0.965, 0.93  # flatness of the mean row over the pitch classes, and sameness: above both, noise; hand-set
MIN_CONFIDENCE = 0.08  # below it no key is named; hand-set (24 equal keys have 0.04 each)
N_CANDIDATES = 4


class Spelled:
    """What has a tonic and a mode has a name."""

    __slots__ = ()

    @property
    def label(self) -> str | None:
        """``Eb major``, as musicians write it; None where there is no key."""
        return None if self.tonic is None else SPELT.get((self.tonic, self.mode), f"{self.tonic} {self.mode}")

    def to_dict(self) -> dict:
        """The attributes, and ``name``: the label."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {"tonic": values.pop("tonic"), "mode": values.pop("mode"), "name": self.label} | values


@dataclass(frozen=True, slots=True)
class KeySegment(Spelled):
    """A stretch of a track in one key.

    Attributes
    ----------
    start, end : seconds
    tonic, mode : as in `Key`
    """

    start: float
    end: float
    tonic: str
    mode: str


@dataclass(frozen=True, slots=True)
class KeyCandidate(Spelled):
    """One possible key.

    Attributes
    ----------
    tonic, mode : as in `Key`
    weight : its probability, 0 to 1
    """

    tonic: str
    mode: str
    weight: float


@dataclass(frozen=True, slots=True)
class Key(Spelled):
    """The key of a track.

    Attributes
    ----------
    tonic, mode : "C" to "B" with sharps, "major" or "minor"; None where no key was found
    confidence : min(certainty, stability), 0 to 1; certainty is the probability of the key, stability the mean MIREX
        weight of the local estimates against it (1 for the same key)
    candidates : up to four, this key first, then the most probable others
    camelot : code on the DJs' wheel, "8A"; None without a key
    tuning_cents : distance from A4 = 440 Hz, within [-50, 50)
    segments : stretches of one key each, in order; more than one where the music modulates
    corrected : True where tonic and mode are the user's correction and not the estimate
    """

    tonic: str | None = None
    mode: str | None = None
    confidence: float = 0.0
    candidates: tuple[KeyCandidate, ...] = ()
    camelot: str | None = None
    tuning_cents: float = 0.0
    segments: tuple[KeySegment, ...] = ()
    corrected: bool = False

    def to_dict(self) -> dict:
        """The ``key`` of the JSON object; it has ``corrected`` only where that is True."""
        values = Spelled.to_dict(self)
        values |= {name: [part.to_dict() for part in getattr(self, name)] for name in ("candidates", "segments")}
        return values if values.pop("corrected") is False else values | {"corrected": True}

    @classmethod
    def from_dict(cls, values: dict) -> "Key":
        """The inverse of `to_dict`; raises TypeError or KeyError for other dictionaries."""
        candidates = tuple(KeyCandidate(**_without_name(candidate)) for candidate in values["candidates"])
        segments = tuple(KeySegment(**_without_name(segment)) for segment in values["segments"])
        return cls(**_without_name(values) | {"candidates": candidates, "segments": segments})


def _without_name(values: dict) -> dict:
    """What `Spelled.to_dict` made without the name, which follows from the rest; early catalogues hold none."""
    return {key: value for key, value in values.items() if key != "name"}


def estimate_key(C: np.ndarray, cfg: ChromaConfig = DEFAULT_CHROMA, head: KeyHead | None = None) -> Key:
    """The key of a track from its chroma alone.

    Parameters
    ----------
    C : float [n_steps, cfg.n_bins], as `earmark.audio.chroma.chroma` returns it
    cfg : how the chroma was computed
    head : the networks and profiles; by default those that earmark ships

    Returns
    -------
    Key; without tonic and mode for silence, noise, drums alone, single sounds and drones (confidence 0), and where the
    confidence is below MIN_CONFIDENCE.
    """
    cents = tuning_cents(C)
    P = semitones(C, cents, cfg)
    if not (_has_harmony(P) and is_tonal(C, P)):
        return Key(tuning_cents=round(cents, 1))
    rows, spans = _cut_windows(P, cfg)
    logits = (head or default_head()).logits(P, np.array([[0, len(P)], *rows]))
    whole, local = _softmax(logits[0]), _softmax(logits[1:])
    segments = _find_segments(local, spans)
    # Where the key changes, the pitches of the whole track fit no key: then the time spent in each decides.
    probabilities = whole if len(segments) == 1 else local.mean(axis=0)
    return _choose_key(probabilities, local, segments, round(cents, 1))


def _choose_key(probabilities: np.ndarray, local: np.ndarray, segments: tuple[KeySegment, ...], cents: float) -> Key:
    """The key of the largest expected MIREX weight, from the probabilities of the track [24] and of windows [n, 24]."""
    best = int((closeness() @ probabilities).argmax())
    stability = float(np.mean(closeness()[best][local.argmax(axis=1)]))
    confidence = round(min(float(probabilities[best]), stability), 3)
    candidates = _rank_candidates(probabilities, best)
    if confidence < MIN_CONFIDENCE:
        return Key(None, None, confidence, candidates, tuning_cents=cents)
    tonic, mode = key_name(best)
    return Key(tonic, mode, confidence, candidates, camelot(tonic, mode), cents, segments)


def _has_harmony(P: np.ndarray) -> bool:
    """Whether P, float32 [n_steps, n_octaves, 12], has changing tones: False for silence, a click, noise, a drone."""
    rows = P.sum(axis=1)
    rows = rows[rows.sum(axis=1) > 0]
    if len(rows) < MIN_STEPS:
        return False
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    mean = rows.mean(axis=0)
    sameness, flatness = float(np.linalg.norm(mean)), np.exp(np.log(mean + 1e-6).mean()) / mean.mean()
    return sameness < MAX_SAMENESS and not (flatness > NOISE[0] and sameness > NOISE[1])


def _cut_windows(P: np.ndarray, cfg: ChromaConfig) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping windows that are not silent: int [n, 2], first row and the row after the last; and their spans.

    Windows advance by half their length. The span, float [n, 2], start and end in seconds, is the window's middle half;
    the first and the last also cover the ends of the track.
    """
    length = max(1, round(WINDOW_SECONDS * cfg.frame_rate))
    starts = np.arange(0, max(1, len(P) - length // 2), max(1, length // 2))
    rows = np.stack([starts, np.minimum(starts + length, len(P))], axis=1)
    rows = rows[[P[first:last].any() for first, last in rows]]
    spans = (rows[:, :1] + length * np.array([[0.25, 0.75]])) / cfg.frame_rate
    spans[0, 0], spans[-1, 1] = 0.0, len(P) / cfg.frame_rate
    return rows, spans


def _find_segments(local: np.ndarray, spans: np.ndarray) -> tuple[KeySegment, ...]:
    """The most probable path through the windows' keys, probabilities [n, 24], by the Viterbi algorithm.

    A change of key costs CHANGE_COST nats.
    """
    emission = np.log(local + 1e-6)
    total, back = emission[0], []
    for row in emission[1:]:
        best = int(total.argmax())
        change = total[best] - CHANGE_COST
        back.append(np.where(total >= change, np.arange(24), best))
        total = np.maximum(total, change) + row
    path = [int(total.argmax())]
    for previous in reversed(back):
        path.append(int(previous[path[-1]]))
    return _merge_runs(path[::-1], spans)


def _merge_runs(path: list[int], spans: np.ndarray) -> tuple[KeySegment, ...]:
    """A segment for each run of equal key numbers in `path`, one number a window."""
    first = [0] + [i for i in range(1, len(path)) if path[i] != path[i - 1]]
    ends = [float(spans[i, 0]) for i in first[1:]] + [float(spans[-1, 1])]
    starts = [float(spans[0, 0]), *ends[:-1]]
    return tuple(
        KeySegment(round(a, 2), round(b, 2), *key_name(path[i])) for a, b, i in zip(starts, ends, first, strict=True)
    )


def _rank_candidates(probabilities: np.ndarray, best: int) -> tuple[KeyCandidate, ...]:
    """The chosen key, then the most probable others, from probabilities [24]."""
    order = [best] + [int(k) for k in probabilities.argsort()[::-1] if k != best]
    return tuple(KeyCandidate(*key_name(k), round(float(probabilities[k]), 3)) for k in order[:N_CANDIDATES])


def _softmax(logits: np.ndarray) -> np.ndarray:
    """Logits [..., 24] -> probabilities [..., 24]."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
