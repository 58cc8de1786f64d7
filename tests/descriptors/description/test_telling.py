"""Facts in words: whole sentences, and the evidence of each phrase."""

import re
from dataclasses import replace

import pytest

from earmark.descriptors.course import Course, Event
from earmark.descriptors.description.english import ENGLISH
from earmark.descriptors.description.facts import Facts
from earmark.descriptors.description.german import GERMAN
from earmark.descriptors.description.telling import Phrase, tell

PIANO, DRUMS = "instrument/piano", "instrument/drums"
COURSE = Course(
    180.0,
    (
        Event("quiet", 0.0, 12.0),
        Event("solo", 0.0, 42.0, (PIANO,)),
        Event("heard", 42.0, 180.0, (DRUMS,)),
        Event("fullest", 80.0, 125.0),
        Event("fade", 165.0, 180.0),
    ),
)
FACTS = Facts(
    adjectives=("mood/calmness", "mood/tenderness"), styles=("genre/classical",), instruments=(PIANO, DRUMS),
    bpm=(72.2,), metre="3/4", key="Eb minor", pace="slow", energy="low", course=COURSE,
)  # fmt: skip


def every_way(facts: Facts, language) -> set[str]:
    return {tell(facts, language, str(i)).text for i in range(300)}


def first_way(facts: Facts, language) -> set[str]:
    """With the first phrasing of each kind; tempo or key may come first."""
    first = {name: ways[:1] for name, ways in language.phrasings.items()}
    moods = {mood: words[:1] for mood, words in language.adjectives.items()}
    return every_way(facts, replace(language, phrasings=first, adjectives=moods, join_moods=language.join_moods[:1]))


def test_all_of_it_in_english():
    assert (
        "Calm, tender classical music with piano and drums. A slow 3/4 at 72 BPM in Eb minor, low energy. "
        "Begins quietly with solo piano, drums from 0:42, fullest from 1:20 to 2:05, fades away at the end."
    ) in first_way(FACTS, ENGLISH)


def test_all_of_it_in_german():
    assert (
        "Ruhige, zarte klassische Musik mit Klavier und Schlagzeug. Langsamer 3/4-Takt mit 72 BPM, in es-Moll, "
        "wenig Energie. Beginnt leise mit Klavier solo, Schlagzeug ab 0:42, am vollsten von 1:20 bis 2:05, "
        "verklingt am Ende."
    ) in first_way(FACTS, GERMAN)


@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=lambda language: language.code)
def test_equal_facts_of_one_track_have_equal_words(language):
    assert tell(FACTS, language, "0f") == tell(FACTS, language, "0f")
    assert len(every_way(FACTS, language)) > 50  # and those of others have others


@pytest.mark.parametrize(
    ("facts", "english", "german"),
    [
        (Facts(), "", ""),
        (Facts(styles=("genre/jazz",)), "Jazz.", "Jazz."),
        (Facts(adjectives=("mood/power",)), "Powerful music.", "Kraftvolle Musik."),
        (Facts(adjectives=("mood/power",), styles=("genre/jazz",)), "Powerful jazz.", "Kraftvoller Jazz."),
        (Facts(adjectives=("mood/dreamy",)), "Dreamy music.", "Dreamy Musik."),
        (Facts(instruments=(DRUMS,)), "Drums.", "Mit Schlagzeug."),
        (Facts(instruments=("instrument/strings",)), "Strings.", "Mit Streichern."),
        (Facts(styles=("genre/jazz",), voices=("voice/female voice",)), "Jazz with female vocals.",
         "Jazz mit Frauenstimme."),
        (Facts(styles=("genre/electronic",), instrumental=("voice/vocals",)), "Instrumental electronic music.",
         "Instrumentale elektronische Musik."),
        (Facts(styles=("genre/pop", "style/folk")), "Music between pop and folk.", "Musik zwischen Pop und Folk."),
        (Facts(styles=("genre/jazz",), eras=("era/80s",)), "Jazz, in the sound of the 80s.",
         "Jazz, im Klang der 80er Jahre."),
        (Facts(styles=("genre/jazz",), uses=("use/dancing",)), "Jazz, good for dancing.", "Jazz, gut zum Tanzen."),
        (Facts(bpm=(120.0,)), "120 BPM.", "120 BPM."),
        (Facts(bpm=(144.1, 72.0)), "144 or 72 BPM.", "144 oder 72 BPM."),
        (Facts(key="Bb minor"), "In Bb minor.", "In b-Moll."),
        (Facts(metre="3/4"), "3/4 time.", "Im 3/4-Takt."),
        (Facts(energy="high"), "High energy.", "Viel Energie."),
        (Facts(bpm=(120.0,), metre="3/4", key="B major"), "3/4 at 120 BPM in B major.",
         "3/4-Takt mit 120 BPM in H-Dur."),
    ],
)  # fmt: skip
def test_parts_alone(facts, english, german):
    assert english in every_way(facts, ENGLISH)
    assert german in every_way(facts, GERMAN)


