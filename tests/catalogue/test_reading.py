"""What is asked of a catalogue: pages, filters, references."""

import shutil

import pytest

from earmark.catalogue import tables
from earmark.catalogue.check import check
from earmark.catalogue.files import FileState
from earmark.catalogue.query import Likeness, Query
from earmark.catalogue.schema import embedding_column
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.errors import CatalogueError, NotFound, QueryError
from sounds import chord, write_sound

MANY = 3000


def titles(hits) -> list[str]:
    return [hit.track.title for hit in hits]


@pytest.fixture(scope="module")
def many(prepared, tmp_path_factory) -> Store:
    """A store with thousands of copies of one row, each a track of its own; no test changes it."""
    store = Store(shutil.copytree(prepared / "catalogue", tmp_path_factory.mktemp("many") / "catalogue"))
    table = store._tracks
    row = table.read().to_pylist()[0]
    rows = [row | {"track_id": f"{i:020x}", "title": f"copy {i}", "tempo": float(i % 97)} for i in range(MANY)]
    table.upsert("track_id", rows)
    paths = [FileState(f"/music/{i}.flac", 1, 1, "s", f"{i:020x}") for i in range(MANY)]
    store.write([], paths)
    store.tidy()
    return store


@pytest.fixture
def rows_read(monkeypatch) -> list[int]:
    """How many rows every read of a table gave back."""
    counts, read = [], tables.Table.read

    def counted(self, *arguments, **options):
        found = read(self, *arguments, **options)
        counts.append(found.num_rows)
        return found

    monkeypatch.setattr(tables.Table, "read", counted)
    return counts


class TestSelecting:
    def test_a_filter_and_a_page(self, scanned):
        where = scanned.filter("title IN ('Low', 'High', 'Top')")
        pages = [titles(scanned.select(Query(where, sort="title", limit=2, offset=offset))) for offset in (0, 2, 4)]
        assert pages == [["High", "Low"], ["Top"], []]

    def test_largest_first(self, scanned):
        loudness = [hit.track.fields["loudness"] for hit in scanned.select(Query(sort="-loudness"))]
        assert loudness == sorted(loudness, reverse=True)
        assert len(loudness) == 5

    def test_what_cannot_be_sorted_by_is_refused_with_the_nearest_field(self, scanned):
        with pytest.raises(QueryError, match="no field to sort by. Did you mean tempo"):
            scanned.select(Query(sort="-tempi"))

    def test_the_likest_come_first_and_the_page_goes_on(self, scanned):
        model_id = scanned.model().id
        like = Likeness(scanned.embedding(scanned.resolve("Low"), model_id), model_id)
        whole = scanned.select(Query(like=like))
        assert titles(whole)[0] == "Low"
        assert whole[0].similarity == pytest.approx(1, abs=1e-6)
        assert titles(scanned.select(Query(like=like, limit=2, offset=1))) == titles(whole)[1:3]

    def test_a_likeness_in_another_models_space_is_an_error(self, scanned):
        with pytest.raises(CatalogueError, match="no track analysed with model 'other'"):
            scanned.select(Query(like=Likeness([1.0] * 8, "other")))

    def test_a_page_of_20_of_thousands_reads_20(self, many, rows_read):
        page = many.select(Query(limit=20, offset=1000))
        assert len(page) == 20
        assert all(len(hit.track.paths) == 1 for hit in page if hit.track.title.startswith("copy"))
        assert max(rows_read) == 20

    def test_a_page_in_order_reads_whole_rows_of_the_page_alone(self, many, rows_read):
        page = many.select(Query(sort="-tempo", limit=20))
        assert {hit.track.fields["tempo"] for hit in page} == {96.0}
        assert max(rows_read) == 20

    def test_the_table_has_a_column_for_every_field(self, scanned):
        table = scanned.table("duration > 1")
        assert table.column_names[:3] == ["track_id", "paths", "title"]
        assert set(table.column_names) == {*scanned.kinds(), "paths"}
        assert not any(name.endswith("_json") or name.startswith(("embedding", "steps")) for name in table.column_names)


