"""Where folders are, with and without the environment variables that move them."""

import os
import re
from pathlib import Path

import pytest

from earmark import settings
from earmark.settings import (
    FOLDERS,
    LANGUAGE,
    LEASE,
    MAX_SECONDS,
    STORAGE_OPTIONS,
    TIME_LIMIT,
    TRACEBACK,
    WORKER_MEMORY,
    cores,
    language,
    lease_seconds,
    storage_options_file,
)

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
    known = {folder.variable for folder in FOLDERS} | {TRACEBACK, LANGUAGE, LEASE, STORAGE_OPTIONS}
    strangers = [
        line for line in named if re.search('"EARMARK_[A-Z]', line) and not any(name in line for name in known)
    ]
    assert not strangers


def test_the_language_is_english_but_where_another_is_set(monkeypatch):
    monkeypatch.delenv(LANGUAGE, raising=False)
    assert language() == "en"
    monkeypatch.setenv(LANGUAGE, "")
    assert language() == "en"
    monkeypatch.setenv(LANGUAGE, "de")
    assert language() == "de"
    assert f"| `{LANGUAGE}` |" in PAGE


def test_the_limits_are_documented():
    assert f"| {MAX_SECONDS:.0f} |" in PAGE
    assert f"| {TIME_LIMIT:.0f} |" in PAGE
    assert f"| {WORKER_MEMORY / 1e9:g}GB |" in PAGE


@pytest.mark.parametrize(
    ("text", "seconds"), [("", 30), ("2.5", 2.5), ("soon", 30), ("0", 30), ("inf", 30), ("nan", 30)]
)
def test_how_long_a_lease_is_good_for(monkeypatch, text, seconds):
    monkeypatch.setenv(LEASE, text)
    assert lease_seconds() == seconds
    assert f"| `{LEASE}` |" in PAGE


def test_the_file_of_storage_options(monkeypatch):
    monkeypatch.setenv(STORAGE_OPTIONS, "")
    assert storage_options_file() is None
    monkeypatch.setenv(STORAGE_OPTIONS, "~/store.toml")
    assert storage_options_file() == Path("~/store.toml").expanduser()
    assert f"| `{STORAGE_OPTIONS}` |" in PAGE


@pytest.mark.parametrize(
    ("quota", "expected"),
    [("200000 100000", 2), ("50000 100000", 1), ("max 100000", 6), ("6400000 100000", 6), ("", 6), (None, 6)],
)
def test_no_more_cores_than_a_process_is_bound_to_and_its_container_may_use(monkeypatch, tmp_path, quota, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(6)), raising=False)
    monkeypatch.setattr(settings, "QUOTA", tmp_path / "cpu.max")
    if quota is not None:
        (tmp_path / "cpu.max").write_text(f"{quota}\n")
    assert cores() == expected


def test_without_a_set_of_cores_all_are_counted(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 5)
    monkeypatch.setattr(settings, "QUOTA", tmp_path / "none")
    assert cores() == 5
