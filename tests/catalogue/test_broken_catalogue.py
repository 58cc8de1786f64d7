"""Every command on every kind of broken catalogue: one line that says what to do, and never a traceback."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from damage import DAMAGES, into_a_file
from earmark.catalogue.store import Store
from earmark.cli import app

RUNNER = """
import json, os, sys
from earmark.cli import main
for number, words in json.load(sys.stdin):
    for fd, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(f"{number}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), fd)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    sys.argv = ["earmark", *words]
    try:
        main()
    except SystemExit as end:
        sys.stdout.flush()
        with open(f"{number}.code", "w") as file:
            file.write(str(end.code))
"""
WORDS = {"dest": "copy", "source": "copy", "track": "low"}
"""Argument -> what is given for it; others get a title."""


def commands(command, *path: str):
    """(words, parameters) of every command that reads a catalogue."""
    for name, sub in sorted(getattr(command, "commands", {}).items()):
        yield from commands(sub, *path, name)
    if not hasattr(command, "commands") and any(p.name == "catalogue" for p in command.params):
        yield path, command.params


def typed(path: tuple[str, ...], parameters, catalogue: str) -> list[str]:
    """A command line, with all that the command requires."""
    words = [*path, "--catalogue", catalogue]
    words += [WORDS.get(p.name, "low") for p in parameters if p.param_type_name == "argument" and p.required]
    extras = {
        "scan": ["music", "--model", "tiny.onnx", "--workers", "1"],
        "correct": ["--tempo", "90"],
        "create": ["--name", "x", "--scope", "read"],
        "edit": ["--rename", "x"],
        "why": ["--like", "high"],
        "smart": ["--where", "tempo < 90"],
    }
    return words + extras.get(path[-1], [])


LONG = {"demo", "doctor", "serve", "watch"}
COMMANDS = [found for found in commands(typer.main.get_command(app)) if found[0][0] not in LONG]
"""All but ``demo`` and ``doctor``, which take long and read it as others do, and those that stay."""

KINDS = [pytest.param(kind, marks=[pytest.mark.long] if i % 8 else []) for i, kind in enumerate(DAMAGES)]
"""Every eighth in the usual tests: each takes some twenty seconds."""


@pytest.fixture(scope="module")
def corrected(prepared, tmp_path_factory):
    """A catalogue with a correction, tidied."""
    root = tmp_path_factory.mktemp("corrected")
    shutil.copytree(prepared, root, dirs_exist_ok=True)
    store = Store(root / "catalogue")
    store.correct(sorted(store.track_ids())[0], "tempo", "99")
    store.tidy()
    return root


def run_all(root: Path, broken: Path) -> dict[str, tuple[int, str, str]]:
    """Command -> exit code, standard output and error, each on its own copy of the broken catalogue."""
    lines = []
    for number, (path, parameters) in enumerate(COMMANDS):
        copy = root / f"catalogue{number}"
        shutil.copytree(broken, copy) if broken.is_dir() else shutil.copy(broken, copy)
        lines.append(typed(path, parameters, copy.name))
    todo, codes = list(enumerate(lines)), {}
    while todo:  # a library may end the process: the next one goes on
        ended = run(root, todo)
        done = {number: root / f"{number}.code" for number, _ in todo}
        codes |= {number: int(path.read_text()) for number, path in done.items() if path.exists()}
        todo = [(number, words) for number, words in todo if number not in codes]
        if todo:
            codes[todo.pop(0)[0]] = ended
    return {
        " ".join(path): (codes[n], *((root / f"{n}.{end}").read_text(errors="replace") for end in ("out", "err")))
        for n, (path, _) in enumerate(COMMANDS)
    }


def run(root: Path, lines: list) -> int:
    """Command lines one after the other in one process; its exit code."""
    environment = os.environ | {"COLUMNS": "200", "NO_COLOR": "1"}
    command, quiet = [sys.executable, "-c", RUNNER], {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.run(command, input=json.dumps(lines), cwd=root, env=environment, text=True, **quiet).returncode


def assert_one_line_each(found: dict[str, tuple[int, str, str]]) -> None:
    """No traceback, exit code 0 or 1, and one line of error where something was wrong."""
    for name, (code, out, errors) in found.items():
        errors = "".join(line for line in errors.splitlines(True) if not line.startswith("analysing: "))
        assert code in (0, 1), (name, code, errors)
        assert "Traceback" not in out + errors, (name, errors)
        assert "panicked" not in errors, (name, errors)
        if errors or (code and name not in ("catalogue check", "scan")):
            assert errors.startswith("earmark: "), (name, code, out, errors)
            assert errors.count("\n") == 1, (name, errors)


@pytest.mark.parametrize("kind", KINDS)
def test_a_broken_catalogue_is_one_line_from_every_command(tmp_path, corrected, kind):
    root = shutil.copytree(corrected, tmp_path / "root")
    broken = (root / "catalogue").rename(tmp_path / "broken")
    DAMAGES[kind](broken)

    found = run_all(root, broken)

    assert len(COMMANDS) >= 9
    assert_one_line_each(found)
    code, out, _ = found["catalogue check"]
    assert code == 1
    assert "earmark catalogue repair" in out
    assert found["catalogue repair"][0] == 0
    reading = {name: result for name, result in found.items() if name in ("failures", "show", "search", "similar")}
    wrong = [errors for code, _, errors in reading.values() if code]
    assert wrong, "no reading command noticed"
    assert all("earmark catalogue repair" in errors for errors in wrong)


def test_a_file_in_the_place_of_a_catalogue_is_one_line_from_every_command(tmp_path, corrected):
    root = shutil.copytree(corrected, tmp_path / "root")
    into_a_file(root / "catalogue")
    assert_one_line_each(run_all(root, root / "catalogue"))
