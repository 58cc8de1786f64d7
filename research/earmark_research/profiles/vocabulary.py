"""Every tag of the three profiles: its group, what it means, and which output of which network says it."""

from dataclasses import dataclass

from earmark_research.tagger.tags import DERIVED, FEELINGS, GENRES

HEAD = "head"  # a tag that the heads of ours know


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag.

    Attributes
    ----------
    group, name, definition : as shown
    positive : tags of musicnn's networks, ``mtt:piano``, whose mean logit it is; empty: a column of our heads
    negative : tags whose mean logit is taken away
    """

    group: str
    name: str
    definition: str
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """``group/name``."""
        return f"{self.group}/{self.name}"

    @property
    def sources(self) -> tuple[str, ...]:
        """Tags of musicnn's networks that it rests on, whether it is one of their outputs or was learned from them."""
        learned = (tag.positive + tag.negative for tag in DERIVED if (tag.group, tag.name) == (self.group, self.name))
        return self.positive + self.negative or next(learned, ())


def _entries(group: str, lines: str) -> tuple[Entry, ...]:
    """Entries from lines ``name | definition | mtt:a, msd:b | msd:c``; an empty third part: a column of our heads."""
    rows = ([part.strip() for part in line.split("|")] for line in lines.strip().splitlines())
    return tuple(Entry(group, name, definition, _split(plus), _split(minus)) for name, definition, plus, minus in rows)


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


STYLES = """
    alternative rock | guitar rock outside the mainstream | msd:alternative rock, msd:alternative |
    ambient | texture without a beat | msd:ambient, mtt:ambient |
    chillout | slow electronic music to unwind | msd:chillout |
    choral | sung by a choir | mtt:choral, mtt:choir |
    classic rock | rock in the manner of the 1960s and 1970s | msd:classic rock |
    dance | club music with a steady beat | msd:dance, mtt:dance |
    easy listening | smooth and undemanding | msd:easy listening |
    electro | hard-edged electronic dance music | msd:electro |
    electronica | electronic music for listening | msd:electronica |
    experimental | odd, outside the usual forms | msd:experimental, mtt:weird |
    folk | songs and tunes on acoustic instruments | msd:folk |
    funk | syncopated groove of bass, guitar and drums | msd:funk |
    hard rock | loud, distorted rock | msd:hard rock |
    heavy metal | distorted, fast and dense | msd:heavy metal, msd:metal |
    house | four to the floor, synthesizers and samples | msd:House |
    indian classical | sitar, tabla and their kin | mtt:indian, mtt:sitar |
    indie pop | pop of small labels | msd:indie pop |
    indie rock | rock of small labels | msd:indie rock, msd:indie |
    new age | calm sounds for rest | mtt:new age |
    opera | trained operatic voices | mtt:opera |
    progressive rock | long forms, changes of metre | msd:Progressive rock |
    punk | short, fast and raw rock | msd:punk |
    r&b | contemporary rhythm and blues | msd:rnb |
    soul | gospel-rooted singing over a groove | msd:soul |
    techno | repetitive electronic dance music | mtt:techno |
"""
MOODS = """
    happy | called happy | msd:happy |
    sad | called sad | msd:sad |
    mellow | called mellow | msd:Mellow |
    chill | called chill | msd:chill |
    party | called party music | msd:party |
    beautiful | called beautiful | msd:beautiful |
    sexy | called sexy | msd:sexy |
    catchy | called catchy | msd:catchy |
"""
INSTRUMENTS = """
    guitar | a guitar, acoustic or electric, is heard ||
    piano | a piano is heard ||
    strings | bowed strings are heard ||
    violin | a violin stands out ||
    cello | a cello stands out | mtt:cello |
    flute | a flute is heard ||
    harp | a harp is heard | mtt:harp |
    harpsichord | a harpsichord is heard ||
    sitar | a sitar or kindred Indian instrument is heard ||
    drums | drums or a drum machine carry a beat ||
    synthesizer | synthesizers are heard ||
"""
VOICES = """
    vocals | somebody sings or raps ||
    female voice | a female voice leads ||
    male voice | a male voice leads ||
    choir | several voices sing together ||
    instrumental | nobody sings | msd:instrumental, mtt:no vocals, mtt:no vocal, mtt:no voice |
"""
ERAS = """
    60s or older | sounds like the 1960s or before | msd:60s, msd:oldies |
    70s | sounds like the 1970s | msd:70s |
    80s | sounds like the 1980s | msd:80s |
    90s | sounds like the 1990s | msd:90s |
    00s | sounds like the 2000s | msd:00s |
"""
CHARACTERS = """
    acoustic | played on acoustic instruments ||
    heavy | distorted, hard and dense ||
    fast | listeners call it fast rather than slow ||
    slow | listeners call it slow rather than fast | mtt:slow | mtt:fast
    loud | listeners call it loud rather than quiet or soft ||
    quiet | listeners call it quiet or soft rather than loud | mtt:quiet, mtt:soft | mtt:loud
    solo | one player alone | mtt:solo |
"""
USES = """
    dancing | called dance, house or party music | msd:dance, msd:House, msd:party, mtt:dance |
    relaxing | called chillout, ambient or new age | msd:chillout, msd:chill, msd:ambient, mtt:new age |
"""

VOCABULARY = (
    *(Entry("genre", name, f"called {name} by its listeners") for name in GENRES),
    *_entries("style", STYLES),
    *(Entry("mood", name, f"share of listeners who feel {name}") for name in FEELINGS),
    *_entries("mood", MOODS),
    *_entries("instrument", INSTRUMENTS),
    *_entries("voice", VOICES),
    *_entries("era", ERAS),
    *_entries("character", CHARACTERS),
    *_entries("use", USES),
    Entry("content", "music", "music rather than noise, speech, a tone or silence"),
    Entry("scale", "energy", "0 calm to 1 driving: listeners felt power, joy or tension rather than calm or sadness"),
    Entry("scale", "valence", "0 dark to 1 bright: listeners felt joy rather than sadness or tension"),
)
KINDS = {"genre": "exclusive", "scale": "share"}
"""Kind of a group; all others are independent."""
GROUPS = tuple(dict.fromkeys(entry.group for entry in VOCABULARY))
