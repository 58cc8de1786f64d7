"""Where folders are, with and without the environment variables that move them."""

from pathlib import Path

import pytest

from earmark.settings import FOLDERS, MAX_SECONDS, TIME_LIMIT

PAGE = (Path(__file__).parents[1] / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.variable)
def test_a_variable_moves_its_folder(folder, monkeypatch, tmp_path):
    monkeypatch.setenv(folder.variable, str(tmp_path / "moved"))
    assert folder.path() == tmp_path / "moved"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.variable)
def test_without_its_variable_a_folder_is_at_its_default(folder, monkeypatch):
    monkeypatch.delenv(folder.variable, raising=False)
    assert folder.path() == folder.default()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.variable)
def test_an_empty_variable_counts_as_none(folder, monkeypatch):
    monkeypatch.setenv(folder.variable, "")
    assert folder.path() == folder.default()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.variable)
def test_the_home_folder_may_be_written_as_a_tilde(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(folder.variable, "~/music")
    assert folder.path() == tmp_path / "music"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.variable)
def test_every_variable_is_documented(folder):
    assert f"| `{folder.variable}` |" in PAGE


def test_every_variable_in_the_source_is_in_the_table():
    """No module reads an ``EARMARK_*`` variable that `settings` does not know."""
    source = Path(__file__).parents[1] / "src" / "earmark"
    named = {line for path in source.rglob("*.py") for line in path.read_text(encoding="utf-8").splitlines()}
    known = {folder.variable for folder in FOLDERS}
    strangers = [line for line in named if '"EARMARK_' in line and not any(name in line for name in known)]
    assert not strangers


def test_the_limits_are_documented():
    assert f"| {MAX_SECONDS:.0f} |" in PAGE
    assert f"| {TIME_LIMIT:.0f} |" in PAGE
