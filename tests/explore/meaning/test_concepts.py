import pytest

from earmark.explore.meaning.concepts import concepts, mentions, stem
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path

LANGUAGES = {"en", "de", "fr", "es", "pt", "ja", "zh", "ru"}


def named(text):
    return [found.concept for found in mentions(text)]


def test_every_tag_of_the_bundled_model_is_a_concept_or_part_of_one():
    tags = {tag for concept in concepts().values() for tag in concept.tags}
    assert tags == set(load_model(model_path("default")).tagset.names()) - {"content/music"}


def test_a_concept_is_called_something_in_eight_languages():
    lacking = {name for name, concept in concepts().items() if LANGUAGES - set(concept.phrases)}
    assert lacking == set()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Traurige Klaviermusik", ["mood/sadness", "instrument/piano"]),
        ("MÚSICA ALEGRE PARA BAILAR con guitarras", ["mood/happy", "use/dancing", "instrument/guitar"]),
        ("грустная фортепианная музыка", ["mood/sadness", "instrument/piano"]),
        ("悲しいピアノ", ["mood/sadness", "instrument/piano"]),
        ("欢快的吉他舞曲", ["mood/happy", "instrument/guitar", "use/dancing"]),
        ("fast death metal", ["character/fast", "genre/metal"]), ("Hip-Hop", ["genre/hiphop"]),
        ("ambience of a pianola in Rockport", []),
    ],
)  # fmt: skip
def test_concepts_are_found_by_name_in_any_form(text, found):
    assert named(text) == found


def test_the_longest_phrase_wins():
    assert named("hard rock") == ["style/hard rock"]
    assert named("ヘヴィメタル") == ["genre/metal"]


def test_a_place_is_that_of_the_text_as_it_was_typed():
    text = "Größe: ＪＡＺＺ, fröhlich"
    assert [text[found.start : found.end] for found in mentions(text)] == ["ＪＡＺＺ", "fröhlich"]


def test_forms_of_a_word_have_one_stem():
    assert len({stem(word) for word in ("guitarra", "Guitarras", "GUITARRA")}) == 1
    assert len({stem(word) for word in ("грустный", "грустная", "грустных")}) == 1
    assert stem("pop") == "pop"
