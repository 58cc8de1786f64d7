import csv
import json

import pytest

from commandline import invoke
from earmark.cli import export
from earmark.errors import ConfigError


@pytest.fixture
def run(place):
    return lambda command, *words: invoke(export, command, *words, "--catalogue", place / "catalogue")


def test_the_suffix_tells_the_format(run, tmp_path, json_lines):
    assert "music.csv: 5 tracks" in run("export", tmp_path / "music.csv").stdout
    with open(tmp_path / "music.csv", encoding="utf-8") as file:
        assert {row["title"] for row in csv.DictReader(file)} == {"Low", "Middle", "Higher", "High", "Top"}
    (told,) = json_lines(run("export", tmp_path / "low.jsonl", "--where", "title = 'Low'", "--json"))
    assert (told["format"], told["tracks"]) == ("jsonl", 1)
    assert json.loads((tmp_path / "low.jsonl").read_text())["title"] == "Low"
    assert run("export", tmp_path / "jams").exit_code == 0
    assert len(list((tmp_path / "jams").glob("*.jams"))) == 5
    assert isinstance(run("export", tmp_path / "music.doc").exception, ConfigError)
