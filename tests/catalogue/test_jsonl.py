import pytest

from earmark.catalogue.jsonl import read_lines, write_lines
from earmark.errors import CatalogueError


def test_rows_come_back_and_a_missing_file_has_none(tmp_path):
    rows = [{"a": 1}, {"b": "ü\n"}]
    write_lines(tmp_path / "x.jsonl", rows)
    assert read_lines(tmp_path / "x.jsonl") == rows
    assert len((tmp_path / "x.jsonl").read_text().splitlines()) == 2
    assert read_lines(tmp_path / "none.jsonl") == []


def test_lines_that_are_no_objects_are_passed_over(tmp_path):
    (tmp_path / "x.jsonl").write_bytes(b'{"a": 1}\n[1]\n{"b": \n\xff\n{"c": 2}')
    assert read_lines(tmp_path / "x.jsonl") == [{"a": 1}, {"c": 2}]


def test_a_place_that_is_gone_is_an_error_and_is_not_made_anew(tmp_path):
    with pytest.raises(CatalogueError, match="cannot be written"):
        write_lines(tmp_path / "gone" / "x.jsonl", [])
    assert not (tmp_path / "gone").exists()
