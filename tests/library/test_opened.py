"""The store is opened once, and what others do to it is seen."""

import pytest

import earmark
from catalogues import write_music
from earmark.errors import CatalogueError


@pytest.mark.usefixtures("in_this_process")
def test_what_another_process_scanned_is_seen(place, tmp_path):
    one, other = earmark.Catalogue(tmp_path / "c"), earmark.Catalogue(tmp_path / "c")
    options = earmark.ScanOptions(workers=1)
    one.scan(write_music(tmp_path / "a", ["low"]), place / "tiny.onnx", options)
    assert len(other) == 1
    one.scan([tmp_path / "a", write_music(tmp_path / "b", ["top"])], place / "tiny.onnx", options)
    assert len(other) == 2


@pytest.mark.usefixtures("in_this_process")
def test_a_catalogue_that_was_deleted_is_missed_and_made_anew(place, tmp_path):
    import shutil

    catalogue = earmark.Catalogue(tmp_path / "c")
    with pytest.raises(CatalogueError, match="no catalogue here"):
        len(catalogue)
    music = write_music(tmp_path / "a", ["low"])
    catalogue.scan(music, place / "tiny.onnx", earmark.ScanOptions(workers=1))
    shutil.rmtree(tmp_path / "c")
    with pytest.raises(CatalogueError, match="no catalogue here"):
        catalogue.tracks()
    assert catalogue.scan(music, place / "tiny.onnx", earmark.ScanOptions(workers=1)).analysed == 1
