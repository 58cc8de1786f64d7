"""What a track shows is packed whenever its row is written, and unpacked as its columns hold it."""

import os
from pathlib import Path

import numpy as np
import pytest

from catalogues import write_music
from earmark.catalogue.files import FileState
from earmark.catalogue.packing import mispacked
from earmark.catalogue.query import Query
from earmark.catalogue.recent import Recent
from earmark.catalogue.schema import SHOWN
from earmark.catalogue.shown import FORMAT, Shown, listed_columns, pack_shown, unpack_shown, vector_in
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table, decoded
from earmark.errors import CatalogueError

FILE = FileState("/music/b.flac", 10, 5, "tags:1", "0" * 20)


def assert_packed(store: Store) -> None:
    """Every track is packed, and as its columns and files are."""
    tracks, paths = Table(store.path / "tracks.lance"), {}
    for file in store.files().values():
        paths.setdefault(file.track_id, set()).add(file.path)
    found = mispacked(tracks, paths)
    assert (found.wrong, found.behind) == ([], [])
    assert tracks.count(f"{SHOWN} IS NULL") == 0


def test_what_is_packed_comes_back_with_columns_in_order_and_files_by_path():
    odd = FileState(os.fsdecode(b"/music/\xff.flac"), 1, 2, "", "0" * 20, differs=True)
    row = {"track_id": "0" * 20, "tempo": None, "tags": ["jazz"], "duration": 0.1}
    packed = pack_shown(Shown(row, (odd, FILE), {"embedding_a": np.float16([1, 2])}))
    shown = unpack_shown(packed, ["duration", "tempo", "tags", "track_id", "later"])
    assert list(shown.row.items()) == [
        ("duration", 0.1), ("tempo", None), ("tags", ["jazz"]), ("track_id", "0" * 20), ("later", None),
    ]  # fmt: skip
    assert shown.files == tuple(sorted((FILE, odd), key=lambda file: file.path))
    assert shown.vectors["embedding_a"].tolist() == vector_in(packed, "embedding_a").tolist() == [1, 2]
    assert vector_in(packed, "embedding_b") is None


@pytest.mark.parametrize("packed", [b"", b"\x02rest", FORMAT + b"rest", pack_shown(Shown({"a": 1}, ()))[:-3]])
def test_other_bytes_are_refused(packed):
    with pytest.raises(CatalogueError, match="what earmark did not write"), decoded(Path("tracks.lance")):
        unpack_shown(packed, ["a"])


def test_whatever_writes_a_track_packs_it(run_scan, store, music, tmp_path):
    run_scan()
    assert_packed(store())
    low = store().resolve("Low")
    store().correct(low, "tempo", "99")
    assert_packed(store())
    assert store().track(low).fields["tempo"] == 99.0
    store().correct(low, "tempo", None)
    assert_packed(store())
    (music / "low.flac").rename(music / "moved.flac")
    run_scan()
    run_scan(write_music(tmp_path / "more", ["low", "new"]))
    assert_packed(store())
    assert [os.path.basename(path) for path in store().track(low).paths] == ["low.flac", "moved.flac"]
    store().forget([str(music / "moved.flac")])
    assert_packed(store())
    assert [os.path.basename(path) for path in store().track(low).paths] == ["low.flac"]


def test_a_page_reads_one_column_of_its_rows_and_no_file(scanned, monkeypatch):
    before = [hit.to_dict() for hit in scanned.select(Query(sort="title"))]
    monkeypatch.setattr("earmark.catalogue.reading.RECENT", Recent())
    taken, take = [], Table.take
    monkeypatch.setattr(Table, "take", lambda self, at, columns: taken.append(columns) or take(self, at, columns))
    monkeypatch.setattr(Table, "read_among", lambda *_: pytest.fail("looked up by value"))
    hits = scanned.select(Query(sort="title"))
    assert [hit.to_dict() for hit in hits] == before
    assert taken == [[SHOWN]]


def test_a_track_that_is_not_packed_is_read_from_its_columns(scanned):
    def shown() -> list[tuple]:
        return [(hit.to_dict(), hit.track.fields, hit.track.files) for hit in scanned.select(Query(sort="title"))]

    before, tracks = shown(), Table(scanned.path / "tracks.lance")
    some = tracks.read(["track_id"], limit=2)["track_id"].to_pylist()
    tracks.upsert("track_id", [{"track_id": i, SHOWN: None} for i in some])
    scanned.refresh()
    assert shown() == before
    listed = listed_columns(tracks.schema.names)
    assert "tempo_json" in listed
    assert SHOWN not in listed


def test_damage_of_what_is_packed_is_one_clear_error(scanned):
    track_id = scanned.resolve("Low")
    tracks = Table(scanned.path / "tracks.lance")
    tracks.upsert("track_id", [{"track_id": track_id, SHOWN: FORMAT + b"rest"}])
    scanned.refresh()
    with pytest.raises(CatalogueError, match="holds what earmark did not write"):
        scanned.track(track_id)
