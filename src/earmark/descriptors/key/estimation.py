"""Chroma -> key: tonic and mode with candidates, confidence, tuning and key changes; no audio needed."""

from dataclasses import asdict, dataclass

import numpy as np

from earmark.audio.chroma import DEFAULT_CHROMA, ChromaConfig, semitones, tuning_cents
from earmark.descriptors.key.head import KeyHead, default_head
from earmark.descriptors.key.names import camelot, closeness, key_name

WINDOW_SECONDS = 10.0  # of music that one local estimate sees; hand-set
CHANGE_COST = 6.0  # nats that a key change must gain over staying; hand-set
MIN_STEPS = 3  # rows that sound: with fewer there is nothing to tell a key from; hand-set
MAX_SAMENESS = 0.992  # mean cosine to the mean row: above it one sound stands still, a drone; hand-set
NOISE = 0.965, 0.93  # evenness of the mean row over the classes, and sameness: above both, noise; hand-set
MIN_CONFIDENCE = 0.08  # below it no key is named; hand-set (24 equal keys have 0.04 each)
N_CANDIDATES = 4


@dataclass(frozen=True, slots=True)
class KeySegment:
    """A stretch in one key; start and end in seconds."""

    start: float
    end: float
    tonic: str
    mode: str


@dataclass(frozen=True, slots=True)
class KeyCandidate:
    """One possible key and its share of the belief, 0 to 1."""

    tonic: str
    mode: str
    weight: float


@dataclass(frozen=True, slots=True)
class Key:
    """The key of a track.

    Attributes
    ----------
    tonic, mode : "C".."B" with sharps, "major" or "minor"; None where nothing was found
    confidence : min(certainty, stability); certainty is the probability of the first candidate, stability the share of
        the sounding time whose own estimate is this key or, at MIREX's weights, near to it
    candidates : up to four, most probable first
    camelot : code on the DJs' wheel, "8A"; None without a key
    tuning_cents : distance from A4 = 440 Hz, within [-50, 50)
    segments : stretches of one key each, in order; more than one where the music modulates
    corrected : True where tonic and mode are the user's word and not the estimate
    """

    tonic: str | None = None
    mode: str | None = None
    confidence: float = 0.0
    candidates: tuple[KeyCandidate, ...] = ()
    camelot: str | None = None
    tuning_cents: float = 0.0
    segments: tuple[KeySegment, ...] = ()
    corrected: bool = False

    @property
    def label(self) -> str | None:
        """``A minor``, with sharps; None where no key was found."""
        return None if self.tonic is None else f"{self.tonic} {self.mode}"

    def to_dict(self) -> dict:
        """The ``key`` of the JSON object; ``corrected`` stands there only where it is so."""
        values = asdict(self) | {"candidates": [asdict(candidate) for candidate in self.candidates]}
        values["segments"] = [asdict(segment) for segment in self.segments]
        return values if values.pop("corrected") is False else values | {"corrected": True}

    @classmethod
    def from_dict(cls, values: dict) -> "Key":
        """Read what `to_dict` gave; raises TypeError or KeyError where it is something else."""
        candidates = tuple(KeyCandidate(**candidate) for candidate in values["candidates"])
        segments = tuple(KeySegment(**segment) for segment in values["segments"])
        return cls(**values | {"candidates": candidates, "segments": segments})


def estimate_key(C: np.ndarray, cfg: ChromaConfig = DEFAULT_CHROMA, head: KeyHead | None = None) -> Key:
    """The key of a track from its chroma alone.

    Parameters
    ----------
    C : float [n_steps, cfg.n_bins], as `chroma` returns it
    head : what weighs the evidence; left out, the one that earmark ships

    Returns
    -------
    Key; without tonic and mode, and with confidence 0, for silence, noise, single sounds and drones.
    """
    cents = tuning_cents(C)
    P = semitones(C, cents, cfg)
    if not _has_harmony(P):
        return Key(None, None, 0.0, tuning_cents=round(cents, 1))
    rows, spans = _windows(P, cfg)
    logits = (head or default_head()).logits(P, np.array([[0, len(P)], *rows]))
    whole, local = _softmax(logits[0]), _softmax(logits[1:])
    segments = _segments(local, spans)
    # Where the key changes, the whole track's pitches fit no key: then the time spent in each decides.
    belief = whole if len(segments) == 1 else local.mean(axis=0)
    best = int((closeness() @ belief).argmax())
    stability = float(np.mean(closeness()[best][local.argmax(axis=1)]))
    confidence = round(min(float(belief[best]), stability), 3)
    if confidence < MIN_CONFIDENCE:
        return Key(None, None, confidence, _candidates(belief, best), tuning_cents=round(cents, 1))
    tonic, mode = key_name(best)
    return Key(tonic, mode, confidence, _candidates(belief, best), camelot(tonic, mode), round(cents, 1), segments)


def _has_harmony(P: np.ndarray) -> bool:
    """Whether tones sound that move: false for silence, a click, noise, a drone. P [n_steps, octaves, 12]."""
    rows = P.sum(axis=1)
    rows = rows[rows.sum(axis=1) > 0]
    if len(rows) < MIN_STEPS:
        return False
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    mean = rows.mean(axis=0)
    sameness, evenness = float(np.linalg.norm(mean)), np.exp(np.log(mean + 1e-6).mean()) / mean.mean()
    return sameness < MAX_SAMENESS and not (evenness > NOISE[0] and sameness > NOISE[1])


def _windows(P: np.ndarray, cfg: ChromaConfig) -> tuple[np.ndarray, np.ndarray]:
    """Overlapping windows that sound: their rows [n, 2], and the (start, end) in seconds [n, 2] that they speak for.

    Windows advance by half their length; each speaks for its middle half, the first and last also for the ends.
    """
    length = max(1, round(WINDOW_SECONDS * cfg.frame_rate))
    starts = np.arange(0, max(1, len(P) - length // 2), max(1, length // 2))
    rows = np.stack([starts, np.minimum(starts + length, len(P))], axis=1)
    rows = rows[[P[first:last].any() for first, last in rows]]
    spans = (rows[:, :1] + length * np.array([[0.25, 0.75]])) / cfg.frame_rate
    spans[0, 0], spans[-1, 1] = 0.0, len(P) / cfg.frame_rate
    return rows, spans


def _segments(local: np.ndarray, spans: np.ndarray) -> tuple[KeySegment, ...]:
    """The likeliest course of keys when a change costs CHANGE_COST nats (Viterbi)."""
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
    return _runs(path[::-1], spans)


def _runs(path: list[int], spans: np.ndarray) -> tuple[KeySegment, ...]:
    """Equal neighbours in `path` become one segment."""
    first = [0] + [i for i in range(1, len(path)) if path[i] != path[i - 1]]
    ends = [float(spans[i, 0]) for i in first[1:]] + [float(spans[-1, 1])]
    starts = [float(spans[0, 0]), *ends[:-1]]
    return tuple(
        KeySegment(round(a, 2), round(b, 2), *key_name(path[i])) for a, b, i in zip(starts, ends, first, strict=True)
    )


def _candidates(belief: np.ndarray, best: int) -> tuple[KeyCandidate, ...]:
    """The chosen key, then the most probable others."""
    order = [best] + [int(k) for k in belief.argsort()[::-1] if k != best]
    return tuple(KeyCandidate(*key_name(k), round(float(belief[k]), 3)) for k in order[:N_CANDIDATES])


def _softmax(logits: np.ndarray) -> np.ndarray:
    """Logits [..., 24] -> probabilities."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)
