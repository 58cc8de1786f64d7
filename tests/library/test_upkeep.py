"""Check, copies and tidying, by their names in Python."""

import pytest

import earmark
from earmark.errors import CatalogueError


def test_a_copy_is_whole_and_can_be_asked(catalogue, tmp_path):
    assert catalogue.check().is_whole
    assert catalogue.backup(tmp_path / "copy.tar").n_files > 0
    copy = earmark.Catalogue(tmp_path / "copy")
    copy.restore(tmp_path / "copy.tar")
    assert copy.check().is_whole
    assert copy.tracks().num_rows == 5
    assert copy.repair().hear_again == []


def test_what_changes_leave_is_given_back(catalogue):
    _, tidy = catalogue.compact()
    track = catalogue.tracks()["track_id"][0].as_py()
    for tempo in range(90, 100):
        catalogue.correct(track, tempo=tempo)
    before, after = catalogue.compact()
    assert tidy < before
    assert 0 < after < before


def test_copies_stay_on_this_machine(catalogue):
    with pytest.raises(CatalogueError, match="disk of this machine"):
        catalogue.backup("s3://bucket/copy")
