"""A path as a scan last saw it, and its row in the table of files."""

import os
import time
from dataclasses import asdict, dataclass

from earmark.errors import printable


@dataclass(frozen=True, slots=True)
class FileState:
    """One path as last seen: it leads to a track, or failed with a problem and a remedy.

    Attributes
    ----------
    path : absolute
    size, mtime_ns : bytes, nanoseconds; what tells whether the file has changed
    versions : of the analysis that saw it, as text, see `earmark.analysis.join_versions`
    track_id : the track that it leads to; None where it failed
    problem, remedy : why it failed and what to do; None where it did not
    """

    path: str
    size: int
    mtime_ns: int
    versions: str
    track_id: str | None = None
    problem: str | None = None
    remedy: str | None = None

    def to_dict(self) -> dict:
        """The JSON object of ``failures --json``."""
        return {"path": printable(self.path), "problem": self.problem, "remedy": self.remedy}


def row_of_file(state: FileState) -> dict:
    """The row of one path; its key is the path's own bytes, so that any name is kept."""
    paths = {"key": os.fsencode(state.path), "path": printable(state.path)}
    row = asdict(state) | paths | {"seen_at": int(time.time())}
    return row | {"stamp": row.pop("versions")}


def file_of_row(row: dict) -> FileState:
    """What `row_of_file` made a row of."""
    fields = ("track_id", "problem", "remedy")
    path, versions = os.fsdecode(row["key"]), row["stamp"]
    return FileState(path, row["size"], row["mtime_ns"], versions, **{name: row[name] for name in fields})
