"""The packages as strangers get them: built, checked, installed without the source tree, and used."""

import json
import os
import re
import subprocess
import sys
import tomllib
import venv
from pathlib import Path
from time import monotonic

import pytest

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_DEVELOPERS = {"test", "docs", "release"}
EXTRAS = sorted(PROJECT["optional-dependencies"].keys() - FOR_DEVELOPERS)
BIN = "Scripts" if os.name == "nt" else "bin"
PERMISSIVE = re.compile(
    r"Apache|MIT|BSD|ISC|PSF|Python Software Foundation|Zope|Unlicense|CC0|0BSD|HPND|MPL-2\.0|Mozilla Public License 2"
)
COPYLEFT = re.compile(r"(?<!L)GPL|AGPL|General Public License", re.I)

SERVE = """
import re, subprocess, sys, urllib.request
command = [sys.argv[1], "serve", "--port", "0", *sys.argv[2:]]
server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
try:
    address = next(found[0] for line in server.stdout if (found := re.search("http://127[^ /]+", line)))
    print(urllib.request.urlopen(address + "/api/v1/health").read())
finally:
    server.terminate()
"""


def run(*command, cwd: Path, **more) -> str:
    """What a command prints; the variables that lead Python to the source tree are left out."""
    without = {"PYTHONPATH", "EARMARK_CATALOGUE"}
    environment = {name: value for name, value in os.environ.items() if name not in without}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, env=environment, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory) -> Path:
    pytest.importorskip("build")
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "-q", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def wheel(dist) -> Path:
    return next(dist.glob("*.whl"))


def environment(folder: Path, *wanted: str) -> Path:
    """The commands of a new environment with these packages; constraints.txt keeps torch to a CPU build."""
    venv.create(folder, with_pip=True)
    run(folder / BIN / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", *wanted, cwd=folder)
    return folder / BIN


def test_both_packages_pass_the_checks(dist, wheel):
    assert len(list(dist.iterdir())) == 2
    run(sys.executable, "-m", "twine", "check", "--strict", *dist.iterdir(), cwd=dist)
    run(Path(sys.executable).parent / "check-wheel-contents", "--ignore", "W002", wheel, cwd=dist)
    assert wheel.stat().st_size < 8_000_000


def test_a_wheel_from_the_sdist_has_the_same_files(dist, wheel, tmp_path):
    import zipfile

    run(
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "-w",
        tmp_path,
        next(dist.glob("*.tar.gz")),
        cwd=tmp_path,
    )
    again = next(tmp_path.glob("*.whl"))
    assert zipfile.ZipFile(again).namelist() == zipfile.ZipFile(wheel).namelist()


def test_the_wheel_alone_does_what_the_readme_shows(wheel, tmp_path):
    began = monotonic()
    commands = environment(tmp_path / "env", f"{wheel}[serve]")
    earmark = commands / "earmark"
    shown = run(earmark, "demo", "--catalogue", tmp_path / "cat", cwd=tmp_path)
    print(f"from nothing to the first answer: {monotonic() - began:.0f} s")
    assert "16 listened to" in shown
    at = ("--catalogue", tmp_path / "cat")
    assert "16 unchanged" in run(earmark, "scan", tmp_path / "music", *at, cwd=tmp_path)
    hits = run(earmark, "search", "jazz", *at, "--json", cwd=tmp_path)
    assert "Three and Two" in {json.loads(line)["title"] for line in hits.splitlines()}
    assert "ok" in run(commands / "python", "-c", SERVE, earmark, *at, cwd=tmp_path, timeout=60)


@pytest.mark.parametrize("extra", EXTRAS)
def test_each_extra_installs_alone_and_what_it_brings_can_be_imported(extra, wheel, tmp_path):
    commands = environment(tmp_path / "env", f"{wheel}[{extra}]")
    wanted = [re.match(r"[\w.-]+", line)[0] for line in PROJECT["optional-dependencies"][extra]]
    code = f"""
from importlib.metadata import version
import earmark, earmark.library
print([version(name) for name in {[name for name in wanted if name != "earmark"]!r}])
"""
    run(commands / "python", "-c", code, cwd=tmp_path)
    run(commands / "python", "-m", "pip", "check", cwd=tmp_path)


def test_the_oldest_versions_that_are_allowed_do(wheel, tmp_path):
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("needs uv")
    run(uv, "venv", "-q", "--python", sys.executable, tmp_path / "env", cwd=tmp_path)
    # of the project, since all that a wheel needs counts as indirect
    lowest = ("--resolution", "lowest-direct", "--python", sys.executable, "-o", tmp_path / "oldest.txt")
    run(uv, "pip", "compile", "-q", ROOT / "pyproject.toml", *lowest, cwd=tmp_path)
    run(uv, "pip", "install", "-q", "--python", tmp_path / "env", "-r", "oldest.txt", wheel, cwd=tmp_path)
    shown = run(tmp_path / "env" / BIN / "earmark", "demo", "--catalogue", tmp_path / "cat", cwd=tmp_path)
    assert "16 listened to" in shown


def test_what_comes_with_it_is_licensed_as_the_readme_says(wheel, tmp_path):
    commands = environment(tmp_path / "env", f"{wheel}[serve]", "pip-licenses")
    found = json.loads(run(commands / "pip-licenses", "--format=json", "--from=all", cwd=tmp_path))
    names = {
        row["Name"]: " ".join(str(text).partition("\n")[0] for name, text in row.items() if name.startswith("License"))
        for row in found  # the first line alone: some go on with the terms of compiled libraries, see the readme
    }
    odd = {name: text for name, text in names.items() if not PERMISSIVE.search(text) or COPYLEFT.search(text)}
    assert odd.keys() - {"earmark"} == set(), odd
