"""A scanned folder that commands are run on, in a folder of their own."""

import json

import pytest

from catalogues import write_music
from commandline import invoke
from earmark.cli import scan
from scan_fixtures import in_this_process  # noqa: F401
from tiny_model import write_tiny_model


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """music/, tiny.onnx, catalogue/."""
    root = tmp_path_factory.mktemp("cli")
    write_music(root / "music")
    write_tiny_model(root / "tiny.onnx")
    words = ("scan", root / "music", "--catalogue", root / "catalogue", "--model", root / "tiny.onnx", "--workers", 1)
    assert invoke(scan, *words).exit_code == 0
    return root


@pytest.fixture
def json_lines():
    """The JSON objects of a command's output, one a line."""
    return lambda result: [json.loads(line) for line in result.stdout.splitlines()]
