"""The key of a track as a descriptor: tonic and mode, with candidates, confidence, tuning and key changes."""

from earmark.audio.chroma import DEFAULT_CHROMA
from earmark.audio.earprint import Earprint
from earmark.descriptors.key.estimation import Key, KeyCandidate, KeySegment, estimate_key
from earmark.tagger.model import Activations

__all__ = ["COLUMNS", "NEEDS", "VERSION", "Key", "KeyCandidate", "KeySegment", "estimate", "from_dict", "line"]

VERSION = "2"  # raised with the weights of the head and with the rules of the estimation
NEEDS = frozenset({"mel", "chroma"})
COLUMNS = {
    "key": ("text", "label"),
    "key_confidence": ("number", "confidence"),
    "camelot": ("text", "camelot"),
    "tuning_cents": ("number", "tuning_cents"),
}

from_dict = Key.from_dict


def estimate(earprint: Earprint, activations: Activations | None = None) -> Key | None:
    """The key from the chroma; None for an earprint without chroma. `activations` are not used."""
    return None if earprint.chroma is None else estimate_key(earprint.chroma, DEFAULT_CHROMA)


def line(key: Key) -> str:
    """``G minor, 6A  (confidence 0.80)``."""
    if key.tonic is None:
        return "no key found"
    source = "corrected by you" if key.corrected else f"confidence {key.confidence:.2f}"
    return f"{key.label}, {key.camelot}  ({source})"
