import pytest

from earmark.catalogue.corrections import (
    FIELDS,
    apply_corrections,
    apply_tag_corrections,
    check_correction,
    rivals,
)
from earmark.descriptors.key import Key
from earmark.descriptors.tempo import Rhythm
from earmark.errors import QueryError
from earmark.tagger.tags import TagProbability
from earmark.tagger.tagset import TagGroup, Tagset


def test_the_users_values_take_the_place_of_the_estimates():
    estimates = {"tempo": Rhythm(120.0, 0.4, metre="4/4"), "key": Key("C", "major", 0.3, camelot="8B")}

    found = apply_corrections(estimates, {"tempo": "92.5", "key": "Bbm", "metre": "3/4"})

    tempo, key = found["tempo"], found["key"]
    assert (tempo.bpm, tempo.metre, tempo.confidence, tempo.corrected) == (92.5, "3/4", 0.4, True)
    assert (key.tonic, key.mode, key.camelot, key.confidence, key.corrected) == ("A#", "minor", "3A", 0.3, True)
    assert estimates["tempo"].bpm == 120.0
    assert not estimates["tempo"].corrected


def test_without_corrections_nothing_changes():
    estimates = {"tempo": Rhythm(120.0, 0.4)}
    assert apply_corrections(estimates, {}) == estimates
    assert apply_corrections(estimates, {"key": "8A"})["tempo"] is estimates["tempo"]


def test_a_correction_counts_where_nothing_was_estimated():
    found = apply_corrections({}, {"tempo": "140", "key": "8A"})
    assert (found["tempo"].bpm, found["key"].label, found["key"].corrected) == (140.0, "A minor", True)


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("tempo", "fast", "not a tempo"),
        ("tempo", "1000", "not a tempo"),
        ("tempo", "nan", "not a tempo"),
        ("key", "H major", "not a key"),
        ("metre", "waltz", "not a metre"),
        ("metre", "3/5", "not a metre"),
        ("mood", "sad", "cannot be corrected"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(field, value, problem):
    with pytest.raises(QueryError, match=problem):
        check_correction(field, value)


@pytest.mark.parametrize(("field", "value"), [("tempo", "30"), ("tempo", "300.0"), ("key", "8a"), ("metre", "7/8")])
def test_what_can_be_is_accepted(field, value):
    check_correction(field, value)
    assert field in FIELDS


TAGSET = Tagset(
    (
        TagGroup("genre", ("jazz", "rock"), "exclusive"),
        TagGroup("mood", ("calm", "sad")),
        TagGroup("scale", ("valence",), "share"),
    )
)
HEARD = {
    "genre": [TagProbability("rock", 0.8, True), TagProbability("jazz", 0.1, False)],
    "mood": [TagProbability("calm", 0.6, True), TagProbability("sad", 0.2, False)],
}


def test_a_confirmed_genre_is_the_only_one_and_comes_first():
    found = apply_tag_corrections(HEARD, {"genre/jazz": "yes"}, TAGSET)
    assert found["genre"] == [TagProbability("jazz", 0.1, True), TagProbability("rock", 0.8, False)]
    assert found["mood"] == HEARD["mood"]
    assert rivals("genre/jazz", TAGSET) == ["genre/rock"]
    assert rivals("mood/sad", TAGSET) == []


def test_tags_that_are_no_rivals_are_each_as_the_user_says():
    found = apply_tag_corrections(HEARD, {"mood/sad": "yes", "mood/calm": "no", "genre/rock": "no"}, TAGSET)
    assert [(hit.tag, hit.sure) for hit in found["mood"]] == [("sad", True), ("calm", False)]
    assert not any(hit.sure for hit in found["genre"])


def test_a_tag_that_nothing_was_told_of_is_there_once_it_is_confirmed():
    found = apply_tag_corrections({"genre": [], "mood": []}, {"mood/sad": "yes", "mood/calm": "no"}, TAGSET)
    assert found == {"genre": [], "mood": [TagProbability("sad", 1.0, True)]}


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("genre/polka", "yes", "no tag that can be corrected"),
        ("scale/valence", "yes", "no tag that can be corrected"),
        ("own/campfire", "yes", "no tag that can be corrected"),
        ("mood/sad", "maybe", "neither yes nor no"),
    ],
)
def test_only_tags_of_the_model_are_confirmed_or_denied(field, value, problem):
    with pytest.raises(QueryError, match=problem):
        check_correction(field, value, TAGSET)
