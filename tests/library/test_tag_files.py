"""What leaves for other programs: exports, and tags in files with the way back."""

import csv

import pytest

import earmark
from catalogues import write_music
from earmark.errors import ConfigError, NotFound


def test_an_export_holds_the_tracks_that_fit(catalogue, tmp_path):
    assert catalogue.export(tmp_path / "all.csv") == 5
    assert catalogue.export(tmp_path / "one.csv", where="title = 'Low'") == 1
    with (tmp_path / "one.csv").open(encoding="utf-8", newline="") as file:
        assert [row["title"] for row in csv.DictReader(file)] == ["Low"]
    with pytest.raises(ConfigError, match="pdf"):
        catalogue.export(tmp_path / "all.pdf", form="pdf")


@pytest.mark.usefixtures("in_this_process")
def test_tags_are_written_and_brought_back(place, tmp_path):
    pytest.importorskip("mutagen")
    music = write_music(tmp_path / "music", ["low"])
    catalogue = earmark.Catalogue(tmp_path / "catalogue")
    catalogue.scan(music, place / "tiny.onnx", earmark.ScanOptions(workers=1))
    with pytest.raises(NotFound, match="no tags to be undone"):
        catalogue.undo_tags()
    before = (music / "low.flac").read_bytes()
    plan = catalogue.plan_tags(fields=["own"])
    assert len(catalogue.apply_tags(plan).written) == 1
    assert (music / "low.flac").read_bytes() != before
    assert len(catalogue.undo_tags().written) == 1
    assert (music / "low.flac").read_bytes() == before