def told(*events: Event) -> tuple[set[str], set[str]]:
    facts = Facts(course=Course(180.0, events))
    return every_way(facts, ENGLISH), every_way(facts, GERMAN)


@pytest.mark.parametrize(
    ("events", "english", "german"),
    [
        ([Event("heard", 42.0, 180.0, (DRUMS,))], "Drums come in at 0:42.", "Ab 0:42 kommt Schlagzeug hinzu."),
        ([Event("heard", 42.0, 180.0, (PIANO,))], "Piano comes in at 0:42.", "Ab 0:42 kommt Klavier hinzu."),
        ([Event("heard", 42.0, 180.0, (PIANO, DRUMS))], "Piano and drums join at 0:42.",
         "Ab 0:42 kommen Klavier und Schlagzeug hinzu."),
        ([Event("heard", 42.0, 90.0, (DRUMS,))], "Drums from 0:42 to 1:30.", "Schlagzeug von 0:42 bis 1:30."),
        ([Event("heard", 0.0, 90.0, (DRUMS,))], "Drums drop out at 1:30.", "Schlagzeug bis 1:30."),
        ([Event("opening", 0.0, 42.0, (PIANO,)), Event("heard", 0.0, 41.0, (PIANO,)),
          Event("heard", 42.0, 180.0, (DRUMS,))],
         "Begins with piano until 0:41, drums from 0:42.", "Beginnt mit Klavier bis 0:41, Schlagzeug ab 0:42."),
        ([Event("quiet", 0.0, 12.0), Event("opening", 0.0, 42.0, ("instrument/strings",))],
         "Opens softly with strings.", "Beginnt leise mit Streichern."),
        ([Event("quiet", 0.0, 12.0), Event("quiet", 160.0, 180.0)], "Begins quietly, ends quietly.",
         "Beginnt leise, endet leise."),
    ],
)  # fmt: skip
def test_what_happens(events, english, german):
    in_english, in_german = told(*events)
    assert english in in_english
    assert german in in_german


@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=lambda language: language.code)
def test_every_phrase_stands_in_the_text_with_its_evidence(language):
    found = tell(FACTS, language, "id")
    assert re.fullmatch(r"[^A-Z]{0,20}".join(re.escape(phrase.text) for phrase in found.phrases) + r"\.", found.text)
    assert "".join(p if isinstance(p, str) else p.text for p in found.pieces) == found.text
    tags = {tag for phrase in found.phrases for tag in phrase.tags}
    assert tags == {*FACTS.adjectives, *FACTS.styles, *FACTS.instruments}
    assert {name for phrase in found.phrases for name in phrase.descriptors} == {"tempo", "key", "energy", "course"}
    drums = [phrase for phrase in found.phrases if phrase.tags == (DRUMS,)]
    assert [phrase.passages for phrase in drums] == [((42.0, 180.0),)] * 2


def test_a_phrase_as_json():
    assert Phrase("drums from 0:42", (DRUMS,), ("course",), ((42.0, 180.0),)).to_dict() == {
        "text": "drums from 0:42",
        "tags": [DRUMS],
        "descriptors": ["course"],
        "passages": [{"start": 42.0, "end": 180.0}],
    }
