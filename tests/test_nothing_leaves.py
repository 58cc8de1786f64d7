"""What is promised of the network: earmark, its workers and all that they import open no connection and ask no name.

Every system call that could is written down by strace. The test holds for the versions of the packages that are
installed, so it is asked again at every update.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from catalogues import write_music

ROOT = Path(__file__).parents[1]
STRACE = shutil.which("strace")
COMMAND = (sys.executable, "-c", "from earmark.cli import main; main()")
NETWORK = re.compile(r"AF_INET|sin_port|sin6?_addr")


@pytest.fixture
def traced(tmp_path):
    """Runs a command in a home of its own under strace; gives its output and what the calls were."""
    if STRACE is None:
        pytest.skip("strace is not installed: `apt install strace`")
    home = tmp_path / "home"
    home.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ORT_")}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / ".cache"), "XDG_DATA_HOME": str(home / ".local")}

    def run(*words) -> tuple[str, str]:
        log = tmp_path / "calls.txt"
        trace = [STRACE, "-f", "-qq", "-o", str(log), "-e", "trace=connect,sendto,sendmmsg,sendmsg"]
        done = subprocess.run([*trace, *COMMAND, *map(str, words)], capture_output=True, text=True, env=environment)
        if "ptrace" in done.stderr and done.returncode != 0:
            pytest.skip("this machine lets nobody trace")
        assert done.returncode == 0, done.stderr
        return done.stdout, log.read_text(encoding="utf-8")

    run.home = home
    return run


def written(home: Path) -> list[str]:
    return sorted(str(path.relative_to(home)) for path in home.rglob("*"))


def test_analyze_asks_nobody_and_leaves_nothing_in_the_home(traced, tmp_path):
    music = write_music(tmp_path / "music", ["low"], seconds=12)

    out, calls = traced("analyze", music / "low.flac", "--json")

    assert '"genre"' in out
    assert not NETWORK.search(calls), calls
    assert [name for name in written(traced.home) if "icrosoft" in name or "onnx" in name.lower()] == []


def test_a_scan_with_its_workers_asks_nobody_and_leaves_nothing_in_the_home(traced, tmp_path):
    music = write_music(tmp_path / "music", [f"song {i}" for i in range(6)], seconds=40)

    out, calls = traced("scan", music, "--catalogue", tmp_path / "c", "--workers", 2, "--json")

    assert '"analysed": 6' in out
    assert not NETWORK.search(calls), calls
    assert written(traced.home) == []


def test_strace_would_see_a_connection(traced, monkeypatch):
    code = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))"
    monkeypatch.setattr(sys.modules[__name__], "COMMAND", (sys.executable, "-c", code))

    assert NETWORK.search(traced()[1])


def imports_of(path: Path) -> set[str]:
    """Packages that are imported when the code runs, in functions too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tree.body = [x for x in tree.body if not (isinstance(x, ast.If) and ast.unparse(x.test) == "TYPE_CHECKING")]
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


def test_onnxruntime_is_imported_in_one_place_where_its_reports_are_off():
    folders = [ROOT / "src", *(ROOT / name for name in ("research", "benchmarks") if (ROOT / name).is_dir())]
    files = [path for folder in folders for path in folder.rglob("*.py") if "tests" not in path.parts]
    importers = [path.relative_to(ROOT).as_posix() for path in files if "onnxruntime" in imports_of(path)]

    assert importers == ["src/earmark/tagger/session.py"]
    source = (ROOT / importers[0]).read_text(encoding="utf-8")
    assert source.index('os.environ["ORT_DISABLE_TELEMETRY"] = "1"') < source.index("import onnxruntime")


@pytest.mark.parametrize("module", ["earmark.library", "earmark.engine.worker", "earmark.tagger.model"])
def test_the_reports_of_onnxruntime_are_off_before_it_is_there(module):
    code = f"import os, sys; os.environ['ORT_DISABLE_TELEMETRY'] = '0'; import {module}; "
    code += "print(os.environ['ORT_DISABLE_TELEMETRY'], 'onnxruntime' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1", "False"]


def test_no_package_that_talks_to_the_network_is_loaded_by_an_analysis(tmp_path):
    path = write_music(tmp_path / "music", ["low"]) / "low.flac"
    code = f"import earmark, sys; earmark.analyze({str(path)!r}); "
    code += "print([m for m in ('http.client', 'requests', 'httpx', 'urllib3', 'urllib.request') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_server_and_its_jobs_ask_nobody(traced, tmp_path):
    """`connect` to addresses is what a client does; a server binds and accepts."""
    music = write_music(tmp_path / "music", ["low", "high"], seconds=2)
    assert STRACE
    traced("scan", music, "--catalogue", tmp_path / "c", "--workers", 1)
    _, calls = traced_server(traced.home, tmp_path)
    assert "AF_INET" not in calls, calls


def traced_server(home: Path, folder: Path) -> tuple[int, str]:
    """Start a server under strace, let it answer and do a job, end it; gives its exit code and what the calls were."""
    from earmark.server.keys import KeyStore
    from earmark.server.state import state_folder

    environment = os.environ | {"HOME": str(home), "EARMARK_SERVER": str(folder / "server")}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_SERVER", str(folder / "server"))
        _, key = KeyStore(state_folder(folder / "c")).create("test", ("admin",))
    log = folder / "server-calls.txt"
    words = [STRACE, "-f", "-qq", "-o", str(log), "-e", "trace=connect", *COMMAND, "serve", "--port", "0"]
    process = subprocess.Popen(
        [*words, "--catalogue", str(folder / "c")], stdout=subprocess.PIPE, text=True, env=environment
    )
    base = process.stdout.readline().partition("/enter")[0]
    with httpx.Client(base_url=base, headers={"Authorization": f"Bearer {key}"}, timeout=120) as client:
        track = client.get("/api/v1/tracks").json()["items"][0]["track_id"]
        assert client.get(f"/api/v1/tracks/{track}/similar").status_code == 200
        assert client.get(f"/api/v1/tracks/{track}/waveform").status_code == 200
    for child in psutil.Process(process.pid).children():
        child.terminate()
    return process.wait(60), log.read_text(encoding="utf-8")
