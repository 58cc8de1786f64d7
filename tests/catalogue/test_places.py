import shutil

import pytest

from damage import cut, newest_data
from earmark.catalogue.places import check_place, has_table, look_over, manifests, missing_table, table_path
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.errors import CatalogueError


def test_a_table_that_was_there_is_missed(scanned):
    assert missing_table(scanned.path) is None
    scanned.correct(sorted(scanned.track_ids())[0], "tempo", "99")
    scanned.tidy()
    for name in ("corrections", "tracks", "files"):
        shutil.rmtree(table_path(scanned.path, name))
        assert missing_table(scanned.path) == name
        with pytest.raises(CatalogueError, match=rf"{name}\.lance: is missing. Run `earmark catalogue repair"):
            Store(scanned.path)
        with pytest.raises(CatalogueError, match="is missing"):
            Store(scanned.path, create=True)
    assert not has_table(scanned.path, "files")


def test_a_new_catalogue_misses_nothing(tmp_path):
    with pytest.raises(CatalogueError, match="no catalogue here"):
        check_place(tmp_path)
    Store(tmp_path / "new", create=True)
    assert missing_table(tmp_path / "new") is None


def test_a_first_scan_that_was_killed_before_its_first_version_is_begun_anew(tmp_path):
    (tmp_path / "c" / "files.lance" / "_versions").mkdir(parents=True)
    with pytest.raises(CatalogueError, match="no catalogue here"):
        Store(tmp_path / "c")
    assert len(Store(tmp_path / "c", create=True)) == 0


def test_versions_newest_first(scanned):
    table = Table(table_path(scanned.path, "tracks"))
    found = manifests(table.path)
    assert next(iter(found)) == table.version
    assert sorted(found, reverse=True) == list(found)


def test_a_file_that_was_cut_is_named_with_the_remedy(scanned):
    scanned.tidy()
    scanned.refresh()
    path = newest_data(scanned.path)
    cut(path)
    with pytest.raises(CatalogueError, match="in place of") as caught:
        look_over(scanned.path, [Table(table_path(scanned.path, "tracks"))])
    assert caught.value.source == str(path)
    assert caught.value.remedy == f"Run `earmark catalogue repair {scanned.path}`."
