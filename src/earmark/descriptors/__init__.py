"""Descriptors, properties of a track beside its tags, a module each: tempo, key, loudness, energy, structure, course.

Every descriptor module has the same six names:

``VERSION``
    raised when its results change: the next scan then computes this descriptor again, and no other
``NEEDS``
    its inputs: ``mel`` (the log-mel of the default front end), ``chroma``, ``loudness``, ``activations``
``COLUMNS``
    the columns of a catalogue that it fills: column -> (``number`` or ``text``, attribute of its dataclass)
``estimate(earprint, activations)``
    its dataclass, or None where an input is missing; the dataclass has ``to_dict()``
``from_dict(values)``
    the inverse of ``to_dict()``; raises TypeError or KeyError for other dictionaries
``line(descriptor)``
    a line for the terminal

A new descriptor is such a module and its entry in `DESCRIPTORS`: scan, catalogue, filters, JSON and Python then have
it.
"""

from collections.abc import Collection
from types import ModuleType

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.earprint import Earprint
from earmark.audio.loudness import Loudness
from earmark.descriptors import course, energy, key, loudness, structure, tempo
from earmark.descriptors.course import Course
from earmark.descriptors.energy import Energy
from earmark.descriptors.enough import TOO_SHORT, is_too_short
from earmark.descriptors.key import Key
from earmark.descriptors.structure import Structure
from earmark.descriptors.tempo import Rhythm
from earmark.tagger.model import Activations

DESCRIPTORS: dict[str, ModuleType] = {
    "tempo": tempo,
    "key": key,
    "loudness": loudness,
    "energy": energy,
    "structure": structure,
    "course": course,
}
"""Name -> module, in the order in which they are computed and shown."""

Descriptor = Rhythm | Key | Loudness | Energy | Structure | Course
"""The dataclass of any descriptor."""

NOTHING: dict[str, Descriptor] = {"tempo": Rhythm(), "key": Key(), "energy": Energy()}
"""Name -> the descriptor of a track that is too short; loudness and structure say themselves what they can."""

ANY_FRONT_END = frozenset({"loudness"})
"""Inputs that do not depend on the front end: descriptors that need no others are computed with every model."""


def names_for(features: FeatureConfig) -> tuple[str, ...]:
    """The descriptors that are computed with a model's front end: all of them with the default front end.

    With another front end only those that need no more than `ANY_FRONT_END`.
    """
    default = features == DEFAULT_FEATURES
    return tuple(name for name, module in DESCRIPTORS.items() if default or module.NEEDS <= ANY_FRONT_END)


def needs_of(names: Collection[str]) -> frozenset[str]:
    """The inputs of all named descriptors together; raises KeyError for a name that is not in `DESCRIPTORS`."""
    return frozenset().union(*(DESCRIPTORS[name].NEEDS for name in names))


def estimate(earprint: Earprint, activations: Activations | None, names: Collection[str]) -> dict[str, Descriptor]:
    """The named descriptors, in the order of `DESCRIPTORS`.

    Parameters
    ----------
    earprint : in the default front end, unless `names` are those that `names_for` gives for another
    activations : of the tagger for the same earprint; None where no descriptor in `names` needs them
    names : other names than those of `DESCRIPTORS` are ignored

    Returns
    -------
    Name -> descriptor; one whose input is missing (chroma and loudness in an earprint of version 1) is left out.
    """
    found = {name: _estimate_one(name, earprint, activations) for name in DESCRIPTORS if name in names}
    return {name: descriptor for name, descriptor in found.items() if descriptor is not None}


def _estimate_one(name: str, earprint: Earprint, activations: Activations | None) -> Descriptor | None:
    short = name in NOTHING and is_too_short(name, earprint.seconds)
    return NOTHING[name] if short else DESCRIPTORS[name].estimate(earprint, activations)


def from_dicts(values: dict[str, dict]) -> dict[str, Descriptor]:
    """Name -> descriptor from name -> ``to_dict()`` of it, in the order of `DESCRIPTORS`.

    Other names are ignored; raises TypeError or KeyError for a dictionary of another shape.
    """
    return {name: module.from_dict(values[name]) for name, module in DESCRIPTORS.items() if name in values}


def lines(descriptors: dict[str, Descriptor], seconds: float) -> list[tuple[str, str]]:
    """(name, line) of every descriptor of a track of so many analysed seconds, for the terminal."""
    return [(name, _line(name, descriptor, seconds)) for name, descriptor in descriptors.items()]


def _line(name: str, descriptor: Descriptor, seconds: float) -> str:
    corrected = getattr(descriptor, "corrected", False)  # the user may know what cannot be heard
    return TOO_SHORT if is_too_short(name, seconds) and not corrected else DESCRIPTORS[name].line(descriptor)
