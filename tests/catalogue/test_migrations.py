"""A catalogue that an older earmark made is read as it is, and brought up to date by a scan."""

import json
from pathlib import Path

import pytest

from catalogues import write_music
from earmark.catalogue import migrations
from earmark.catalogue.migrations import MIGRATIONS, VERSION, Migration, migrate, version_of
from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.engine.scan import scan
from earmark.errors import CatalogueError
from fake_executor import FakeExecutor

FILES = Path(__file__).parents[1] / "files"


def tables(folder: Path) -> tuple[Table, Table]:
    return Table(folder / "files.lance"), Table(folder / "tracks.lance")


def shown_then() -> dict[str, dict]:
    lines = (FILES / "catalogue-v1.jsonl").read_text(encoding="utf-8").splitlines()
    shown = {track["track_id"]: track for track in map(json.loads, lines)}
    assert {track.pop("description") for track in shown.values()} == {"Low energy."}
    return shown


def shown_now(store: Store) -> dict[str, dict]:
    """What the old code knew to show: no list of files, each with its tags, nor these names, nor phrases."""
    shown = {track_id: json.loads(json.dumps(store.track(track_id).to_dict())) for track_id in store.track_ids()}
    for track in shown.values():
        assert track["key"].pop("name") == ("Eb major" if track["title"] == "Low" else None)
        assert track["energy"].pop("spectral_activity") is None
        assert ("Eb major" in track["description"]) == (track["title"] == "Low")
        assert track["description"].lower().endswith(("low energy.", "low in energy."))
    newer = ("files", "phrases", "description")
    return {i: {key: value for key, value in track.items() if key not in newer} for i, track in shown.items()}


def test_a_track_is_shown_as_the_old_code_showed_it_before_and_after(old):
    store = Store(old)
    assert version_of(Table(old / "files.lance")) == 1
    assert shown_now(store) == shown_then()

    store.migrate()

    assert version_of(Table(old / "files.lance")) == VERSION
    assert shown_now(Store(old)) == shown_then()
    assert [Path(file.path).name for file in Store(old).failures()] == ["broken.mp3"]


def test_files_of_every_track_are_counted_and_their_tags_left_to_the_next_scan(old):
    store = Store(old)
    assert len(store) == 3  # no track is hidden for want of the count
    store.migrate()
    store = Store(old)
    assert store.table()["n_files"].to_pylist() == [len(paths) for paths in store.table()["paths"].to_pylist()]
    assert all(file.info is None for file in store.files().values())


def test_keys_are_respelt_and_found_under_any_name_before_and_after(old):
    """The column of a track that was corrected to E flat major holds ``D# major`` in version 1."""
    for migrated in (False, True):
        store = Store(old)
        if migrated:
            store.migrate()
        for name in ("Eb major", "D# major", "es", "5B", "10d"):
            asked = [f"key = '{name}'", f"key IN ('{name}', 'C minor')", f"NOT key != '{name}'"]
            assert [store.table(where)["title"].to_pylist() for where in asked] == [["Low"]] * 3
        assert store.table("key != 'Eb major' OR key NOT IN ('Eb major')").num_rows == 0
    keys = Table(old / "tracks.lance").read(["key"])["key"].to_pylist()
    assert sorted(keys, key=str) == ["Eb major", None, None]


def test_the_ids_are_indexed_and_the_steps_run_once(old):
    done = migrate(*tables(old))
    assert [step.version for step in done] == [step.version for step in MIGRATIONS]
    files, tracks = tables(old)
    assert {"key", "track_id"} <= files.indexed()
    assert "track_id" in tracks.indexed()
    assert migrate(files, tracks) == []


def test_an_interrupted_migration_goes_on_where_it_stopped(old, monkeypatch):
    def fail(files, tracks):
        raise KeyboardInterrupt

    ran = []
    later = Migration(VERSION + 1, "a later step", lambda files, tracks: ran.append("later"))
    monkeypatch.setattr(migrations, "VERSION", VERSION + 1)
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, Migration(VERSION + 1, "a later step", fail)))
    with pytest.raises(KeyboardInterrupt):
        migrate(*tables(old))
    assert version_of(Table(old / "files.lance")) == VERSION

    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, later))
    assert migrate(*tables(old)) == [later]
    assert ran == ["later"]


def test_a_scan_migrates_and_keeps_what_was_there(old, model, tmp_path):
    music = write_music(tmp_path / "new", ["top"])

    report = scan(Store(old), [music], model, "tiny", executor=FakeExecutor(model))

    store = Store(old)
    assert (report.analysed, len(store)) == (1, 4)
    assert version_of(Table(old / "files.lance")) == VERSION
    low = store.track(store.resolve("Low"))
    assert low.corrections == {"tempo": "92", "key": "Eb major"}
    assert (low.fields["tempo"], low.fields["key"]) == (92.0, "Eb major")


def test_steps_are_numbered_in_order_without_gaps():
    assert [step.version for step in MIGRATIONS] == list(range(2, VERSION + 1))


@pytest.mark.parametrize(("version", "problem"), [("99", "made by a newer earmark"), ("0", "no longer read")])
def test_a_version_that_cannot_be_read_is_refused_and_not_touched(old, version, problem):
    Table(old / "files.lance").note(schema_version=version)
    with pytest.raises(CatalogueError, match=problem):
        Store(old)
    assert Table(old / "files.lance").metadata["schema_version"] == version


def test_words_are_found_before_a_scan_and_by_todays_index_after_it(old):
    store = Store(old)
    found = {query: {hit.track.title for hit in store.select(Query(words=query))} for query in ("low", "SINES", "zzz")}
    assert (found["low"], len(found["SINES"]), found["zzz"]) == ({"Low"}, 3, set())
    assert Table(old / "tracks.lance").has_words() is False  # asking has not changed it

    store.tidy()
    store.tidy()

    assert Table(old / "tracks.lance").has_words()
    assert {hit.track.title for hit in store.select(Query(words='"low sines"'))} == set()
    assert {hit.track.title for hit in store.select(Query(words='"low"'))} == {"Low"}
    assert found == {query: {hit.track.title for hit in store.select(Query(words=query))} for query in found}
