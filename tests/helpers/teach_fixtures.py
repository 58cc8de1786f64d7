"""A scanned folder of two kinds of music, to be taught."""

import shutil

import pytest


@pytest.fixture(scope="session")
def kinds_scanned(tmp_path_factory):
    """music/ with twelve pieces of each kind, catalogue/ and the model's file."""
    from two_kinds import scan_kinds, write_kinds

    root = tmp_path_factory.mktemp("kinds")
    write_kinds(root / "music", range(12))
    scan_kinds(root)
    return root


@pytest.fixture
def kinds(kinds_scanned, tmp_path):
    """A copy of the catalogue, to be changed at will, beside nothing else: the music stays where it was scanned."""
    shutil.copytree(kinds_scanned / "catalogue", tmp_path / "catalogue")
    return tmp_path / "catalogue"
