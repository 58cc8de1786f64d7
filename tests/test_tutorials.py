"""The tutorials, typed from top to bottom: every command works, and prints what the page shows.

Compared is what stays the same on another machine: the words, titles and tags; not numbers, bars and ids.
"""

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def tutorials():
    spec = importlib.util.spec_from_file_location("tutorials", ROOT / "docs" / "tutorials.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def words(line: str) -> str:
    """A line without what differs from run to run: ids, numbers, bars, spaces; doubts may come and go with numbers."""
    line = re.sub(r"\b[0-9a-f]{8,20}\b", "ID", line)
    return re.sub(r"[\d.]+\??|[█ \t]+", " ", line).strip()


def fits(shown: list[str], printed: list[str]) -> bool:
    """Whether the lines shown are those printed, in any order of equals; ``...`` stands for lines left out."""
    if "..." in shown:
        there = iter(words(line) for line in printed)
        return all(words(line) in there for line in shown if line != "...")
    return sorted(map(words, shown)) == sorted(map(words, printed))


def check(page: Path, tutorials, folder: Path) -> None:
    """Run all console blocks of a page in a folder, and compare."""
    blocks = tutorials.BLOCK.findall(page.read_text(encoding="utf-8"))
    assert blocks
    variables: dict[str, str] = {}
    for command, shown in (step for block in blocks for step in tutorials.steps(block)):
        printed = tutorials.run(command, folder, variables).rstrip("\n")
        lines = printed.split("\n") if printed else []
        assert fits(shown, lines), f"{command}\nshown:\n" + "\n".join(shown) + f"\nprinted:\n{printed}"


LONG = [pytest.param(name, marks=pytest.mark.long) for name in ("tutorial-tags", "tutorial-playlist")]


@pytest.mark.parametrize("name", ["tutorial-library", *LONG])
def test_a_tutorial_runs_and_prints_what_it_shows(name, tutorials, demo_folder, tmp_path):
    shutil.copytree(demo_folder, tmp_path / "demo" / "music")  # what the first command would compose
    check(ROOT / "docs" / f"{name}.md", tutorials, tmp_path)


@pytest.mark.long
def test_the_examples_of_the_readme_run_and_print_what_it_shows(tutorials, demo_folder, tmp_path):
    shutil.copytree(demo_folder, tmp_path / "demo" / "music")
    tutorials.run("earmark scan demo/music --catalogue demo/catalogue", tmp_path, {})
    check(ROOT / "README.md", tutorials, tmp_path)


def test_every_tutorial_is_run(tutorials):
    assert {page.stem for page in tutorials.PAGES} == {"tutorial-library", "tutorial-tags", "tutorial-playlist"}


def test_another_title_is_noticed():
    assert fits(["0.40\tOne Drop", "0.30 Two"], ["0.31 Two", "0.41\tOne Drop"])
    assert not fits(["0.40\tOne Drop"], ["0.40\tTwo Drops"])
    assert fits(["one", "...", "last"], ["one", "more", "last"])
    assert not fits(["one", "...", "last"], ["one", "more"])
