import csv
import json

import pyarrow.parquet as pq
import pytest

from earmark import __version__
from earmark.catalogue.schema import SHOWN
from earmark.errors import ConfigError, FileError, MissingPackage, QueryError
from earmark.interop.export import FORMS, export
from scan_fixtures import prepared, scanned  # noqa: F401


def rows_of(path, form):
    if form == "parquet":
        return pq.read_table(path).to_pylist()
    if form == "jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if form == "jams":
        return [json.loads(one.read_text(encoding="utf-8"))["file_metadata"] for one in path.glob("*.jams")]
    if form == "csv":
        with open(path, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    openpyxl = pytest.importorskip("openpyxl")
    head, *rows = openpyxl.load_workbook(path)["tracks"].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("form", FORMS)
def test_all_or_those_that_fit(scanned, tmp_path, form):  # noqa: F811
    if form == "xlsx":
        pytest.importorskip("openpyxl")
    out = tmp_path / f"music.{form}"
    assert export(scanned, out, form) == 5
    rows = rows_of(out, form)
    assert {row["title"] for row in rows} == {"Low", "Middle", "Higher", "High", "Top"}
    assert export(scanned, tmp_path / f"few.{form}", form, scanned.filter("title = 'Low'")) == 1


def test_a_line_is_the_object_of_a_track(scanned, tmp_path):  # noqa: F811
    told = []
    export(scanned, tmp_path / "out.jsonl", "jsonl", progress=lambda what, done, total: told.append((done, total)))
    rows = {row["track_id"]: row for row in rows_of(tmp_path / "out.jsonl", "jsonl")}
    assert rows == {i: scanned.track(i).to_dict() for i in scanned.track_ids()}
    assert told == [(i, 5) for i in range(5)]


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_every_row_tells_what_made_it(scanned, tmp_path, form):  # noqa: F811
    export(scanned, tmp_path / "out", form)
    model = scanned.model()
    rows = rows_of(tmp_path / "out", form)
    assert len(rows) == len(scanned.track_ids())
    for row in rows:
        assert (row["model"], row["model_version"], row["earmark"]) == (model.id, model.version, __version__)
        assert row["analysis_version"].startswith("tags:")


def test_no_cell_is_run_as_a_formula(tmp_path, run_formula):
    export(run_formula, tmp_path / "out.csv", "csv")
    assert "'=1+1" in {row["title"] for row in rows_of(tmp_path / "out.csv", "csv")}


@pytest.fixture
def run_formula(scanned):  # noqa: F811
    track_id = sorted(scanned.track_ids())[0]
    scanned._tracks.upsert("track_id", [{"track_id": track_id, "title": "=1+1", SHOWN: None}])
    return scanned


def test_what_cannot_be_done_is_an_error(scanned, tmp_path, monkeypatch):  # noqa: F811
    with pytest.raises(ConfigError, match="doc: no format of an export. There are: csv, jsonl"):
        export(scanned, tmp_path / "out", "doc")
    with pytest.raises(FileError, match="cannot be written"):
        export(scanned, tmp_path / "none" / "out.csv", "csv")
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    with pytest.raises(MissingPackage, match=r"earmark\[xlsx\]"):
        export(scanned, tmp_path / "out.xlsx", "xlsx")


def test_only_some_columns(scanned, tmp_path):  # noqa: F811
    assert export(scanned, tmp_path / "x.parquet", "parquet", fields=["tempo", "track_id", "title"]) == len(scanned)
    table = pq.read_table(tmp_path / "x.parquet")
    assert table.column_names == ["track_id", "tempo", "title", "model", "model_version", "earmark"]
    with pytest.raises(QueryError, match="Did you mean tempo"):
        export(scanned, tmp_path / "x.csv", "csv", fields=["tempoo"])
    with pytest.raises(ConfigError, match="no columns to choose"):
        export(scanned, tmp_path / "x.jsonl", "jsonl", fields=["tempo"])
