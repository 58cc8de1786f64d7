"""What schemathesis makes up, sent to a live server: `benchmarks/api_fuzz.py` with few examples."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from earmark.server.keys import SCOPES
from live_server import LiveServer

SCRIPT = Path(__file__).parents[2] / "benchmarks" / "api_fuzz.py"


@pytest.fixture
def api_fuzz():
    spec = importlib.util.spec_from_file_location("api_fuzz", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("phases", ["fuzzing,stateful", pytest.param("coverage", marks=pytest.mark.long)])
def test_no_answer_breaks_a_promise(prepared, tmp_path, api_fuzz, phases):
    server = LiveServer(Path(shutil.copytree(prepared / "catalogue", tmp_path / "catalogue")))
    try:
        _, key = server.keys.create("fuzz", SCOPES)
        done = api_fuzz.fuzz(server.base, key, tmp_path, examples=2, phases=phases)
    finally:
        server.end()
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    assert "Tested: 0" not in done.stdout
