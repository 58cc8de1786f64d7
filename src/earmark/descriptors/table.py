"""The facts about a track that need no tagger: tempo, key, loudness, energy, structure. Each part has its own version.

Raising a part's version makes the next scan compute that part again, and that part only.
"""

from collections.abc import Callable
from dataclasses import dataclass

from earmark.audio.chroma import DEFAULT_CHROMA
from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.earprint import Earprint
from earmark.audio.loudness import Loudness
from earmark.descriptors.energy import Energy, estimate_energy
from earmark.descriptors.key.estimation import Key, estimate_key
from earmark.descriptors.key.head import VERSION as KEY_HEAD
from earmark.descriptors.structure import Structure, find_structure
from earmark.descriptors.tempo import Rhythm, estimate_rhythm
from earmark.tagger.model import Activations

Fact = Rhythm | Key | Loudness | Energy | Structure


@dataclass(frozen=True)
class Part:
    """One part: its version, and how it is computed from what was heard and from the tagger's activations."""

    version: str
    compute: Callable[[Earprint, Activations | None], Fact | None]


def _tempo(heard: Earprint, _: Activations | None) -> Rhythm:
    return estimate_rhythm(heard.S, heard.features)


def _key(heard: Earprint, _: Activations | None) -> Key | None:
    return None if heard.chroma is None else estimate_key(heard.chroma, DEFAULT_CHROMA)


def _loudness(heard: Earprint, _: Activations | None) -> Loudness | None:
    return heard.loudness


def _energy(heard: Earprint, _: Activations | None) -> Energy:
    return estimate_energy(heard.S, heard.features.frame_rate)


def _structure(heard: Earprint, activations: Activations | None) -> Structure | None:
    if activations is None:
        return None
    seconds = len(heard.S) / heard.features.frame_rate
    chroma = {} if heard.chroma is None else {"chroma": heard.chroma, "chroma_rate": DEFAULT_CHROMA.frame_rate}
    return find_structure(activations.embedding, activations.times, seconds, **chroma)


PARTS = {
    "tempo": Part("1", _tempo),
    "key": Part(KEY_HEAD, _key),
    "loudness": Part("1", _loudness),
    "energy": Part("1", _energy),
    "structure": Part("1", _structure),
}
NEEDS_TAGGER = frozenset({"structure"})
NEEDS_CHROMA = frozenset({"key", "structure"})


def part_names(features: FeatureConfig) -> tuple[str, ...]:
    """The parts that go with a model's front end: all with our own, only what the file itself tells with another."""
    return tuple(PARTS) if features == DEFAULT_FEATURES else ("loudness",)


def find_facts(heard: Earprint, activations: Activations | None, parts: set[str]) -> dict[str, Fact]:
    """The wanted parts, by name; one that cannot be known from this source (an old earprint) is left out."""
    found = {name: part.compute(heard, activations) for name, part in PARTS.items() if name in parts}
    return {name: fact for name, fact in found.items() if fact is not None}