class TestFilters:
    def test_kinds_are_those_of_the_columns(self, scanned):
        kinds = scanned.kinds()
        asked = ("title", "tempo", "year", "tags", "analysed_at", "mood_sad", "genre")
        assert [kinds[name] for name in asked] == ["text", "number", "number", "list", "time", "number", "text"]

    def test_a_key_is_found_under_any_of_its_names(self, scanned):
        scanned.correct(scanned.resolve("Low"), "key", "Eb major")
        for text in ("key = 'Eb major'", "key = 'D# major'", "key IN ('5B', 'C minor')", "camelot = '5B'"):
            assert titles(scanned.select(Query(scanned.filter(text)))) == ["Low"], text

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("nope > 3", r"No field named nope\. The fields are: track_id"),
            ("tempoo > 3", "Did you mean tempo"),
            ("title = 'x", "Unterminated string"),
            ("duration >", "duration >"),
            ("1 = 'a' OR", "1 = 'a' OR"),
            ("tempo > 100; DROP TABLE tracks", ";"),
            ("tempo > 100 -- slow", "--"),
            ("key = 'H major'", "not a key"),
        ],
    )
    def test_what_is_not_understood_is_an_error(self, scanned, text, problem):
        with pytest.raises(QueryError, match=problem):
            scanned.filter(text)


class TestResolving:
    def test_by_id_prefix_title_and_path(self, scanned, prepared):
        track_id = scanned.resolve(prepared / "music" / "low.flac")
        for reference in (track_id, track_id[:6], "Low", "LOW"):
            assert scanned.resolve(reference) == track_id

    def test_a_title_among_thousands_reads_a_few_rows(self, many, rows_read):
        assert many.resolve("copy 2999") == f"{2999:020x}"
        assert max(rows_read) <= 4

    @pytest.mark.parametrize("reference", ["nobody", "x'; DROP TABLE tracks", "", "*", "Lo"])
    def test_what_fits_nothing(self, scanned, reference):
        with pytest.raises(NotFound, match="not in the catalogue"):
            scanned.resolve(reference)

    def test_what_fits_several_names_them(self, many):
        with pytest.raises(NotFound, match=r"fits several tracks: 00000000 \(/music/\d+\.flac, .*; 00000000 .* \.\.\."):
            many.resolve("00000000000000000")

    def test_tracks_of_one_title_are_told_apart_by_path_album_and_length(self, run_scan, store, tmp_path):
        folder = tmp_path / "twins"
        folder.mkdir()
        for album, seconds, root in (("First", 1.0, 220.0), ("Second", 2.0, 330.0)):
            path = folder / f"{album}.flac"
            write_sound(path, chord(seconds, root=root), tags={"title": "Twin", "album": album})
        run_scan(folder)
        with pytest.raises(NotFound) as raised:
            store().resolve("twin")
        for album, length in (("First", "0:01"), ("Second", "0:02")):
            assert f"({folder / album}.flac, {album}, {length})" in str(raised.value)
        assert not str(raised.value).endswith("...")

    @pytest.mark.parametrize("reference", ["missing.mp3", "./missing", "/nowhere/at/all.flac"])
    def test_a_missing_file_is_called_missing(self, scanned, reference):
        with pytest.raises(NotFound, match="no such file"):
            scanned.resolve(reference)

    def test_a_whole_id_is_meant_though_others_begin_alike(self, many):
        assert many.resolve(f"{1:020x}") == f"{1:020x}"

    def test_a_file_that_failed_says_why(self, run_scan, store, music):
        (music / "words.mp3").write_text("words")
        run_scan()
        with pytest.raises(NotFound, match="its analysis failed: not a sound file"):
            store().resolve(music / "words.mp3")


