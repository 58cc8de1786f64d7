import json

import pytest

from earmark.catalogue.mirror import mirror_path, notes_fault, read_mirror, read_notes
from earmark.catalogue.places import table_path
from earmark.catalogue.tables import Table
from earmark.errors import CatalogueError


def test_each_correction_is_in_the_mirror_at_once(scanned):
    track_id = sorted(scanned.track_ids())[0]
    scanned.correct(track_id, "tempo", "99")
    scanned.correct(track_id, "metre", "3/4")
    rows = read_mirror(scanned.path, "corrections")
    assert {(row["field"], row["value"]) for row in rows.values()} == {("tempo", "99"), ("metre", "3/4")}
    scanned.correct(track_id, "tempo", None)
    lines = mirror_path(scanned.path, "corrections").local.read_text().splitlines()
    assert [json.loads(line)["field"] for line in lines] == ["metre"]


def test_a_tidy_brings_the_mirror_up_to_date(scanned):
    scanned.correct(sorted(scanned.track_ids())[0], "tempo", "99")
    mirror_path(scanned.path, "corrections").local.unlink()
    scanned.tidy()
    assert len(read_mirror(scanned.path, "corrections")) == 1


def test_lines_that_lack_a_column_are_passed_over(scanned):
    mirror_path(scanned.path, "corrections").local.write_text('{"key": "a tempo", "value": "9"}\n')
    assert read_mirror(scanned.path, "corrections") == {}


def test_notes_are_kept_a_second_time_while_they_can_be_read(scanned):
    scanned.tidy()
    files = Table(table_path(scanned.path, "files"))
    assert read_notes(scanned.path) == files.metadata
    assert notes_fault(files) is None
    for wrong in ({"model": "{"}, {"model": "[]"}, {"roots": "{}"}, {"schema_version": "x"}):
        files.note(**wrong)
        assert "cannot be read" in notes_fault(files)
        files.replace_notes(read_notes(scanned.path))
    files.note(model="{")
    scanned.refresh()
    with pytest.raises(CatalogueError, match="catalogue repair"):
        scanned.tidy()
    assert json.loads(read_notes(scanned.path)["model"])["tagset"]
