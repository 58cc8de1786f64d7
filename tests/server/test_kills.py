"""The server is killed as by a power cut, at any moment of a scan and of corrections: `benchmarks/api_kills.py`."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from catalogues import write_music

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "api_kills.py"


@pytest.fixture
def api_kills():
    spec = importlib.util.spec_from_file_location("api_kills", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.long
def test_nothing_is_lost_and_the_job_goes_on(prepared, tmp_path, api_kills):
    catalogue = Path(shutil.copytree(prepared / "catalogue", tmp_path / "catalogue"))
    music = write_music(tmp_path / "many", [f"sound {i}" for i in range(12)], 2.0)
    report = api_kills.kill_often(catalogue, music, kills=2, seed=1)
    assert report["kills"] == 2
    assert report["confirmed"] > 0
    assert report["lost"] == []
    assert report["tracks"] == 5 + 12
    assert report["state"] == "succeeded"
    assert report["whole"]
