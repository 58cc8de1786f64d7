import pytest

from earmark.explore.meaning.names import is_named, names_query, tells_of_sound


@pytest.fixture
def love(store):
    return next(hit for hit in (store.track(i) for i in sorted(store.track_ids())) if hit.title == "A Love Supreme")


@pytest.mark.parametrize("text", ["a love supreme", "A LOVE SUPREME!", "John Coltrane", "coltrane supreme love"])
def test_names_in_any_order_and_case(love, text):
    assert is_named(love.fields, text)


@pytest.mark.parametrize("text", ["love song", "", "jazz", "slow love song"])
def test_other_words_and_words_of_sound_are_no_names(love, text):
    assert not is_named(love.fields, text)


def test_words_of_sound():
    assert tells_of_sound("sad, slow piano")
    assert not tells_of_sound("sad robot")


def test_the_search_for_names_asks_for_all_words_or_for_a_title_of_words_of_sound():
    assert names_query("Coltrane, supreme") == '"coltrane" "supreme"'
    assert names_query("Sad Piano!") == '"sad piano"'
    assert names_query(" - ") == ""
