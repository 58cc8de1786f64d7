"""A catalogue as an early earmark left it, see tests/files/README.md."""

import tarfile
from pathlib import Path

import pytest

FILES = Path(__file__).parents[1] / "files"


@pytest.fixture
def old(tmp_path) -> Path:
    """The catalogue of version 1 in a folder of its own."""
    with tarfile.open(FILES / "catalogue-v1.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path / "catalogue"
