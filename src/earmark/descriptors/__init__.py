"""What is known of a track beside its tags: a module each for tempo, key, loudness, energy and structure.

Every descriptor module has the same six names:

``VERSION``
    raised when its answers change: the next scan then computes this descriptor again, and no other
``NEEDS``
    what it is computed from: ``mel`` (the log-mel of our own front end), ``chroma``, ``loudness``, ``activations``
``COLUMNS``
    what of it can be filtered in a catalogue: column -> (``number`` or ``text``, attribute of its dataclass)
``estimate(earprint, activations)``
    its dataclass, or None where this source cannot tell it; the dataclass has ``to_dict()``
``from_dict(values)``
    the dataclass back from what ``to_dict()`` gave
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
from earmark.descriptors import energy, key, loudness, structure, tempo
from earmark.descriptors.energy import Energy
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
}
"""Name -> module, in the order in which they are computed and shown."""

Descriptor = Rhythm | Key | Loudness | Energy | Structure
ANY_FRONT_END = frozenset({"loudness"})
"""What does not depend on the log-mel: descriptors that need no more go with every model."""


def names_for(features: FeatureConfig) -> tuple[str, ...]:
    """The descriptors that go with a model's front end: all with our own, those of `ANY_FRONT_END` with another."""
    own = features == DEFAULT_FEATURES
    return tuple(name for name, module in DESCRIPTORS.items() if own or module.NEEDS <= ANY_FRONT_END)


def needs_of(names: Collection[str]) -> frozenset[str]:
    """All that the named descriptors are computed from."""
    return frozenset().union(*(DESCRIPTORS[name].NEEDS for name in names))


def estimate(earprint: Earprint, activations: Activations | None, names: Collection[str]) -> dict[str, Descriptor]:
    """The named descriptors; one that this source cannot tell (an earprint of an older version) is left out.

    activations : of the tagger over the same sound; None where no descriptor in `names` needs them
    """
    found = {name: DESCRIPTORS[name].estimate(earprint, activations) for name in DESCRIPTORS if name in names}
    return {name: descriptor for name, descriptor in found.items() if descriptor is not None}


def from_dicts(values: dict[str, dict]) -> dict[str, Descriptor]:
    """Name -> descriptor from name -> its dict, in the order of `DESCRIPTORS`."""
    return {name: module.from_dict(values[name]) for name, module in DESCRIPTORS.items() if name in values}


def lines(descriptors: dict[str, Descriptor]) -> list[tuple[str, str]]:
    """(name, text) of every descriptor, for the terminal."""
    return [(name, DESCRIPTORS[name].line(descriptor)) for name, descriptor in descriptors.items()]
