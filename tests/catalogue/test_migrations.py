"""A catalogue that an older earmark made is read as it is, and brought up to date by a scan."""

import json
import tarfile
from pathlib import Path

import pytest

from catalogues import write_music
from earmark.catalogue import migrations
from earmark.catalogue.migrations import MIGRATIONS, VERSION, Migration, migrate, version_of
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.engine.scan import scan
from earmark.errors import CatalogueError
from fake_executor import FakeExecutor

FILES = Path(__file__).parents[1] / "files"


@pytest.fixture
def old(tmp_path) -> Path:
    """The catalogue of version 1 in a folder of its own."""
    with tarfile.open(FILES / "catalogue-v1.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "catalogue"


def tables(folder: Path) -> tuple[Table, Table]:
    return Table(folder / "files.lance"), Table(folder / "tracks.lance")


def shown_then() -> dict[str, dict]:
    lines = (FILES / "catalogue-v1.jsonl").read_text(encoding="utf-8").splitlines()
    return {track["track_id"]: track for track in map(json.loads, lines)}


def shown_now(store: Store) -> dict[str, dict]:
    return {track_id: json.loads(json.dumps(store.track(track_id).to_dict())) for track_id in store.track_ids()}


def test_a_track_is_shown_as_the_old_code_showed_it_before_and_after(old):
    store = Store(old)
    assert version_of(Table(old / "files.lance")) == 1
    assert shown_now(store) == shown_then()

    store.migrate()

    assert version_of(Table(old / "files.lance")) == VERSION
    assert shown_now(Store(old)) == shown_then()
    assert [Path(file.path).name for file in Store(old).failures()] == ["broken.mp3"]


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
    assert (low.fields["tempo"], low.fields["key"]) == (92.0, "D# major")


def test_steps_are_numbered_in_order_without_gaps():
    assert [step.version for step in MIGRATIONS] == list(range(2, VERSION + 1))


@pytest.mark.parametrize(("version", "problem"), [("99", "made by a newer earmark"), ("0", "no longer read")])
def test_a_version_that_cannot_be_read_is_refused_and_not_touched(old, version, problem):
    Table(old / "files.lance").note(schema_version=version)
    with pytest.raises(CatalogueError, match=problem):
        Store(old)
    assert Table(old / "files.lance").metadata["schema_version"] == version
