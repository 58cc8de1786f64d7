import json
import re
import shutil

import pytest

from commandline import invoke
from damage import cut, newest_data
from earmark.cli import catalogue as family
from earmark.errors import CatalogueError


@pytest.fixture
def folder(place, tmp_path):
    return shutil.copytree(place / "catalogue", tmp_path / "catalogue")


def call(*words):
    return invoke(family, "catalogue", *words)


def test_check_counts_what_is_whole(folder):
    done = call("check", folder)
    assert done.exit_code == 0, done.output
    assert done.output.startswith("Whole: 5 rows in files, 5 rows in tracks, ")
    assert call("check", "--catalogue", folder).output == done.output


def test_damage_is_found_named_and_mended(folder, json_lines):
    assert call("compact", folder).exit_code == 0  # no older version has other files, to which a repair would go back
    cut(newest_data(folder))
    done = call("check", folder)
    assert done.exit_code == 1
    n = int(re.search(r"damaged: tracks.lance: (\d+) rows cannot be read", done.output)[1])
    assert n > 0
    assert f"`earmark catalogue repair {folder}` mends it" in done.output
    (report,) = json_lines(call("check", folder, "--json"))
    assert report["whole"] is False
    done = call("repair", folder)
    assert done.exit_code == 0
    assert f"tracks: {n} rows are lost" in done.output
    assert done.output.count("to be heard again: ") == n
    assert call("repair", folder).output == "Nothing to mend.\n"
    assert call("check", folder).exit_code == 0


def test_backup_and_restore(folder, tmp_path):
    assert call("backup", tmp_path / "x.tar", "--catalogue", folder).output.startswith(f"Copied to {tmp_path}")
    done = call("restore", tmp_path / "x.tar", "--catalogue", folder)
    assert isinstance(done.exception, CatalogueError)
    assert call("restore", tmp_path / "x.tar", "--catalogue", folder, "--force").exit_code == 0
    done = call("restore", tmp_path / "x.tar", "--catalogue", tmp_path / "new", "--json")
    assert json.loads(done.output)["path"] == str(tmp_path / "new")
    assert call("check", tmp_path / "new").exit_code == 0


def test_compact_tells_the_bytes(folder):
    report = json.loads(call("compact", folder, "--json").output)
    assert 0 < report["after"] <= report["before"]
    assert "MB before" in call("compact", folder).output
