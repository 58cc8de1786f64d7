import io
import shutil
import tarfile

import pytest

from catalogues import contents
from damage import flip, newest_data
from earmark.catalogue import backup as module
from earmark.catalogue.backup import backup, restore
from earmark.catalogue.check import check
from earmark.catalogue.store import Store
from earmark.errors import CatalogueError


@pytest.fixture
def folder(scanned):
    """A tidied catalogue of five tracks, one of them corrected, with an earprint."""
    scanned.correct(sorted(scanned.track_ids())[0], "tempo", "99")
    scanned.tidy()
    return scanned.path.local


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_there_and_back(folder, tmp_path, name):
    report = backup(folder, tmp_path / name)
    assert report.n_files > 10
    restore(tmp_path / name, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(folder)
    assert check(tmp_path / "again").is_whole
    assert check(tmp_path / "again").n_unsummed == 0
    assert not list(tmp_path.glob(".part-*"))


def test_a_folder_is_itself_a_catalogue(folder, tmp_path):
    backup(folder, tmp_path / "copy")
    assert contents(tmp_path / "copy") == contents(folder)


def test_a_copy_is_of_one_moment_though_a_scan_writes_and_tidies(folder, tmp_path, monkeypatch):
    copy, calls = module._copy_files, []

    def disturbed(source, draft, names):
        if not calls:
            store = Store(source)
            calls.append(store.drop(sorted(store.track_ids())[:1]))
            store.tidy()
            store.sweep()
        copy(source, draft, names)

    monkeypatch.setattr(module, "_copy_files", disturbed)
    backup(folder, tmp_path / "copy")
    assert calls
    assert contents(tmp_path / "copy") == contents(folder)
    assert len(Store(tmp_path / "copy").track_ids()) == 4


def test_a_damaged_catalogue_is_not_copied(folder, tmp_path):
    flip(newest_data(folder))
    with pytest.raises(CatalogueError, match="was changed after it was written"):
        backup(folder, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    newest_data(folder).unlink()
    with pytest.raises(CatalogueError, match=r"is missing. Run `earmark catalogue repair"):
        backup(folder, tmp_path / "copy")


@pytest.mark.parametrize("name", ["copy", "copy.tar"])
def test_nothing_is_written_over(folder, tmp_path, name):
    backup(folder, tmp_path / name)
    with pytest.raises(CatalogueError, match="exists already"):
        backup(folder, tmp_path / name)
    with pytest.raises(CatalogueError, match="lies in the catalogue itself"):
        backup(folder, folder / name)
    with pytest.raises(CatalogueError, match="holds something already"):
        restore(tmp_path / name, folder)


def test_with_force_the_catalogue_is_replaced(folder, tmp_path):
    before = contents(folder)
    backup(folder, tmp_path / "copy.tar")
    store = Store(folder)
    store.drop(sorted(store.track_ids())[:2])
    restore(tmp_path / "copy.tar", folder, force=True)
    assert contents(folder) == before
    assert not list(tmp_path.glob(".old-*"))


def test_a_damaged_copy_changes_nothing(folder, tmp_path):
    before = contents(folder)
    backup(folder, tmp_path / "copy")
    flip(newest_data(tmp_path / "copy"))
    with pytest.raises(CatalogueError, match="is not what was copied"):
        restore(tmp_path / "copy", folder, force=True)
    newest_data(tmp_path / "copy").unlink()
    with pytest.raises(CatalogueError, match="is not what was copied"):
        restore(tmp_path / "copy", tmp_path / "new")
    assert contents(folder) == before
    assert not (tmp_path / "new").exists()


def test_what_is_no_copy_is_refused(folder, tmp_path):
    (tmp_path / "x.tar").write_bytes(b"no archive" * 100)
    (tmp_path / "empty").mkdir()
    for name, message in (("x.tar", "no copy"), ("empty", "no copy"), ("none", "no such file")):
        with pytest.raises(CatalogueError, match=message):
            restore(tmp_path / name, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_an_archive_from_a_stranger_writes_nothing_outside(folder, tmp_path):
    backup(folder, tmp_path / "copy.tar")
    with tarfile.open(tmp_path / "copy.tar", "a") as tar:
        for name in ("../evil.jsonl", "/tmp/evil.jsonl", "earprints/../../evil.jsonl", "evil.sh"):
            entry = tarfile.TarInfo(name)
            entry.size = 4
            tar.addfile(entry, io.BytesIO(b"evil"))
        link = tarfile.TarInfo("files.lance/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        tar.addfile(link)
    restore(tmp_path / "copy.tar", tmp_path / "deep" / "again")
    assert not list(tmp_path.rglob("evil*"))
    assert not list(tmp_path.rglob("link"))


def test_a_full_disk_is_an_error_and_leaves_nothing(folder, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", full)
    with pytest.raises(CatalogueError, match=r"No space left on device\)\. Free space"):
        backup(folder, tmp_path / "copy")
    assert not list(tmp_path.glob("*copy*"))
