"""The exercise of docs/exercise-descriptor.md, done in a copy of the source."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "exercise-descriptor.md").read_text(encoding="utf-8")


def test_a_descriptor_is_added_as_the_page_says(demo_folder, tmp_path):
    if shutil.which("git") is None:
        pytest.skip("needs git")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    module = re.search(r"```python\n(.*?)```", PAGE, re.S)[1]
    assert len(module.strip().split("\n")) <= 42
    (tmp_path / "src/earmark/descriptors/brightness.py").write_text(module, encoding="utf-8")
    (tmp_path / "table.diff").write_text(re.search(r"```diff\n(.*?)```", PAGE, re.S)[1], encoding="utf-8")
    outside = {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)}
    subprocess.run(["git", "apply", "table.diff"], cwd=tmp_path, check=True, env=outside)
    (tmp_path / "music").mkdir()
    for name in ("metal.ogg", "ambient.opus"):
        shutil.copy(demo_folder / name, tmp_path / "music")

    def earmark(*words: str) -> str:
        line = [sys.executable, "-c", "from earmark.cli import main; main()", *words, "--catalogue", "bright"]
        there = {**os.environ, "PYTHONPATH": str(tmp_path / "src")}
        return subprocess.run(line, cwd=tmp_path, check=True, capture_output=True, text=True, env=there).stdout

    earmark("scan", "music", "--model", "fast")
    found = earmark("search", "--where", "brightness > 0.35")
    assert "Double Kick" in found
    assert "Drone and Bells" not in found
    values = json.loads(earmark("show", "Double Kick", "--json"))
    assert '"brightness": {"value": 0.' in json.dumps(values)
    assert "  brightness   0." in earmark("show", "Double Kick")
