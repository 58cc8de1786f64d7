"""A catalogue of five short files, asked as users of Python ask it."""

import pytest

import earmark
from catalogues import write_music
from scan_fixtures import in_this_process  # noqa: F401
from tiny_model import write_tiny_model


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """music/, tiny.onnx and a catalogue of them."""
    root = tmp_path_factory.mktemp("library")
    write_music(root / "music")
    write_tiny_model(root / "tiny.onnx")
    options = earmark.ScanOptions(workers=1)
    report = earmark.Catalogue(root / "catalogue").scan(root / "music", root / "tiny.onnx", options)
    assert (report.analysed, report.failed) == (5, [])
    return root


@pytest.fixture
def catalogue(place):
    return earmark.Catalogue(place / "catalogue")
