"""Ids, titles, paths and words that are pieces of SQL go through the whole store as the texts that they are."""

import contextlib
from dataclasses import replace

import pyarrow as pa
import pytest

from earmark.catalogue.filters import Compare, Has, Like, OneOf
from earmark.catalogue.query import Query
from earmark.catalogue.tables import Table
from earmark.errors import AudioError, EarmarkError

EVIL = ("x' OR '1'='1", "x') OR ('a'='a", "'; DROP TABLE tracks; --", 'q"q', "a\\", "%", "_", "`", "$1", "''", "é'")


@pytest.fixture
def evil(scanned):
    """The prepared store, with a track of each evil id and title, as an older version may have kept them."""
    row = scanned._tracks.read().to_pylist()[0]
    scanned._tracks.upsert("track_id", [row | {"track_id": text, "title": text} for text in EVIL])
    state = next(iter(scanned.files().values()))
    scanned.write([], [replace(state, path=f"/music/{text.replace('/', '')}.flac", track_id=text) for text in EVIL])
    return scanned


@pytest.mark.parametrize("text", EVIL)
def test_a_track_is_found_by_its_own_id_alone(evil, text):
    assert evil.track(text).track_id == text
    assert set(evil.versions([text])) == {text}
    assert evil.corrections([text]) == {}


@pytest.mark.parametrize("text", EVIL)
def test_filters_compare_with_the_text(evil, text):
    for where in (Compare("track_id", "eq", text), OneOf("track_id", (text,))):
        assert evil.table(where)["track_id"].to_pylist() == [text]
    assert len(evil.table(Has("tags", text))) == 0
    for where in (Like("title", text), Compare("title", "eq", text, "lower")):
        evil.table(where)  # is no error


@pytest.mark.parametrize("text", EVIL)
def test_dropping_one_drops_one(evil, text):
    before = len(evil)

    evil.forget([f"/music/{text.replace('/', '')}.flac"])
    evil.drop([text])

    assert len(evil) == before - 1
    assert text not in evil.track_ids()


@pytest.mark.parametrize("text", EVIL)
def test_corrections_are_of_one_track(evil, text):
    evil.correct(text, "tempo", "77")

    assert list(evil.corrections(sorted(evil.track_ids()))) == [text]
    evil.correct(text, "tempo", None)
    assert evil.corrections([text]) == {}


@pytest.mark.parametrize("text", EVIL)
def test_words_and_references_are_answers_or_one_error(evil, text):
    before = sorted(evil.track_ids())
    for ask in (lambda: evil.resolve(text), lambda: evil.select(Query(words=text)), lambda: evil.filter(text)):
        with contextlib.suppress(EarmarkError):
            ask()
    assert sorted(evil.track_ids()) == before


@pytest.mark.parametrize("text", ["../../x", "x' OR '1'='1", "", "/etc/passwd", "A" * 20])
def test_only_an_id_leads_to_a_file(scanned, text):
    with pytest.raises(AudioError, match="not the id of a track"):
        scanned.earprint_path(text)


def test_a_table_takes_any_text_as_a_key(tmp_path):
    table = Table.create(tmp_path / "t.lance", pa.schema([("id", pa.string()), ("n", pa.int32())]))
    table.upsert("id", [{"id": text, "n": n} for n, text in enumerate(EVIL)])
    table.index("id", "BTREE")
    for n, text in enumerate(EVIL):
        assert table.read_among("id", [text])["n"].to_pylist() == [n]
        table.upsert("id", [{"id": text, "n": n + 100}])
    table.delete_among("id", EVIL[:3])
    assert sorted(table.read()["n"].to_pylist()) == list(range(103, 100 + len(EVIL)))