@pytest.mark.parametrize("sort", ["title", "-title", "year", "-duration", "track_id", "-track_id", "analysed_at"])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_pages_that_follow_a_track_are_the_whole_list(scanned, sort, limit):
    whole = [hit.track for hit in scanned.select(Query(sort=sort, limit=100))]
    found, after = [], None
    while page := [hit.track for hit in scanned.select(Query(sort=sort, after=after, limit=limit))]:
        found += page
        after = (page[-1].fields[sort.removeprefix("-")], page[-1].track_id)
    assert [track.track_id for track in found] == [track.track_id for track in whole]
    assert len(found) == 5


def test_what_comes_between_two_pages_neither_repeats_nor_hides(scanned):
    first = [hit.track for hit in scanned.select(Query(sort="title", limit=2))]
    scanned.forget([first[0].path])
    after = (first[1].title, first[1].track_id)
    assert [hit.track.title for hit in scanned.select(Query(sort="title", after=after, limit=9))] == [
        "Low",
        "Middle",
        "Top",
    ]
    with pytest.raises(QueryError, match="in no order"):
        Query(after=after)


def test_some_fields_of_what_fits(scanned):
    assert scanned.columns(["title"], scanned.filter("title = 'Low'")).to_pydict() == {"title": ["Low"]}
    with pytest.raises(QueryError, match="no field"):
        scanned.columns(["titel"])


def test_many_tracks_are_looked_up_in_indices_of_their_columns(scanned, monkeypatch):
    before = [titles(scanned.select(Query(scanned.filter(text)))) for text in ("tempo > 90", "artist = 'Sines'")]
    scanned.tidy()
    assert "tempo" not in Table(scanned.path / "tracks.lance").indexed()
    monkeypatch.setattr("earmark.catalogue.store.INDEXED_FROM", 5)
    scanned.tidy()
    found = Table(scanned.path / "tracks.lance").indexed()
    assert {"artist", "tempo", "genre", embedding_column("tiny")} <= found
    assert "loudness" not in found
    assert [titles(scanned.select(Query(scanned.filter(t)))) for t in ("tempo > 90", "artist = 'Sines'")] == before
    assert check(scanned.path).recall == 1


def test_tracks_by_their_ids_are_read_at_once_in_the_order_asked_for(many, monkeypatch):
    ids = [f"{i:020x}" for i in (7, 3, 7, 2999)]
    looked_up, places = [], Table.places
    monkeypatch.setattr(Table, "places", lambda *asked: looked_up.append(1) or places(*asked))
    assert [track.title for track in many.tracks(ids)] == ["copy 7", "copy 3", "copy 7", "copy 2999"]
    assert len(looked_up) == 1
    assert many.tracks([]) == []
    with pytest.raises(NotFound, match="not in the catalogue"):
        many.tracks([ids[0], "f" * 20])


def test_what_was_seen_of_many_files_and_folders_at_once(tmp_path):
    """One expression of all of them would double with each: 40 would not fit into memory."""
    folders = [tmp_path / f"folder {i}" for i in range(40)]
    for folder in folders:
        folder.mkdir()
        (folder / "a.mp3").touch()
    paths = [str(folder / name) for folder in folders for name in ("a.mp3", "b.mp3")]
    near = [f"{tmp_path}/folder 1-b/a.mp3", f"{tmp_path}/folder 1.mp3"]
    store = Store(tmp_path / "catalogue", create=True)
    store.write([], [FileState(path, 1, 1, "s", None, "no sound") for path in [*paths, *near]])
    assert set(store.seen(map(str, folders))) == set(paths)
    assert set(store.seen(paths[:61:2])) == set(paths[:61:2])
    assert set(store.seen([str(tmp_path), paths[0]])) == {*paths, *near}
    assert set(store.seen([str(folders[1]), paths[2], paths[6]])) == {*paths[2:4], paths[6]}
    assert dict(store.seen([])) == {}
