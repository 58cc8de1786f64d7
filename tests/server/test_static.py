"""What the wheel carries of the page: it names no other host, holds nothing that the policy forbids, and is small."""

import gzip
import re
from pathlib import Path

import pytest

from earmark.server.app import STATIC

FILES = sorted(path for path in STATIC.rglob("*") if path.is_file())
SCRIPTS = [path for path in FILES if path.suffix == ".js"]
NAMESPACE = "http://www.w3.org/2000/svg"  # a name that is never asked for
MOST = {".js": 100_000, ".css": 20_000}  # bytes, packed as one


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_file_names_another_host(path):
    text = text_of(path).replace(NAMESPACE, "")
    assert not re.search(r"""\bhttps?:|\bwss?:|["'(]//\w""", text)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_no_markup_and_evaluate_no_text(path):
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text_of(path))


def test_the_html_holds_neither_script_nor_style():
    html = text_of(STATIC / "index.html")
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", html)


def test_every_import_is_a_file_that_there_is():
    pattern = re.compile(r'^import .*?from "(.+?)";|\bimport\("(.+?)"\)', re.MULTILINE)
    found = [(path, now or later) for path in SCRIPTS for now, later in pattern.findall(text_of(path))]
    assert len(found) > len(SCRIPTS)
    assert [name for path, name in found if not (path.parent / name).resolve().is_file()] == []


@pytest.mark.parametrize("suffix", MOST)
def test_the_page_is_small(suffix):
    packed = gzip.compress(b"".join(path.read_bytes() for path in FILES if path.suffix == suffix))
    assert len(packed) < MOST[suffix]


def test_both_ways_to_dark_have_the_same_colours():
    text = text_of(STATIC / "css" / "tokens.css")
    by_system = re.search(r':root:not\(\[data-theme="light"\]\) \{(.*?)\}', text, re.DOTALL)[1]
    chosen = re.search(r':root\[data-theme="dark"\] \{(.*?)\}', text, re.DOTALL)[1].replace("color-scheme: dark;", "")
    assert by_system.split() == chosen.split()


def test_colours_are_named_in_one_file():
    others = [path for path in FILES if path.suffix == ".css" and path.name not in ("tokens.css", "page.css")]
    assert not [path.name for path in others if re.search(r"#[0-9a-f]{3,6}\b", text_of(path))]
