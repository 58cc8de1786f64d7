"""The tags of a model: ordered, in groups, each with its calibration and its threshold."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Literal, get_args

import numpy as np

from earmark.errors import ModelError

Kind = Literal["exclusive", "independent", "value", "share"]


@dataclass(frozen=True, slots=True)
class TagGroup:
    """Tags that belong together, such as genres or moods.

    Attributes
    ----------
    name : e.g. ``genre``; the key under ``tags`` in every output
    tags : the names, in the order of the model's outputs
    kind : ``exclusive`` one of them holds (softmax); ``independent`` each holds or not (sigmoid);
        ``value`` each is a number on a scale of its own (no squashing); ``share`` the same, kept within 0 and 1
    scale, bias : per tag, the calibration fitted on held-out data: z -> scale * z + bias
    threshold : per tag, the probability under which it is "unsure"; 0 by default: never
    definition : per tag, what it means; may be empty
    support : per tag, what shows that it can be trusted; may be empty
    half : per tag, seconds of sound at which the evidence counts half; 0 by default: it always counts in full

    Raises
    ------
    ModelError : numbers of values that differ from that of tags, equal tags or none, or an unknown kind
    """

    name: str
    tags: tuple[str, ...]
    kind: Kind = "independent"
    scale: tuple[float, ...] = ()
    bias: tuple[float, ...] = ()
    threshold: tuple[float, ...] = ()
    definition: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    half: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.tags)
        object.__setattr__(self, "tags", tuple(self.tags))
        neutrals = {"scale": 1.0, "bias": 0.0, "threshold": 0.0, "definition": "", "support": "", "half": 0.0}
        for name, neutral in neutrals.items():
            values = tuple(getattr(self, name)) or (neutral,) * n
            if len(values) != n:
                raise ModelError(f"tag group {self.name!r}", f"{len(values)} {name} values for {n} tags", REEXPORT)
            object.__setattr__(self, name, values)
        if self.kind not in get_args(Kind):
            raise ModelError(f"tag group {self.name!r}", f"unknown kind {self.kind!r}", REEXPORT)
        if len(set(self.tags)) != n or n == 0:
            raise ModelError(f"tag group {self.name!r}", "tags must be distinct and at least one", REEXPORT)

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Calibrated probabilities (or values), float32 [..., n_tags of the group].

        Parameters
        ----------
        logits : float32 [..., n_tags of the group]
        """
        z = logits * np.asarray(self.scale, np.float32) + np.asarray(self.bias, np.float32)
        if self.kind == "value":
            return z
        if self.kind == "share":
            return np.clip(z, 0, 1)
        if self.kind == "independent":
            return (0.5 * (1 + np.tanh(0.5 * z))).astype(np.float32)  # the sigmoid, without overflow
        e = np.exp(z - z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def lowered(self, probabilities: np.ndarray, margin: np.ndarray) -> np.ndarray:
        """What the probability of each tag would be if its own logit were less by `margin`.

        Parameters
        ----------
        probabilities, margin : float [n_tags of the group]; numbers of values stay as they are
        """
        if self.kind in ("value", "share"):
            return probabilities
        p, factor = np.asarray(probabilities, np.float64), np.exp(np.asarray(self.scale) * margin)
        return np.where(factor == 1, p, p / (p + (1 - p) * factor))


REEXPORT = "Export the model again with `earmark train`."


@dataclass(frozen=True)
class Tagset:
    """The groups of a model's outputs; logits [..., n_tags] have the tags of all groups in this order.

    ``len`` of it is n_tags. Raises ModelError without groups or where two have one name.
    """

    groups: tuple[TagGroup, ...] = field(default_factory=tuple)

    def __post_init__(self) -> None:
        object.__setattr__(self, "groups", tuple(self.groups))
        names = [group.name for group in self.groups]
        if not names or len(set(names)) != len(names):
            raise ModelError(f"tagset {names}", "groups must be distinct and at least one", REEXPORT)

    def __len__(self) -> int:
        return sum(len(group.tags) for group in self.groups)

    def slices(self) -> list[tuple[TagGroup, slice]]:
        """Each group with the columns of the logits that are its own."""
        pairs, start = [], 0
        for group in self.groups:
            pairs.append((group, slice(start, start + len(group.tags))))
            start += len(group.tags)
        return pairs

    def names(self) -> list[str]:
        """``group/tag`` for each column."""
        return [f"{group.name}/{tag}" for group in self.groups for tag in group.tags]

    def group(self, name: str) -> TagGroup:
        """The group called `name`; raises ModelError that lists the right ones."""
        for group in self.groups:
            if group.name == name:
                return group
        raise ModelError(name, "no such tag group", f"The model has {', '.join(g.name for g in self.groups)}.")

    def probabilities(self, logits: np.ndarray) -> np.ndarray:
        """Calibrated probabilities (or values), group by group: the only way from logits to probabilities.

        Parameters
        ----------
        logits : [..., n_tags]

        Returns
        -------
        float32 [..., n_tags]

        Raises
        ------
        ModelError : the last axis is not n_tags long
        """
        logits = np.asarray(logits, np.float32)
        if logits.shape[-1] != len(self):
            raise ModelError("logits", f"{logits.shape[-1]} columns for {len(self)} tags", REEXPORT)
        return np.concatenate([g.probabilities(logits[..., part]) for g, part in self.slices()], axis=-1)

    def temper(self, logits: np.ndarray, seconds: float) -> np.ndarray:
        """Logits [..., n_tags] drawn towards 0 by how little was heard, see `TagGroup.half`; float32."""
        weight = [seconds / (seconds + half) for group in self.groups for half in group.half]
        return logits * np.asarray(weight, np.float32)

    def to_dict(self) -> dict:
        """``tagset`` of the model file's metadata."""
        return {"groups": [asdict(group) for group in self.groups]}

    @classmethod
    def from_dict(cls, values: dict) -> "Tagset":
        """Read what `to_dict` made, also from JSON; raises ModelError where it cannot be understood."""
        try:
            return cls(tuple(TagGroup(**_tuples(group)) for group in values["groups"]))
        except (KeyError, TypeError) as error:
            raise ModelError("tagset", f"not understood ({error})", REEXPORT) from error


def _tuples(group: dict) -> dict:
    return {key: tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
            for key, value in group.items()}  # fmt: skip
