"""What the docs say is held against the program."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


@pytest.fixture(scope="module")
def commands():
    spec = importlib.util.spec_from_file_location("commands", ROOT / "docs" / "commands.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_of_commands_is_up_to_date(commands):
    assert (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") == commands.render()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_docs_exist(page, commands):
    """Every line that begins with `earmark` names a command that there is, and options that it has."""
    sections = dict(re.findall(r"^## earmark (.+?)\n(.*?)(?=^## |\Z)", commands.render(), re.M | re.S))
    for line in re.findall(r"^(?:    |\$ )earmark ([a-z].*)$", page.read_text(encoding="utf-8"), re.M):
        words = re.sub(r"\s{2,}.*|#.*", "", line).split()
        name = next((n for n in (" ".join(words[:2]), words[0]) if n in sections), None)
        assert name, f"{page.name}: no command in `earmark {line}`"
        for option in re.findall(r"(?<!\S)(--[a-z-]+)", re.split(r"[|&;]", " ".join(words))[0]):
            assert f"`{option}`" in sections[name], f"{page.name}: {name} has no {option}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_named_within_a_line_exist(page, commands):
    """``earmark name`` in running text begins the name of a command; the changelog tells of former ones, too."""
    if page.name == "CHANGELOG.md":
        return
    known = re.findall(r"^## earmark (.+)$", commands.render(), re.M)
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for words in re.findall(r"`earmark ([a-z]+(?: [a-z]+)?)", text):
        first, *second = words.split()
        below = {name.split()[1] for name in known if name.startswith(f"{first} ")}
        assert first in known or below, f"{page.name}: no command `earmark {words}`"
        assert not below or not second or second[0] in below, f"{page.name}: no command `earmark {words}`"


def test_the_python_page_runs(tmp_path, demo_folder):
    """All its examples in one process, as a reader would type them; the pieces that it composes are there already."""
    shutil.copytree(demo_folder, tmp_path / "pieces")
    page = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", page, re.S))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "tracks.csv" in done.stdout  # the last example prints an error


def test_every_module_is_on_the_map():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "src" / "earmark").iterdir()):
        if path.name.startswith("_") or path.suffix not in ("", ".py") or path.name in ("assets", "recipes"):
            continue
        name = f"{path.name}/" if path.is_dir() else path.name
        assert f"`{name}`" in page, f"docs/architecture.md does not speak of {name}"


def test_every_page_is_in_the_contents():
    docs = ROOT / "docs"
    listed = set(re.findall(r"^[\w/-]+$", (docs / "index.md").read_text(encoding="utf-8"), re.M))
    assert {page.relative_to(docs).with_suffix("").as_posix() for page in docs.rglob("*.md")} == listed | {"index"}


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", str(ROOT / "docs"), str(out)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return out


def test_the_site_holds_every_page(site):
    assert {page.stem for page in (ROOT / "docs").glob("*.md")} <= {page.stem for page in site.glob("*.html")}
    assert "earmark.Catalogue.similar" in (site / "reference.html").read_text(encoding="utf-8")


def test_the_site_asks_no_other_host(site):
    for page in site.glob("*.html"):
        loaded = re.findall(
            r"<(?:script|link|img)[^>]*(?:src|href)=[\"'](https?:|//)", page.read_text(encoding="utf-8")
        )
        assert not loaded, f"{page.name} loads from elsewhere"
