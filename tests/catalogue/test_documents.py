import json
import shutil
import threading

import pytest

from earmark.catalogue import backup, check
from earmark.catalogue.documents import unreadable
from earmark.catalogue.mirror import read_mirror
from earmark.catalogue.places import table_path
from earmark.catalogue.repair import repair_tables
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.errors import CatalogueError

NAMED = "a\udcffb"  # a byte of a path that is not UTF-8


@pytest.fixture
def kept(folder):
    store = Store(folder)
    with store.changing_documents("playlist") as lists:
        lists["b1"] = {"name": "Zoo", "rows": [1, 2]}
        lists["a1"] = {"name": "ape", "rows": [], "by": NAMED}
    with store.changing_documents("tag") as tags:
        tags["a1"] = {"name": "mine"}
    return store


def test_each_kind_is_kept_by_name_and_apart(kept):
    found = Store(kept.path).documents("playlist")
    assert list(found) == ["a1", "b1"]
    assert found["a1"] == {"name": "ape", "rows": [], "by": NAMED}
    assert Store(kept.path).documents("tag") == {"a1": {"name": "mine"}}
    assert kept.documents("none") == {}


def test_a_change_is_written_whole_or_not_at_all(kept):
    with kept.changing_documents("playlist") as lists:
        lists["a1"]["rows"].append(7)
        del lists["b1"]
    assert kept.documents("playlist") == {"a1": {"name": "ape", "rows": [7], "by": NAMED}}
    assert {row["key"] for row in read_mirror(kept.path, "documents").values()} == {"playlist a1", "tag a1"}

    def fail():
        with kept.changing_documents("playlist") as lists:
            lists.clear()
            raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        fail()
    assert list(kept.documents("playlist")) == ["a1"]


def test_writers_at_the_same_time_lose_nothing(kept):
    def add(i):
        store = Store(kept.path)
        for k in range(3):
            with store.changing_documents("playlist") as lists:
                lists["b1"]["rows"].append((i, k))

    threads = [threading.Thread(target=add, args=(i,)) for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(Store(kept.path).documents("playlist")["b1"]["rows"]) == 2 + 9


def test_a_backup_takes_them_along(kept, tmp_path):
    backup.backup(kept.path, tmp_path / "copy.tar")
    backup.restore(tmp_path / "copy.tar", tmp_path / "new")
    assert Store(tmp_path / "new").documents("playlist") == kept.documents("playlist")


def test_the_mirror_brings_a_lost_table_back(kept):
    before = kept.documents("playlist")
    shutil.rmtree(table_path(kept.path, "documents"))
    with pytest.raises(CatalogueError, match="documents.lance: is missing"):
        Store(kept.path)
    assert repair_tables(kept.path).done == ["documents: 3 brought back from documents.jsonl"]
    assert Store(kept.path).documents("playlist") == before
    assert check.check(kept.path).is_whole


def test_what_is_no_document_is_found_and_mended(kept):
    before = kept.documents("playlist")
    table = Table(table_path(kept.path, "documents"))
    table.upsert("key", [{"key": "playlist a1", "kind": "playlist", "document": json.dumps(["list"])}])
    assert unreadable(table) == ["playlist a1"]
    assert any("1 documents cannot be read" in finding.what for finding in check.check(kept.path).findings)
    with pytest.raises(CatalogueError, match="catalogue repair"):
        Store(kept.path).documents("playlist")
    repair_tables(kept.path)
    assert Store(kept.path).documents("playlist") == before
