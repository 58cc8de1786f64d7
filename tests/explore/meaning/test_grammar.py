import pytest

from earmark.catalogue.filters import filter_to_text
from earmark.explore.meaning.grammar import read_question
from grammar_questions import QUESTIONS


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text)
def test_a_question_is_read_in_full(question):
    asked = read_question(question.text)

    assert (filter_to_text(asked.where) if asked.where else "") == question.where
    assert asked.not_wanted == question.denied
    assert asked.text == question.rest


def test_chips_are_pieces_of_the_question_in_their_order():
    text = 'calm piano, no vocals, "blue train", 80-100 bpm, from the 70s'
    chips = read_question(text).chips

    assert [chip.kind for chip in chips] == ["not", "words", "tempo", "year"]
    pieces = [text[chip.start : chip.end] for chip in chips]
    assert pieces == ["no vocals", '"blue train"', "80-100 bpm", "from the 70s"]


def test_a_question_without_a_chip_does_not_say_it_any_more():
    text = "calm piano, no vocals, 80-100 bpm"
    chip = read_question(text).chips[0]

    again = read_question(text[: chip.start] + text[chip.end :])

    assert (again.text, again.not_wanted, len(again.facts)) == ("calm piano", (), 1)


def test_quotes_of_every_script_are_names():
    for text in ('"so what" jazz', "“so what” jazz", "„so what“ jazz", "«so what» jazz", "「so what」 jazz"):
        asked = read_question(text)
        assert (asked.quotes, asked.text) == (("so what",), "jazz")


def test_what_cannot_be_told_is_left_out_and_said():
    asked = read_question("jazz but no saxophone")

    assert asked.not_wanted == ()
    assert [(chip.kind, chip.label) for chip in asked.chips] == [("left out", "left out: no tag tells of it")]


def test_a_guess_is_asked_for_what_no_concept_is_called():
    guess = {"moaning": "voice/vocals"}.get

    assert read_question("jazz without moaning", guess).not_wanted == ("voice/vocals",)
    assert read_question("no nonsense punk", guess).not_wanted == ()


def test_a_very_long_text_is_cut():
    assert len(read_question("la " * 1000).text) <= 500
