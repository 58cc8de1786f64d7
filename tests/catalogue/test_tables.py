import shutil

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from earmark.catalogue import tables
from earmark.catalogue.tables import FEW, SCATTERED, Table, order
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
    with pytest.raises(CatalogueError, match=r"t\.lance: was moved, deleted or unmounted"):
        table.refresh()


def test_an_index_is_made_once(table):
    table.index("id", "BTREE")
    table.index("id", "BTREE")
    assert table.indexed() == {"id"}
    assert ids(table.read(where=pc.field("id") == "a")) == ["a"]


def test_the_index_of_words_takes_the_place_of_a_former_one(table):
    assert table.has_words() is None
    table.index("id", "INVERTED")
    assert table.has_words() is False
    table.index_words("id")
    table.index_words("id")
    assert table.has_words()
    assert table.indexed() == {"id"}


def test_tidying_keeps_every_row(table):
    for n in range(20):
        table.upsert("id", [{"id": f"x{n}", "n": n}])
    before = sorted(ids(table.read()))
    table.tidy()
    assert sorted(ids(Table(table.path).read())) == before


def test_a_filter_that_the_store_refuses_is_a_query_error(table):
    with pytest.raises(QueryError, match="nope"):
        table.read(where="nope > 3")


def data_files(table: Table) -> set[str]:
    return {path.name for path in (table.path.local / "data").iterdir()}


def test_new_rows_are_one_version_and_touch_no_other_file(table):
    before, version = data_files(table), table.version
    table.upsert("id", [{"id": "new", "n": 1}])
    assert table.version == version + 1
    assert before < data_files(table)
    assert len(data_files(table)) == len(before) + 1


def test_a_few_small_fragments_are_left_alone_and_many_are_joined(table):
    for n in range(10):
        table.upsert("id", [{"id": f"x{n}", "n": n}])
    before = table.fragments()
    table.tidy()
    assert table.fragments() == before

    for n in range(SCATTERED):
        table.upsert("id", [{"id": f"y{n}", "n": n}])
    table.tidy()
    assert len(table.fragments()) == 1
    assert len(table) == 14 + SCATTERED


def test_large_fragments_are_never_written_again(table):
    table.append(pa.table({"id": [f"l{n}" for n in range(100)]}))
    (large,) = [f.files for f in table.fragments().values() if f.n_rows == 100]
    for n in range(SCATTERED + 1):
        table.upsert("id", [{"id": f"x{n}", "n": n}])
    table.tidy(rows=100)
    assert large in [f.files for f in table.fragments().values()]
    assert len(table.fragments()) < 5


def test_what_a_killed_writer_left_is_dropped(table):
    junk = table.path.local / "data" / "0000.lance"
    junk.write_bytes(b"half a file")
    table.tidy()
    assert not junk.exists()
    assert len(Table(table.path)) == 4


def test_what_is_remembered_is_not_asked_for_and_what_is_written_is_remembered(table, monkeypatch):
    table.remember("id")
    monkeypatch.setattr(table, "read", None)  # a read would be an error
    assert table.read_among("id", ["nobody"], ["n"]).to_pylist() == []
    table.upsert("id", [{"id": "new", "n": 1}])
    monkeypatch.undo()
    assert table.read_among("id", ["new", "a"], ["id"]).num_rows == 2
    table.upsert("id", [{"id": "new", "n": 2}])
    table.forget()
    assert sorted(ids(Table(table.path).read())) == ["a", "b", "c", "d", "new"]


def test_columns_of_all_rows_are_replaced(table):
    table.update("id", pa.table({"id": ["a", "zz"], "n": pa.array([70, 1], pa.int32())}))
    assert {row["id"]: row["n"] for row in table.read().to_pylist()} == {"d": 0, "a": 70, "b": 2, "c": 3}


def test_other_rows_in_place_of_all(table):
    schema = pa.schema([("id", pa.string())])
    table.replace(pa.table({"id": ["x", "y"]}, schema).to_batches(), schema)
    assert Table(table.path).read().to_pylist() == [{"id": "x"}, {"id": "y"}]


@pytest.mark.parametrize("kind", [pa.float16(), pa.float32()])
def test_the_nearest_are_the_same_with_an_index_and_without(tmp_path, rng, kind):
    vectors = rng.standard_normal((5000, 16)).astype(kind.to_pandas_dtype())
    rows = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel(), kind), 16)
    whole = pa.table({"id": [str(i) for i in range(5000)], "n": pa.array(range(5000), pa.int32()), "v": rows})
    table = Table.create(tmp_path / "v.lance", whole.schema)
    table.append(whole.slice(0, 4900))
    query = vectors[4950].astype(float).tolist()
    table.upsert("id", [{"id": "none", "n": 1, "v": None}])
    exact = table.nearest("v", query, 10, "n < 4000 AND v IS NOT NULL")

    table.index_vectors("v")
    table.index_vectors("v")  # once is enough

    assert table.indexed() == {"v"}
    found = table.nearest("v", query, 10, "n < 4000")
    assert len(set(found) & set(exact)) >= 9
    assert found[0] == exact[0]
    table.append(whole.slice(4900))  # not in the index yet
    assert ids(table.take(table.nearest("v", query, 1, None), ["id"]))[0] == "4950"
    assert ids(table.take(table.nearest("v", query, 1, "n > 4940"), ["id"]))[0] == "4950"
    assert "4950" not in ids(table.take(table.nearest("v", query, 1, "n <> 4950"), ["id"]))
    table.delete_among("id", ["4950"])
    assert "4950" not in ids(table.take(table.nearest("v", query, 1, None), ["id"]))


def test_recall_and_a_filter_that_few_rows_fit_in_an_index_of_many_parts(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(tables, "PARTITION", 256)
    flat = pa.array(rng.standard_normal(5000 * 16).astype(np.float32))
    whole = pa.table({"n": range(5000), "v": pa.FixedSizeListArray.from_arrays(flat, 16)})
    table = Table.create(tmp_path / "v.lance", whole.schema)
    table.append(whole)
    assert table.recall("v", 20, 10) is None
    table.index_vectors("v")
    full = table.recall("v", 20, 10)
    assert full > 0.95
    monkeypatch.setattr(tables, "PROBES", 1)
    monkeypatch.setattr(tables, "REFINED", 1)
    assert table.recall("v", 20, 10) < full  # bytes alone, of fewer parts
    few = table.places("n IN (1, 77, 4000, 4899)")
    assert set(table.nearest("v", flat[:16].to_pylist(), 10, "n IN (1, 77, 4000, 4899)")) == set(few)
