"""What a user has taught: examples of a tag, or of several tags of which one holds, and the head fitted to them."""

import base64
import binascii
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy  # its parts are loaded when first used, which a search need not pay for

from earmark.errors import ConfigError
from earmark.teaching.estimate import Estimate, estimate
from earmark.teaching.fit import Head, Space, best_scale, fit_head, held_out_logits

OWN = "own"  # the group that tags of one's own are told under, where they have no group of their own
NONE = ""  # the class of examples that have none of the tags
LONGEST_NAME = 64
LEAST = 0.5  # a tag is named from this probability on,
EXCEEDED = 0.1  # and where at most this share of the examples without it has as much
NEVER = 2.0
DRAWN, MOST_DRAWN = 3, 150  # tracks drawn for each example where none was named as being without the tag, and in all
SPACE_ROWS = 20_000  # tracks that mean and spread are taken of


@dataclass(frozen=True)
class Example:
    """A track that the user has judged: the tag it has, or `NONE`; and its name, for people who read the mirror."""

    tag: str
    name: str = ""


@dataclass(frozen=True)
class Taught:
    """A tag of the user's own, or a group of tags of which one holds.

    Attributes
    ----------
    name : of the tag or the group
    tags : its tags; of a tag without a group, itself alone
    is_group : whether it is a group
    examples : track_id -> what the user said
    version : raised by every change
    model_id : of the embeddings that the head reads
    head : of the classes `told`; None while one class alone has examples
    told : classes of the head, `NONE` among them
    thresholds : tag -> probability from which it is named; above 1 where it never is
    drawn : tracks that were drawn to stand for those without the tag, since the user named none
    estimate : what the head is worth
    """

    name: str
    tags: tuple[str, ...]
    is_group: bool = False
    examples: Mapping[str, Example] = field(default_factory=dict)
    version: int = 0
    model_id: str = ""
    head: Head | None = field(default=None, repr=False)
    told: tuple[str, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    drawn: int = 0
    estimate: Estimate | None = None

    @property
    def shown_group(self) -> str:
        """The group that its tags are told under."""
        return self.name if self.is_group else OWN

    def with_examples(self, examples: Mapping[str, Example | None]) -> "Taught":
        """The same with more examples, or others; None takes one back. Its tags are those that have examples."""
        merged = {i: one for i, one in {**self.examples, **examples}.items() if one is not None}
        tags = dict.fromkeys((*self.tags, *(one.tag for one in merged.values() if one.tag != NONE)))
        return replace(self, examples=merged, tags=tuple(tags), version=self.version + 1)

    def without_tag(self, tag: str) -> "Taught":
        """The same without one of its tags and the examples of it."""
        kept = {i: one for i, one in self.examples.items() if one.tag != tag}
        tags = tuple(name for name in self.tags if name != tag)
        return replace(self, examples=kept, tags=tags, version=self.version + 1)

    def fitted(self, ids: Sequence[str], vectors: np.ndarray, artist: Callable[[str], str], model_id: str) -> "Taught":
        """The same with a head fitted to its examples.

        Parameters
        ----------
        ids, vectors : of all tracks that this model has heard: [n], float [n, dim]
        artist : track_id -> the artist's name; a track without one stands for itself
        """
        row_of = {track_id: row for row, track_id in enumerate(ids)}
        judged = {row_of[i]: one.tag for i, one in sorted(self.examples.items()) if i in row_of}
        drawn = self._draw(judged, len(ids))
        told = tuple(name for name in (*self.tags, NONE) if name in {*judged.values()} or (drawn and name == NONE))
        bare = replace(self, model_id=model_id, head=None, told=told, thresholds={}, drawn=len(drawn), estimate=None)
        if len(told) < 2:
            return bare
        rows = [*judged, *drawn]
        labels = np.array([told.index(tag) for tag in (*judged.values(), *[NONE] * len(drawn))])
        groups = [artist(ids[row]) or f"\x00{ids[row]}" for row in rows]
        space = Space.of(vectors[:: max(1, len(vectors) // SPACE_ROWS)])
        return bare._with_head(np.asarray(vectors[rows], np.float32), labels, groups, space)

    def _with_head(self, x: np.ndarray, labels: np.ndarray, groups: list[str], space: Space) -> "Taught":
        logits = held_out_logits(x, labels, groups, len(self.told), space)
        scale = best_scale(logits, labels)
        head, scaled = fit_head(x, labels, len(self.told), space, scale), scale * logits
        found = estimate(scaled, labels, groups, self.told)
        shown = found.auc is not None and not found.verdict  # else it names nothing but the examples themselves
        lines = _lines(scaled, labels, self.told) if shown else {tag: NEVER for tag in self.tags}
        return replace(self, head=head, thresholds=lines, estimate=found)

    def _draw(self, judged: Mapping[int, str], total: int) -> list[int]:
        """Rows that stand for tracks without the tag: only of a single tag without counter-examples."""
        if self.is_group or not judged or NONE in judged.values():
            return []
        n = min(DRAWN * len(judged), MOST_DRAWN)
        rows = np.random.default_rng(zlib.crc32(self.name.encode())).permutation(total)[: n + len(judged)]
        return [int(row) for row in rows if row not in judged][:n]

    def probabilities(self, vectors: np.ndarray) -> np.ndarray | None:
        """Embeddings [n, dim] -> float32 [n, n_tags] in the order of `tags`; None without a head.

        A tag without examples has NaN.
        """
        if self.head is None:
            return None
        found = self.head.probabilities(vectors)
        columns = [found[:, self.told.index(tag)] if tag in self.told else np.full(len(found), np.nan, np.float32)
                   for tag in self.tags]  # fmt: skip
        return np.stack(columns, axis=1).astype(np.float32)

    def named(self, track_id: str, probabilities: Sequence[float]) -> str | None:
        """The tag that a track has, as far as is sure; the user's own word on an example comes first."""
        if track_id in self.examples:
            return self.examples[track_id].tag or None
        best = max(range(len(self.tags)), key=lambda i: _number(probabilities[i]))
        return self.tags[best] if _number(probabilities[best]) >= self.thresholds.get(self.tags[best], NEVER) else None

    # -- kept -------------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict:
        """The document that the catalogue keeps, for JSON."""
        return {
            "name": self.name, "is_group": self.is_group, "version": self.version, "tags": list(self.tags),
            "examples": {i: [one.tag, one.name] for i, one in sorted(self.examples.items())},
            "model_id": self.model_id, "told": list(self.told), "thresholds": dict(self.thresholds),
            "drawn": self.drawn, "estimate": self.estimate and self.estimate.to_dict(),
            "shape": None if self.head is None else list(self.head.weights.shape),
            "weights": None if self.head is None else _packed(self.head.weights),
            "bias": None if self.head is None else _packed(self.head.bias),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, values: Mapping) -> "Taught":
        """Read what `to_dict` made; raises ValueError, KeyError or TypeError for anything else."""
        return cls(
            name=values["name"], tags=tuple(values["tags"]), is_group=bool(values["is_group"]),
            examples={i: Example(*one) for i, one in values["examples"].items()}, version=int(values["version"]),
            model_id=values["model_id"], head=_head_of(values), told=tuple(values["told"]),
            thresholds=dict(values["thresholds"]), drawn=values["drawn"], estimate=_estimate_of(values["estimate"]),
        )  # fmt: skip


def check_name(name: str) -> str:
    """A name of a tag or group without spaces around it; raises ConfigError for what cannot be one."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable() or any(c in "/;|" for c in name):
        remedy = f"Give 1 to {LONGEST_NAME} letters, without / ; and |."
        raise ConfigError(name or "''", "no name of a tag", remedy)
    return name


def _lines(logits: np.ndarray, labels: np.ndarray, told: Sequence[str]) -> dict[str, float]:
    """Tag -> its threshold, by held-out probabilities of the examples that are without it."""
    p, lines = scipy.special.softmax(logits, axis=1), {}
    for k, tag in enumerate(told):
        if tag != NONE:
            others = np.sort(p[labels != k, k])
            allowed = int(EXCEEDED * (len(others) + 1))
            lines[tag] = max(LEAST, float(others[-1 - allowed]) if allowed < len(others) else 0.0)
    return lines


def _number(value: float | None) -> float:
    return -1.0 if value is None or value != value else float(value)


def _packed(array: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(array, "<f4").tobytes()).decode()


def _head_of(values: Mapping) -> Head | None:
    if values["weights"] is None:
        return None
    try:
        weights, bias = (np.frombuffer(base64.b64decode(values[name]), "<f4") for name in ("weights", "bias"))
    except binascii.Error as error:
        raise ValueError(str(error)) from error
    return Head(weights.reshape(values["shape"]), bias)


def _estimate_of(values: Mapping | None) -> Estimate | None:
    if values is None:
        return None
    known = {name: value for name, value in values.items() if name not in ("enough", "verdict")}
    pairs = {name: tuple(value) for name, value in known.items() if isinstance(value, list)}
    return Estimate(**known | pairs)
