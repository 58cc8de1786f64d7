"""Reads one version of a table to its last value in a process of its own, which a damaged file may abort.

``python -m earmark.catalogue.probe`` takes a request as JSON on standard input and says on standard output, a JSON line
each, what the version holds, what it is about to read, and how that went. `probe` starts it and gathers the answers;
when it dies, what it was reading is damaged, and the next process passes that over.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

from earmark.catalogue.tables import Table
from earmark.catalogue.where import Where
from earmark.errors import CatalogueError

COMMAND = (sys.executable, "-m", "earmark.catalogue.probe")


@dataclass
class Probe:
    """What was found of one version of a table.

    Attributes
    ----------
    fault : why the version cannot be opened at all; None where it can
    version : its number
    files : every file that it is made of, below the table's folder
    n_rows : fragment -> its rows
    indices : the columns' indices, by name
    bad : part (``fragment 3``, ``index text_idx``) -> why it cannot be read
    """

    fault: str | None = None
    version: int = 0
    files: list[str] = field(default_factory=list)
    n_rows: dict[int, int] = field(default_factory=dict)
    indices: list[str] = field(default_factory=list)
    bad: dict[str, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything can be read."""
        return self.fault is None and not self.bad

    @property
    def bad_fragments(self) -> list[int]:
        """The fragments that cannot be read."""
        return [number for number in self.n_rows if f"fragment {number}" in self.bad]

    @property
    def bad_indices(self) -> list[str]:
        """The indices that cannot be read."""
        return [name for name in self.indices if f"index {name}" in self.bad]

    @property
    def n_readable(self) -> int:
        """Rows that can be read."""
        return sum(self.n_rows.values()) - self.n_lost

    @property
    def n_lost(self) -> int:
        """Rows that cannot."""
        return sum(self.n_rows[number] for number in self.bad_fragments)


def probe(table: Where, version: int | None = None, damaged: dict[str, str] | None = None, apart: bool = True) -> Probe:
    """Read one version of a table, the newest by default.

    damaged : file below the table's folder -> what is wrong with it; what needs one of these is bad without reading
    apart : in a process of its own; otherwise here, for files that are known to be whole
    """
    found, skip = Probe(), {}
    if not apart:
        request = {"table": str(table), "version": version, "damaged": {}, "skip": {}}
        _gather(found, "".join(json.dumps(answer) + "\n" for answer in _answers(request)))
        return found
    while True:
        request = {"table": str(table), "version": version, "damaged": damaged or {}, "skip": skip}
        reading = _gather(found, _run(json.dumps(request)))
        if reading is None:
            return found
        if reading == "" or reading in skip:
            found.fault = "cannot be opened"
            return found
        skip[reading] = "reading it ends the process"


ENVIRONMENT = {"RUST_BACKTRACE": "0"}  # a panic is no news here, and its backtrace takes a second


def _run(request: str) -> str:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "encoding": "utf-8"}
    return subprocess.run(COMMAND, input=request, env=os.environ | ENVIRONMENT, check=False, **pipes).stdout


def _gather(found: Probe, output: str) -> str | None:
    """Take the answers; returns what was read when the process died, ``""`` for opening, None where it did not."""
    reading: str | None = ""
    for line in output.splitlines():
        answer = json.loads(line)
        if "opened" in answer:
            found.version, found.files, found.indices = answer["opened"], answer["files"], answer["indices"]
            found.n_rows = {int(number): n for number, n in answer["n_rows"].items()}
        elif "fault" in answer:
            found.fault = answer["fault"]
        elif answer.get("bad"):
            found.bad[answer["part"]] = answer["bad"]
        reading = None if "end" in answer else answer.get("part", reading)
    return reading


def _answers(request: dict) -> Iterator[dict]:
    try:
        table = Table(request["table"], request["version"])
        fragments, indices = table.fragments(), table.index_files()
        n_rows = {number: fragment.n_rows for number, fragment in fragments.items()}
        yield {"opened": table.version, "files": table.file_names(), "n_rows": n_rows, "indices": list(indices)}
        parts = {f"fragment {n}": (f.files, lambda n=n: table.read_fragment(n)) for n, f in fragments.items()}
        parts |= {f"index {i}": (d.split(), lambda i=i: table.read_index(i)) for i, d in indices.items()}
        for part, (files, read) in parts.items():
            yield {"part": part}
            yield {"part": part, "bad": request["skip"].get(part) or _known(files, request["damaged"]) or _tried(read)}
    except CatalogueError as error:
        yield {"fault": error.problem}
    yield {"end": True}


def _known(files: list[str], damaged: dict[str, str]) -> str | None:
    hits = [(file, why) for file, why in damaged.items() if any(file == f or file.startswith(f"{f}/") for f in files)]
    return f"{hits[0][0]} {hits[0][1]}" if hits else None


def _tried(read) -> str | None:
    try:
        read()
    except CatalogueError as error:
        return error.problem
    return None


def main() -> None:
    """Answer the request on standard input."""
    for answer in _answers(json.load(sys.stdin)):
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
