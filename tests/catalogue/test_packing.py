"""What tracks show is packed for a catalogue of version 1, and found where it does not agree with the tables."""

import pytest

from earmark.catalogue import packing
from earmark.catalogue.check import check, disorder
from earmark.catalogue.migrations import MIGRATIONS
from earmark.catalogue.packing import pack_tracks
from earmark.catalogue.query import Query
from earmark.catalogue.schema import SHOWN
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.library import Catalogue
from tiny_model import DIM


def tables(folder) -> tuple[Table, Table]:
    return Table(folder / "files.lance"), Table(folder / "tracks.lance")


def up_to(version: int, folder) -> None:
    for step in MIGRATIONS:
        if step.version <= version:
            list(step.run(*tables(folder)) or ())


def shown(folder) -> list:
    return [(hit.to_dict(), hit.track.files) for hit in Store(folder).select(Query(sort="title"))]


def test_an_old_catalogue_shows_the_same_before_and_after(old):
    up_to(5, old)
    before = shown(old)
    assert list(pack_tracks(*tables(old))) == [1]
    assert tables(old)[1].count(f"{SHOWN} IS NULL") == 0
    assert shown(old) == before
    assert disorder(old).mispacked == packing.Mispacked()


def test_interrupted_it_goes_on_with_the_tracks_that_are_left(old, monkeypatch):
    monkeypatch.setattr(packing, "AT_ONCE", 1)
    monkeypatch.setattr(packing, "ROWS", 1)
    up_to(5, old)
    before = shown(old)
    shares = pack_tracks(*tables(old))
    assert next(shares) == pytest.approx(1 / 3)
    shares.close()  # as a kill would
    assert tables(old)[1].count(f"{SHOWN} IS NULL") == 2
    assert shown(old) == before
    assert list(pack_tracks(*tables(old))) == pytest.approx([1 / 2, 1])
    assert shown(old) == before
    assert list(pack_tracks(*tables(old))) == []


@pytest.mark.parametrize("change", [{SHOWN: b"\x01rest"}, {"tempo": 77.0}, {"embedding_tiny": [0.5] * DIM}])
def test_what_does_not_agree_with_the_columns_is_damage_and_mended(folder, change):
    tracks = Table(folder / "tracks.lance")
    track_id = Store(folder).resolve("Low")
    tracks.upsert("track_id", [{"track_id": track_id} | change])
    found = [finding.what for finding in check(folder).findings if finding.is_damage]
    assert found == [f"1 tracks show what their columns do not hold: {track_id}"]

    report = Catalogue(folder).repair()

    assert report.done == ["tracks: what 1 show is packed anew"]
    assert check(folder).findings == []
    (tempo,) = Store(folder).table("title = 'Low'")["tempo"].to_pylist()
    assert Store(folder).track(track_id).fields["tempo"] == tempo == change.get("tempo", tempo)


def test_a_scan_that_was_killed_between_tracks_and_files_is_no_damage(folder):
    files = Table(folder / "files.lance")
    row = files.read().to_pylist()[0]
    files.delete_among("key", [row["key"]])
    report = check(folder)
    assert report.is_whole
    assert [f.what for f in report.findings] == [f"1 tracks show files as they were before a write: {row['track_id']}"]
    assert Catalogue(folder).repair().done == ["tracks: what 1 show is packed anew"]
    assert check(folder).findings == []
