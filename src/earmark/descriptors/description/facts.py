"""What of a track is told, in no language: only what is sure, and nothing that contradicts it or says it again."""

from dataclasses import dataclass

import numpy as np

from earmark.descriptors.course import INSTRUMENTAL, Course
from earmark.descriptors.description.language import plain
from earmark.descriptors.key import Key
from earmark.descriptors.tempo import Rhythm
from earmark.tagger.tags import TagProbability

MOST = {"mood": 2, "genre": 1, "style": 1, "instrument": 3, "voice": 2, "era": 1, "use": 1}  # that are named
MIN_STYLE = 0.5  # probability of a style, from which on it stands beside a genre that it is no part of
NO_VOICE = 0.1  # probability of every voice, below which there surely is none
MIN_TEMPO, MIN_METRE, MIN_KEY, MIN_OCTAVE = 0.3, 0.3, 0.5, 0.7  # confidence from which on they are told
SLOW, FAST = 76.0, 140.0  # BPM
THREES = ("3/4", "6/8")
OCTAVE_WIDTH = 0.05  # octaves by which a double or half may be off

MEANINGS = {
    "calm": {"calmness", "calm", "chill", "mellow", "relaxing", "peaceful", "quiet"},
    "tender": {"tenderness", "tender", "romantic"},
    "sad": {"sadness", "sad", "melancholic", "dark"},
    "joyful": {"joyful activation", "joyful", "happy", "party", "upbeat", "fun"},
    "tense": {"tension", "tense", "aggressive", "scary"},
    "powerful": {"power", "powerful", "heavy", "epic", "energetic"},
    "solemn": {"solemnity", "solemn"},
    "dancing": {"dancing", "dance"},
}
"""What several moods and uses mean alike: one of them is enough."""
CONTRADICTING = {
    frozenset(pair.split()) for pair in (
        "calm tense", "calm powerful", "calm joyful", "tender tense", "tender powerful", "sad joyful", "solemn joyful",
        "tense joyful", "calm high", "tender high", "sad high", "powerful low", "joyful low", "tense low", "calm fast",
        "tender fast", "sad fast", "solemn fast", "low fast", "high slow", "joyful slow", "powerful slow",
        "calm dancing", "tender dancing", "sad dancing", "low dancing", "slow dancing",
    )
}  # fmt: skip
"""Meanings, levels of energy and paces of which no two are told together; the one that comes first stays."""
CHARACTERS = ("acoustic", "heavy", "mellow")  # told beside the moods
PARENTS = {
    "rock": {"alternative rock", "classic rock", "hard rock", "heavy metal", "indie rock", "progressive rock", "punk"},
    "metal": {"heavy metal"},
    "pop": {"indie pop", "dance", "easy listening"},
    "electronic": {"ambient", "chillout", "dance", "electro", "electronica", "house", "techno", "new age"},
    "classical": {"choral", "opera", "baroque"},
    "hiphop": {"rap", "trip hop"},
}
"""Genre -> styles that say it too."""

IMPLIED = {
    "dancing": {"dance", "house", "techno", "disco"},
    "relaxing": {"ambient", "chillout", "new age", "easy listening"},
}
"""Use -> styles that say it too."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of a track; tags are ``group/tag``, and nothing that is empty or None is told.

    Attributes
    ----------
    adjectives : moods and characters
    styles : one or two kinds of music that it is
    instruments, voices : that are heard
    instrumental : tags that show that nobody sings
    eras, uses : as listeners say
    bpm : the tempo, and its double or half where that may be meant
    metre, key : of the whole
    pace : ``slow`` or ``fast``
    energy : ``low`` or ``high``
    course : of the track
    """

    adjectives: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    instrumental: tuple[str, ...] = ()
    eras: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    bpm: tuple[float, ...] = ()
    metre: str | None = None
    key: str | None = None
    pace: str = ""
    energy: str = ""
    course: Course | None = None


def gather(tags: dict[str, list[TagProbability]], descriptors: dict) -> Facts:
    """The facts of a track from its tags, most probable first, and its descriptors by name."""
    told = {group: _select(tags, group)[:most] for group, most in MOST.items()}
    voices, course = _name_voices(tags), descriptors.get("course")
    adjectives, styles = _select_adjectives(tags), _choose_styles(told["genre"], told["style"], tags)
    meanings = [meaning for name in adjectives if (meaning := _meaning_of(name))]
    energy = _agreeing(getattr(descriptors.get("energy"), "level", None) or "", meanings, ("low", "high"))
    bpm, metre, pace = _read_rhythm(descriptors.get("tempo", Rhythm()), [*meanings, energy])
    return Facts(
        adjectives=tuple(adjectives),
        styles=styles,
        instruments=tuple(tag for tag in told["instrument"] if tag.split("/")[1] not in ("voice", "vocals")),
        voices=voices,
        instrumental=() if voices or _sings_at_times(course) else _show_that_nobody_sings(tags),
        eras=tuple(told["era"]),
        uses=_choose_uses(told["use"], styles, [*meanings, energy, pace]),
        bpm=bpm,
        metre=metre,
        key=_read_key(descriptors.get("key", Key())),
        pace=pace,
        energy=energy,
        course=course,
    )


def _select(tags: dict[str, list[TagProbability]], group: str) -> list[str]:
    """``group/tag`` of the sure tags of a group."""
    return [f"{group}/{hit.tag}" for hit in tags.get(group, []) if hit.sure]


