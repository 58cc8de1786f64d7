import shutil

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from earmark.catalogue.tables import FEW, Table, order
from earmark.errors import CatalogueError, QueryError

SCHEMA = pa.schema([("id", pa.string()), ("n", pa.int32()), ("key", pa.binary())])


@pytest.fixture
def table(tmp_path) -> Table:
    made = Table.create(tmp_path / "t.lance", SCHEMA)
    made.upsert("id", [{"id": name, "n": n, "key": name.encode()} for n, name in enumerate("dabc")])
    return made


def ids(found: pa.Table) -> list[str]:
    return found["id"].to_pylist()


def test_what_is_no_table_is_an_error(tmp_path):
    (tmp_path / "t.lance").mkdir()
    with pytest.raises(CatalogueError, match=r"t\.lance: cannot be read"):
        Table(tmp_path / "t.lance")


def test_upsert_replaces_the_columns_given_and_leaves_the_others(table):
    table.upsert("id", [{"id": "a", "n": 7}, {"id": "e", "n": 8}])

    rows = {row["id"]: row for row in table.read().to_pylist()}
    assert rows["a"] == {"id": "a", "n": 7, "key": b"a"}
    assert rows["e"] == {"id": "e", "n": 8, "key": None}
    assert len(table) == 5


def test_rows_are_named_by_bound_values(table):
    assert ids(table.read(where=pc.field("key") == b"c")) == ["c"]
    assert ids(table.read(where=pc.field("id") == "x' OR '1'='1")) == []
    table.delete_among("id", ["b", "x'; DROP TABLE t; --"])
    assert sorted(ids(table.read())) == ["a", "c", "d"]


def test_any_number_of_values_may_be_named(table):
    many = [str(i) for i in range(2 * FEW)]
    assert sorted(ids(table.read_among("id", [*many, "a", *many, "d"]))) == ["a", "d"]
    assert table.read_among("id", []).num_rows == 0


def test_a_page_in_order(table):
    table.upsert("id", [{"id": "null", "n": None}])
    assert ids(table.read(["id", "n"], order_by=[order("n")], limit=2)) == ["d", "a"]
    assert ids(table.read(["id", "n"], order_by=[order("n", False)], limit=2, offset=1)) == ["b", "a"]
    assert ids(table.read(["id", "n"], order_by=[order("n", False)]))[-1] == "null"


def test_columns_are_added_once_and_filled_with_nulls(table):
    table.add_columns(pa.schema([("n", pa.int32()), ("title", pa.string())]))
    table.add_columns(pa.schema([("title", pa.string())]))
    assert table.schema.names == ["id", "n", "key", "title"]
    assert set(table.read()["title"].to_pylist()) == {None}


def test_notes_survive_and_are_seen_by_others_after_a_refresh(table):
    other = Table(table.path)
    table.note(version="3")
    table.note(model="m")
    assert other.metadata == {}
    other.refresh()
    assert other.metadata == {"version": "3", "model": "m"} == Table(table.path).metadata


def test_a_table_that_was_deleted_meanwhile_is_an_error(table):
    shutil.rmtree(table.path)
    with pytest.raises(CatalogueError, match=r"t\.lance: cannot be read"):
        table.refresh()


def test_an_index_is_made_once(table):
    table.index("id", "BTREE")
    table.index("id", "BTREE")
    assert table.indexed() == {"id"}
    assert ids(table.read(where=pc.field("id") == "a")) == ["a"]


def test_tidying_keeps_every_row(table):
    for n in range(20):
        table.upsert("id", [{"id": f"x{n}", "n": n}])
    before = sorted(ids(table.read()))
    table.tidy()
    assert sorted(ids(Table(table.path).read())) == before


def test_a_filter_that_the_store_refuses_is_a_query_error(table):
    with pytest.raises(QueryError, match="nope"):
        table.read(where="nope > 3")
