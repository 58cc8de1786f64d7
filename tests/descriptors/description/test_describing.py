"""The languages side by side, and the composed pieces, of which the truth is known."""

import re

import pytest

from earmark import analyze
from earmark.demo import PIECES
from earmark.descriptors.description.describing import LANGUAGES, describe, language_of, tell_nothing
from earmark.descriptors.description.telling import SLOT
from earmark.errors import ConfigError

OTHERS = [language for code, language in LANGUAGES.items() if code != "en"]
TRUE_TEMPI = (1 / 3, 1 / 2, 1, 2, 3)  # levels of a pulse that a foot may tap


@pytest.fixture(scope="module")
def analyses(demo_folder) -> dict:
    """Name of a piece -> its analysis."""
    paths = {path.stem: path for path in demo_folder.iterdir() if path.suffix not in (".csv", ".json", "")}
    return {piece.name: analyze(paths[piece.name]) for piece in PIECES}


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_language_has_all_phrasings_and_words(language):
    english = LANGUAGES["en"]
    assert language.phrasings.keys() == english.phrasings.keys()
    assert language.words.keys() == english.words.keys()
    for name, ways in english.phrasings.items():
        allowed = {slot for way in ways for slot in SLOT.findall(way)} | {"what", "with"}
        assert {slot for way in language.phrasings[name] for slot in SLOT.findall(way)} <= allowed


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=lambda language: language.code)
def test_no_two_phrasings_of_a_kind_are_equal(language):
    assert all(len(set(ways)) == len(ways) > 0 for ways in language.phrasings.values())
    assert all(len(set(words)) == len(words) > 0 for words in language.adjectives.values())


@pytest.mark.parametrize("code", ["de", "DE", "de_AT.UTF-8", "de-CH"])
def test_a_language_by_its_code(code):
    assert language_of(code).code == "de"


@pytest.mark.parametrize("code", ["fr", "deutsch", "", "e"])
def test_another_language_is_an_error_that_names_the_right_ones(code):
    with pytest.raises(ConfigError, match=r"not a language of descriptions\. Use one of en, de\."):
        language_of(code)
    with pytest.raises(ConfigError):
        describe({}, {}, code)


def test_nothing_to_say():
    assert tell_nothing("too short").text == "Too short to say."
    assert tell_nothing("silence", "de").text == "Stille."
    assert tell_nothing("silence").phrases == ()


@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_what_is_told_of_a_composed_piece_is_sure_and_true(piece, analyses):
    analysis = analyses[piece.name]
    sure = {f"{group}/{hit.tag}" for group, hits in analysis.tags.items() for hit in hits if hit.sure}
    told = {tag for phrase in analysis.phrases() for tag in phrase.tags if not tag.startswith("voice/")}
    assert told <= sure
    for code, key in (("en", piece.key), ("de", LANGUAGES["de"].spell_key(piece.key))):
        text = analysis.describe(code)
        assert text.endswith(".")
        assert not re.search(r"  |,,|\.\.|\{|\[| \.|None", text)
        assert re.findall(r"[A-Ha-h](?:is|s)?-(?:Dur|Moll)|[A-G][#b]? (?:major|minor)", text) in ([], [key])
        for bpm in re.findall(r"(\d+) BPM", text):
            assert any(float(bpm) == pytest.approx(level * piece.bpm, rel=0.03) for level in TRUE_TEMPI)


def test_nothing_comes_or_goes_where_the_score_has_all_from_the_first_bar(analyses):
    """These play with all their instruments throughout, as written."""
    for name in ("chorale", "invention", "blues", "bossa-nova", "musette", "ballad", "choir", "nocturne", "boom-bap"):
        assert analyses[name].descriptors["course"].events == (), name


@pytest.mark.parametrize("code", LANGUAGES)
def test_pieces_do_not_all_read_alike(code, analyses):
    texts = [analysis.describe(code) for analysis in analyses.values()]
    assert len(set(texts)) == len(texts)
    shapes = {re.sub(r"\d+", "0", text.split(". ")[-1]) for text in texts}
    assert len(shapes) >= 8