def _select_adjectives(tags: dict[str, list[TagProbability]]) -> list[str]:
    """Moods and characters, the surest first: none that means what another means, or contradicts it."""
    characters = [name for name in _select(tags, "character") if plain(name.split("/")[1]) in CHARACTERS]
    found: list[str] = []
    for name in (*_select(tags, "mood"), *characters):
        meaning = _meaning_of(name)
        others = [_meaning_of(other) for other in found]
        if not meaning or not (meaning in others or _contradicts(meaning, others)):
            found.append(name)
    return found[: MOST["mood"]]


def _meaning_of(name: str) -> str:
    tag = plain(name.split("/", 1)[1])
    return next((meaning for meaning, names in MEANINGS.items() if tag in names), "")


def _contradicts(meaning: str, others: list[str]) -> bool:
    return any(frozenset((meaning, other)) in CONTRADICTING for other in others)


def _agreeing(word: str, others: list[str], told: tuple[str, ...]) -> str:
    """The word if it is one that is told and contradicts none of the others, else ""."""
    return word if word in told and not _contradicts(word, others) else ""


def _choose_styles(genre: list[str], style: list[str], tags: dict[str, list[TagProbability]]) -> tuple[str, ...]:
    """The style alone where it says the genre too; another style beside the genre if it is as good as certain."""
    if not (genre and style):
        return (*genre, *style)
    broad, narrow = (plain(name.split("/", 1)[1]) for name in (genre[0], style[0]))
    if narrow in PARENTS.get(broad.replace(" ", ""), ()) or broad in narrow.split():
        return (*style,)
    probable = next(hit.probability for hit in tags["style"] if hit.sure) >= MIN_STYLE
    return (*genre, *style) if probable else (*genre,)


def _choose_uses(uses: list[str], styles: tuple[str, ...], others: list[str]) -> tuple[str, ...]:
    """The uses that no style says anyway, and that nothing else contradicts."""
    named = {plain(style.split("/", 1)[1]) for style in styles}
    return tuple(
        use for use in uses
        if not named & IMPLIED.get(plain(use.split("/", 1)[1]), set()) and not _contradicts(_meaning_of(use), others)
    )  # fmt: skip


def _name_voices(tags: dict[str, list[TagProbability]]) -> tuple[str, ...]:
    """The sure voices, those that say the most: a female voice makes vocals needless."""
    sure = [name for name in _select(tags, "voice") if not _denies(name)]
    named = [name for name in sure if name != "voice/vocals"]
    return tuple((named or sure)[: MOST["voice"]]) or tuple(
        name for name in _select(tags, "instrument") if name.split("/")[1] in ("voice", "vocals")
    )


def _denies(name: str) -> bool:
    """Whether a voice is none: "instrumental", "no vocals"."""
    return name == INSTRUMENTAL or plain(name.split("/", 1)[1]).startswith("no ")


def _show_that_nobody_sings(tags: dict[str, list[TagProbability]]) -> tuple[str, ...]:
    """The sure tags that say so, or all voices where every one is very improbable in what surely is music."""
    denying = [hit for hit in tags.get("voice", []) if _denies(f"voice/{hit.tag}")]
    voices = [hit for hit in tags.get("voice", []) if hit not in denying]
    heard = any(hit.sure for group in tags.values() for hit in group)
    if any(hit.sure for hit in denying):
        return tuple(f"voice/{hit.tag}" for hit in denying if hit.sure)
    improbable = heard and all(hit.probability < NO_VOICE for hit in voices)
    return tuple(f"voice/{hit.tag}" for hit in voices) if improbable else ()


def _sings_at_times(course: Course | None) -> bool:
    return course is not None and any(tag.startswith("voice/") for event in course.events for tag in event.tags)


def _read_rhythm(rhythm: Rhythm, others: list[str]) -> tuple[tuple[float, ...], str | None, str]:
    """BPM, metre and pace where they are sure, or the user's own; 4/4 is what everybody expects: only the user says it.

    others : meanings and energy; a pace that contradicts them casts doubt on the octave
    """
    told = rhythm.bpm is not None and (rhythm.corrected or rhythm.confidence >= MIN_TEMPO)
    sure = rhythm.metre not in (None, "4/4") and rhythm.metre_confidence >= MIN_METRE
    metre = rhythm.metre if rhythm.corrected or (sure and told) else None
    if not told:
        return (), metre, ""
    pace = "slow" if rhythm.bpm < SLOW else "fast" if rhythm.bpm > FAST else ""
    fits = not _contradicts(pace, others)
    if _is_octave_sure(rhythm) and fits:
        return (rhythm.bpm,), metre, pace
    return (rhythm.bpm, *_other_octave(rhythm)), metre, ""


def _other_octave(rhythm: Rhythm) -> list[float]:
    """The likeliest double or half of a tempo; nothing where none is likely, and for the user's own.

    What goes by threes has neither: its beats are three times as fast as its bars.
    """
    if rhythm.corrected or rhythm.metre in THREES:
        return []
    return [c.bpm for c in rhythm.candidates[1:] if abs(abs(np.log2(c.bpm / rhythm.bpm)) - 1) < OCTAVE_WIDTH][:1]


def _is_octave_sure(rhythm: Rhythm) -> bool:
    """Whether the tempo is no other one's double or half; an older estimate that does not tell is taken as it is."""
    return rhythm.corrected or rhythm.octave_confidence is None or rhythm.octave_confidence >= MIN_OCTAVE


def _read_key(key: Key) -> str | None:
    """``A minor`` where it is sure, or the user's own."""
    return key.label if key.corrected or key.confidence >= MIN_KEY else None
