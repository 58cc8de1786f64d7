"""Runs the commands of the tutorials, and writes what they print below them: ``python docs/tutorials.py``.

A tutorial is typed from top to bottom in an empty folder. In its console blocks a line that begins with ``$`` is a
command; what follows is what it prints. A line ``...`` stands for any lines that are left out; a block that has one
is not written anew. tests/test_tutorials.py runs the pages in the same way, and compares.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

PAGES = sorted(Path(__file__).parent.glob("tutorial-*.md"))
BLOCK = re.compile(r"```console\n(.*?)```", re.S)
EARMARK = (sys.executable, "-c", "from earmark.cli import main; main()")


def steps(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block with the lines that the page shows below it."""
    for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
        command, *shown = part.rstrip("\n").split("\n")
        yield command, shown


def run(command: str, folder: Path, variables: dict[str, str]) -> str:
    """What a command prints in a folder; ``export NAME=value`` is kept in `variables`."""
    words = shlex.split(command)
    if words[0] == "export":
        variables.update([words[1].split("=", 1)])
        return ""
    line = [*EARMARK, *words[1:]] if words[0] == "earmark" else words
    environment = {**os.environ, "EARMARK_HOME": str(folder / "home"), **variables}
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, encoding="utf-8", env=environment)
    if done.returncode:
        raise RuntimeError(f"{command}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout.replace(str(folder.resolve()), "~")


def write_anew(page: Path, folder: Path) -> None:
    """Replace what a page shows by what its commands print now."""
    variables: dict[str, str] = {}

    def printed(block: re.Match) -> str:
        done = [(f"$ {command}\n" + run(command, folder, variables), shown) for command, shown in steps(block[1])]
        kept = any("..." in shown for _, shown in done)
        return block[0] if kept else "```console\n" + "".join(text for text, _ in done) + "```"

    page.write_text(BLOCK.sub(printed, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for tutorial in PAGES:
        with tempfile.TemporaryDirectory() as empty:
            write_anew(tutorial, Path(empty))
