"""Facts + a language -> sentences, each made of phrases that carry their evidence."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from earmark.descriptors.course import Course, Event
from earmark.descriptors.description.facts import Facts
from earmark.descriptors.description.language import Language, Noun, plain
from earmark.formats import clock

KINDS = ("solo", "opening", "quiet", "heard", "fullest", "fade")  # of events
MOST_CHANGES = 3  # comings and goings that are told
SLOT = re.compile(r"\{(\w+)\}")
NUMBER = re.compile(r"\[([^|\]]*)\|([^\]]*)\]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words of a description and what they rest on.

    Attributes
    ----------
    text : as it stands in the description
    tags : ``group/tag``
    descriptors : names
    passages : (start, end), seconds, that the words are about; empty for the whole track
    """

    text: str
    tags: tuple[str, ...] = ()
    descriptors: tuple[str, ...] = ()
    passages: tuple[tuple[float, float], ...] = ()

    def to_dict(self) -> dict:
        """JSON-ready."""
        return {
            "text": self.text,
            "tags": list(self.tags),
            "descriptors": list(self.descriptors),
            "passages": [{"start": start, "end": end} for start, end in self.passages],
        }


Piece = str | Phrase


@dataclass(frozen=True, slots=True)
class Description:
    """A description: `text` for people, `phrases` in the order in which they stand in it."""

    pieces: tuple[Piece, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        """All of it; empty where nothing is sure."""
        return "".join(_text(piece) for piece in self.pieces)

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """What carries evidence; between them are only commas, full stops and little words."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Phrase))


def tell(facts: Facts, language: Language, track_id: str) -> Description:
    """The sentences on the sound, on tempo and key, and on the course of a track."""
    teller = Teller(facts, language, track_id)
    sentences = [s for s in (teller.sound(), teller.numbers(), teller.course()) if s]
    pieces: list[Piece] = []
    for sentence in sentences:
        pieces += [*([" "] if pieces else []), *_capitalise(sentence), "."]
    return Description(tuple(pieces))


class Teller:
    """Puts the facts of one track into the words of one language."""

    def __init__(self, facts: Facts, language: Language, track_id: str) -> None:
        self._facts, self._language, self._track_id = facts, language, track_id

    # -- sentences -----------------------------------------------------------------------------------------------------

    def sound(self) -> list[Piece]:
        """``calm, tender classical music with piano and strings``; empty where no tag is sure."""
        head, sources = self._head(), self._sources()
        if not (head or sources):
            return []
        together = "sound_of_many" if len(self._facts.instruments + self._facts.voices) > 1 else "sound"
        told = self._fill(together if head and sources else "head" if head else "sources", head=head, sources=sources)
        eras = self._remark("era", self._facts.eras, self._language.eras)
        return told + eras + self._remark("use", self._facts.uses, self._language.uses)

    def _remark(self, name: str, tags: tuple[str, ...], words: Mapping[str, str]) -> list[Piece]:
        """What else listeners say: ``, in the sound of the 80s``, ``, good for dancing``."""
        told = [words.get(plain(_tag(tag)), _tag(tag)) for tag in tags]
        return self._fill(name, **{name: Phrase(self._language.enumerate(told), tags)}) if told else []

    def numbers(self) -> list[Piece]:
        """``a slow 3/4 at 72 BPM, in A minor, low energy``; empty where none is sure."""
        key, energy = self._key(), self._energy()
        order = self._choose(("pulse_key", "key_pulse"), "order") if key else "pulse"
        pulse = self._pulse("later_" if order == "key_pulse" else "")
        name = order if pulse else "key_alone" if key else ""
        told = self._fill(name, pulse=pulse, key=key) if name else []
        return [*told, ", ", energy] if told and energy else told or ([energy] if energy else [])

    def course(self) -> list[Piece]:
        """``begins with solo piano, drums from 0:42, fullest from 1:20 to 2:05, ends quietly``."""
        course = self._facts.course
        phrases = [] if course is None else self._tell_events(course)
        return [piece for i, phrase in enumerate(phrases) for piece in ([", "] if i else []) + [phrase]]

    # -- the parts of the first sentence -------------------------------------------------------------------------------

    def _head(self) -> list[Piece]:
        """Moods and styles; of an instrumental that too."""
        facts, language = self._facts, self._language
        nouns = [language.style(_tag(style)) for style in facts.styles]
        noun = nouns[0] if len(nouns) == 1 else Noun(language.words["music"], language.music_gender)
        if not (facts.adjectives or nouns or facts.instrumental):
            return []
        moods = [self._adjective(name, noun.gender) for name in facts.adjectives]
        words = [self._choose(language.join_moods, "moods").join(moods)] if moods else []
        for adjective in filter(None, (language.words["instrumental"] if facts.instrumental else "", noun.adjective)):
            words.append(language.inflect(adjective, noun.gender))
        between = [style.short or style.text for style in nouns] if len(nouns) == 2 else None
        text = " ".join([*words, noun.text if between is None else self._between(noun, *between)])
        return [Phrase(text, (*facts.adjectives, *facts.instrumental, *facts.styles))]

    def _adjective(self, name: str, gender: str) -> str:
        tag = _tag(name)
        known = self._language.adjectives.get(plain(tag))
        return self._language.inflect(self._choose(known, name), gender) if known else tag.replace("_", " ")

    def _between(self, noun: Noun, first: str, second: str) -> str:
        (text,) = self._fill("between", music=noun.text, first=first, second=second)
        return text

    def _sources(self) -> list[Piece]:
        """The instruments and voices, each a phrase of its own."""
        names = [*self._facts.instruments, *self._facts.voices]
        phrases = [Phrase(self._oblique(name), (name,), (), self._passages(name)) for name in names]
        joints = ["", *[", "] * (len(phrases) - 2), self._language.last][: len(phrases)]
        return [piece for pair in zip(joints, phrases, strict=True) for piece in pair if piece]

    def _oblique(self, name: str) -> str:
        noun = self._language.source(_tag(name))
        return noun.oblique or noun.text

    def _passages(self, name: str) -> tuple[tuple[float, float], ...]:
        """Where the course says that a source is heard."""
        events = self._facts.course.events if self._facts.course else ()
        return tuple((event.start, event.end) for event in events if event.kind == "heard" and name in event.tags)

    # -- the parts of the second sentence ------------------------------------------------------------------------------

    def _pulse(self, place: str) -> Phrase | None:
        """place : ``later_`` for phrasings that go on with a sentence"""
        facts = self._facts
        if not (facts.bpm or facts.metre):
            return None
        parts = {"pace": facts.pace, "metre": facts.metre, "bpm": facts.bpm}
        name = place + "_".join(part for part, value in parts.items() if value)
        pace = facts.pace and self._language.words[facts.pace]
        bpm = self._language.words["or"].join(f"{tempo:.0f}" for tempo in facts.bpm)
        (text,) = self._fill(name, pace=pace, metre=facts.metre or "", bpm=bpm)
        return Phrase(text, (), ("tempo",))

    def _key(self) -> Phrase | None:
        key = self._facts.key
        return None if key is None else Phrase(self._fill("key", key=self._language.spell_key(key))[0], (), ("key",))

    def _energy(self) -> Phrase | None:
        energy = self._facts.energy
        return Phrase(self._choose(self._language.phrasings[energy], "energy"), (), ("energy",)) if energy else None

    # -- the parts of the last sentence --------------------------------------------------------------------------------

    def _tell_events(self, course: Course) -> list[Phrase]:
        """Events as phrases: the beginning, comings and goings by time, the fullest stretch, the end."""
        kinds = {kind: [event for event in course.events if event.kind == kind] for kind in KINDS}
        opening = next(iter(kinds["solo"] + kinds["opening"]), None)
        softly = next((event for event in kinds["quiet"] if event.start == 0), None)
        alone = opening and set(opening.tags)
        leaving = next((e for e in kinds["heard"] if e.start == 0 and set(e.tags) == alone), None)
        changes = sorted((e for e in kinds["heard"] if e is not leaving), key=lambda event: event.start or event.end)
        ending = [("fades", event) for event in kinds["fade"]]
        ending += [("ends_quietly", event) for event in kinds["quiet"] if event is not softly]
        return [
            *([self._tell_opening(opening, softly, leaving)] if opening or softly else []),
            *(self._tell_change(event, course) for event in changes[:MOST_CHANGES]),
            *(self._tell_event(name, event) for name, event in [("fullest", e) for e in kinds["fullest"]] + ending),
        ]

    def _tell_opening(self, opening: Event | None, softly: Event | None, leaving: Event | None) -> Phrase:
        """leaving : where what opens is heard, if it is heard no more after that"""
        if opening is None:
            return self._tell_event("quietly", softly)
        name = f"{opening.kind}_quietly" if softly else opening.kind
        return self._tell_event(name, leaving or opening, "and_until" if leaving else "")

    def _tell_change(self, event: Event, course: Course) -> Phrase:
        """``drums from 0:42``, ``drums until 2:10``, ``drums from 0:42 to 2:10``."""
        name = "until" if event.start == 0 else "from" if event.end >= course.seconds else "from_until"
        return self._tell_event(name, event)

    def _tell_event(self, name: str, event: Event, more: str = "") -> Phrase:
        """name, more : phrasings, of which the second goes on with the first"""
        nouns = [self._language.source(_tag(tag)) for tag in event.tags]
        slots = {
            "what": self._language.enumerate([noun.text for noun in nouns]) if nouns else "",
            "with": self._language.enumerate([noun.oblique or noun.text for noun in nouns]) if nouns else "",
            "start": clock(event.start),
            "end": clock(event.end),
        }
        many = len(nouns) > 1 or any(noun.gender == "p" for noun in nouns)
        text = "".join(words for part in (name, more) if part for words in self._fill(part, many, **slots))
        return Phrase(text, event.tags, ("course",), ((event.start, event.end),))

    # -- words ---------------------------------------------------------------------------------------------------------

    def _choose(self, options: tuple[str, ...], what: str) -> str:
        """One of equally good options: the same for the same track, another for another."""
        digest = hashlib.blake2b(f"{self._track_id} {what}".encode(), digest_size=4).digest()
        return options[int.from_bytes(digest) % len(options)]

    def _fill(self, name: str, many: bool = False, **slots: str | Phrase | list[Piece]) -> list[Piece]:
        """One of the phrasings called `name` with its slots filled; one str where all of them are filled by str."""
        chosen = NUMBER.sub(lambda found: found[2 if many else 1], self._choose(self._language.phrasings[name], name))
        if all(isinstance(value, str) for value in slots.values()):
            return [chosen.format(**slots)]
        parts = SLOT.split(chosen)  # words, slot, words, slot, words ...
        filled = [slots[part] if i % 2 else part for i, part in enumerate(parts)]
        return [piece for part in filled if part for piece in (part if isinstance(part, list) else [part])]


def _text(piece: Piece) -> str:
    return piece if isinstance(piece, str) else piece.text


def _tag(name: str) -> str:
    return name.split("/", 1)[1]


def _capitalise(pieces: list[Piece]) -> list[Piece]:
    """The pieces of a sentence, its first letter upper case."""
    first, *rest = pieces
    text = f"{_text(first)[0].upper()}{_text(first)[1:]}"
    named = text if isinstance(first, str) else Phrase(text, first.tags, first.descriptors, first.passages)
    return [named, *rest]
