"""A question -> what it asks of the sound: concepts with weights, from words, from the encoder and from keywords."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from earmark.catalogue.filters import Filter, filter_to_text
from earmark.errors import QueryError
from earmark.explore.meaning.concepts import concepts, mentions
from earmark.explore.meaning.encoder import INSTALL, TextEncoder
from earmark.explore.meaning.grammar import Asked, Chip, read_question
from earmark.explore.meaning.soundmap import SURE, SoundMap

NAMED, HINTED = 2.0, 1.0  # of a concept that a text names, or hints at, beside 1 for what the encoder is surest of
MOST_WEIGHT = 100.0
NOTHING = "nothing in it tells of a sound"


@dataclass(frozen=True)
class Understood:
    """What a question was understood to ask.

    Attributes
    ----------
    text : what was left for the encoder and for concepts, after facts, negations, quotes and own tags
    weights : concepts and tags -> weight, below 0 for what is not wanted; the largest first. Of the text it is 1
    named : whether the text names a concept, or the encoder is sure of one
    where : the filter that facts and the user's own make
    chips : pieces of the question that were read as facts, negations and quotes
    quotes : names that title, artist or album must have
    note : what a user should know, such as what is not installed; may be empty
    """

    text: str = ""
    weights: dict[str, float] = field(default_factory=dict)
    named: bool = False
    where: Filter | None = None
    chips: tuple[Chip, ...] = ()
    quotes: tuple[str, ...] = ()
    note: str = ""

    def to_dict(self) -> dict:
        """``understood`` of ``search --explain --json``."""
        wanted = [{"name": name, "weight": round(w, 3)} for name, w in self.weights.items() if w > 0]
        denied = [{"name": name, "weight": round(w, 3)} for name, w in self.weights.items() if w < 0]
        return {
            "concepts": wanted, "not": [one["name"] for one in denied], "against": denied,
            "where": filter_to_text(self.where) if self.where is not None else "", "text": self.text,
            "quotes": list(self.quotes),
            "chips": [{"kind": c.kind, "label": c.label, "start": c.start, "end": c.end} for c in self.chips],
            **({"note": self.note} if self.note else {}),
        }  # fmt: skip


def understand(
    text: str, sound: SoundMap, encoder: TextEncoder | None, keywords: Mapping[str, float] | None = None
) -> Understood:
    """Read a question; without the encoder concepts are found by name alone.

    Raises
    ------
    QueryError : a keyword is no tag of the model, or its weight is out of bounds
    """
    meaning = None if encoder is None else _Meaning(sound, encoder)
    asked = read_question(text, meaning and meaning.guess, sound.own)
    weights, sure = _of_text(asked.text, sound, meaning)
    certain = (
        dict.fromkeys(asked.own, 1.0)
        | {fact.concept: 1.0 for fact in asked.facts if fact.concept}
        | {name: -1.0 for name in asked.not_wanted}
    )
    for name, weight in (keywords or {}).items():
        certain[check_keyword(name, weight, sound)] = weight
    if not sure and (certain or asked.facts or asked.quotes):  # "songs", "music that is": what is sure stands alone
        weights = {}
    ordered = dict(sorted((weights | certain).items(), key=lambda pair: -pair[1]))
    note = _note(asked, bool(sure or certain or asked.facts or asked.quotes), encoder)
    return Understood(asked.text, ordered, sure, asked.where, tuple(asked.chips), asked.quotes, note)


def _of_text(text: str, sound: SoundMap, meaning: "_Meaning | None") -> tuple[dict[str, float], bool]:
    """Concepts that a text names and means, the heaviest with weight 1; and whether one of them is sure."""
    named = _named(text, sound)
    found = meaning(text) if meaning and text else {}
    most = max(found.values(), default=1.0)
    weights = {name: named.get(name, 0.0) + found.get(name, 0.0) / most for name in named | found}
    heaviest = max(weights.values(), default=1.0)
    return {name: weight / heaviest for name, weight in weights.items()}, bool(named) or (bool(found) and most >= SURE)


class _Meaning:
    """Texts -> concepts that they mean."""

    def __init__(self, sound: SoundMap, encoder: TextEncoder) -> None:
        self._sound, self._encoder = sound, encoder

    def __call__(self, text: str) -> dict[str, float]:
        return self._sound.meant(self._encoder.encode([text])[0])

    def guess(self, phrase: str) -> str | None:
        """The concept that a denied phrase means, where the map is sure."""
        name, value = next(iter(self(phrase).items()), ("", 0.0))
        return name if value >= SURE else None


def _named(text: str, sound: SoundMap) -> dict[str, float]:
    weights: dict[str, float] = {}
    for mention in mentions(text):
        telling = float(sound.telling[sound.concepts.index(mention.concept)])
        weight = telling * (HINTED if mention.is_hint else NAMED)
        weights[mention.concept] = max(weight, weights.get(mention.concept, 0.0))
    return weights


def _note(asked: Asked, sure: bool, encoder: TextEncoder | None) -> str:
    if encoder is None and asked.text:
        return f"concepts are found by name alone. {INSTALL}"
    return NOTHING if asked.text and not sure else ""


def check_keyword(name: str, weight: float, sound: SoundMap) -> str:
    """The tag or concept that a keyword means, by its full name or the part after the group where one alone has it.

    Raises
    ------
    QueryError : there is none, several have it, or a weight that is 0 or out of bounds
    """
    if not 0 < abs(weight) <= MOST_WEIGHT:
        raise QueryError(weight, "no weight of a tag", f"Give 0 to {MOST_WEIGHT:g}, or as much below 0.")
    known = list(dict.fromkeys((*sound.tags, *concepts())))
    folded = name.strip().lower()
    known_as = {one.lower(): one for one in known}
    if folded in known_as:
        return known_as[folded]
    fitting = [one for one in known if one.lower().split("/")[-1] == folded]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise QueryError(name, "a tag of several groups", f"Say which: {', '.join(fitting)}.")
    near = [one for one in known if folded and (folded in one.lower() or one.lower().split("/")[-1] in folded)]
    raise QueryError(
        name,
        "no tag of the model",
        f"Perhaps {', '.join(near[:5])}." if near else "See docs/tags.md.",
    )
