"""A scanned folder that commands are run on, in a folder of their own."""

import json

import pytest

from catalogues import write_doubles, write_music
from commandline import invoke
from earmark.cli import scan
from scan_fixtures import in_this_process, prepared  # noqa: F401
from tiny_model import write_tiny_model


def scanned_in(root):
    """Scan music/ into catalogue/ with tiny.onnx; returns the folder of all three."""
    write_tiny_model(root / "tiny.onnx")
    words = ("scan", root / "music", "--catalogue", root / "catalogue", "--model", root / "tiny.onnx", "--workers", 1)
    assert invoke(scan, *words).exit_code == 0
    return root


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """music/, tiny.onnx, catalogue/."""
    root = tmp_path_factory.mktemp("cli")
    write_music(root / "music")
    return scanned_in(root)


@pytest.fixture(scope="session")
def doubles(tmp_path_factory):
    """music/ with one song in several files, tiny.onnx, catalogue/."""
    root = tmp_path_factory.mktemp("doubles")
    write_doubles(root / "music")
    return scanned_in(root)


@pytest.fixture
def json_lines():
    """The JSON objects of a command's output, one a line."""
    return lambda result: [json.loads(line) for line in result.stdout.splitlines()]
