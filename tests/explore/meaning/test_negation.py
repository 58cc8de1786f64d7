import pytest

from earmark.explore.meaning.negation import negations


def denied(text, guess=None):
    return [(one.concepts, text[one.start : one.end]) for one in negations(text, guess)]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("no vocals", ("voice/vocals",)), ("neither sad nor slow", ("mood/sadness", "character/slow")),
        ("piano -drums", ("instrument/drums",)),
        ("not too fast", ("character/fast",)),
        ("without drums and guitar", ("instrument/drums", "instrument/guitar")),
        ("neither here, no sad heavy metal", ("mood/sadness", "genre/metal")),
        ("piano instead of guitar", ("instrument/guitar",)), ("keine Frauenstimme", ("voice/female voice",)),
        ("歌が入っていない", ("voice/vocals",)), ("不悲伤", ("mood/sadness",)), ("без барабанов и голоса",
        ("instrument/drums", "voice/vocals")), ("بدون غناء", ("voice/vocals",)),
    ],
)  # fmt: skip
def test_what_is_denied(text, concepts):
    assert [one for one, _ in denied(text)] == [concepts]


def test_a_word_such_as_not_reaches_one_concept_and_no_further():
    assert denied("not sad and slow") == [(("mood/sadness",), "not sad")]


def test_and_joins_only_after_words_such_as_without():
    assert denied("no piano, drums") == [(("instrument/piano",), "no piano")]


@pytest.mark.parametrize("text", ["no nonsense punk", "Symphony No. 5", "an evening without you", "無伴奏"])
def test_words_of_negation_before_no_concept_are_left_alone(text):
    assert denied(text) == []


def test_what_is_no_name_of_a_concept_denies_nothing_but_is_found():
    assert denied("no saxophone") == [((), "no saxophone")]
