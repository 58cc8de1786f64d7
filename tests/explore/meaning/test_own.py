import pytest

from earmark.explore.meaning.grammar import read_question
from earmark.explore.meaning.own import own_mentions

OWN = ("own/jazz night", "own/night", "own/bass", "own/metal", "own/80s", "own/夜の海", "own/no vocals", "live/no")


def named(text, own=OWN):
    return [(one.concept, text[one.start : one.end]) for one in own_mentions(text, own)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Jazz-Night in the night", [("own/jazz night", "Jazz-Night"), ("own/night", "night")]),
        ("jazz nights, midnight", []),
        ("heavy metal, bass, metal", [("own/bass", "bass"), ("own/metal", "metal")]),
        ("from the 80s", []),
        ("静かな夜の海を", [("own/夜の海", "夜の海")]),
        ("no vocals, no jazz", [("own/no vocals", "no vocals")]),
    ],
)
def test_the_longest_name_at_each_place_is_meant(text, found):
    assert named(text) == found


def test_what_was_masked_before_is_no_space_in_a_name():
    assert named("jazz\0night", ["own/jazz night"]) == []


@pytest.mark.parametrize(
    ("text", "denied", "wanted", "rest"),
    [
        ("no jazz night", ["own/jazz night"], (), ""),
        ("piano, no jazz night or drums", ["own/jazz night", "instrument/drums"], (), "piano"),
        ("piano -jazz night", ["own/jazz night"], (), "piano"),
        ("no jazz night piano", ["own/jazz night"], (), "piano"),
        ("no jazz at night", ["genre/jazz"], ("own/night",), ""),
        ("a jazz night without bass", ["own/bass"], ("own/jazz night",), ""),
        ("夜の海なし", ["own/夜の海"], (), ""),
        ("没有夜の海", ["own/夜の海"], (), ""),
        ("jazz night, sin night", ["own/night"], ("own/jazz night",), ""),
    ],
)
def test_own_tags_are_denied_by_their_whole_name(text, denied, wanted, rest):
    asked = read_question(text, own=OWN)
    assert (list(asked.not_wanted), asked.own, asked.text) == (denied, wanted, rest)


def test_a_fact_inside_an_own_name_is_no_fact():
    asked = read_question("80s night, 120 bpm", own=["own/80s night"])
    assert (asked.own, [fact.kind for fact in asked.facts]) == (("own/80s night",), ["tempo"])
    assert [fact.kind for fact in read_question("from the 80s", own=["own/80s"]).facts] == ["year"]
