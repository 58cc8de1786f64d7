"""The journal of written tags: what was done to which file, and the way back. It lies beside the catalogue.

A row is written before its file is changed (``ready``) and marked when that is done (``done``, ``undone``); so after a
kill at any moment the file itself, by its checksum, tells which of the two holds.
"""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from earmark.errors import CatalogueBusy, CatalogueError
from earmark.interop.delta import Delta

TABLE = """CREATE TABLE IF NOT EXISTS writes (
    id INTEGER PRIMARY KEY, run TEXT NOT NULL, path BLOB NOT NULL, state TEXT NOT NULL, before BLOB NOT NULL,
    after BLOB NOT NULL, mtime_ns INTEGER NOT NULL, delta BLOB NOT NULL, at INTEGER NOT NULL)"""
COLUMNS = "id, run, path, state, before, after, mtime_ns, delta"
READY, DONE, UNDONE = "ready", "done", "undone"


@dataclass(frozen=True)
class Entry:
    """One file that was written, or was about to be.

    Attributes
    ----------
    id : number of the row
    run : id of the plan
    path : of the file
    state : ``ready``, ``done`` or ``undone``
    before, after : checksums of the whole file
    mtime_ns : of the file before
    delta : the way back
    """

    id: int
    run: str
    path: str
    state: str
    before: bytes
    after: bytes
    mtime_ns: int
    delta: Delta


class Journal:
    """An open journal, see `open_journal`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute(TABLE)

    def ready(self, run: str, path: str, before: bytes, after: bytes, mtime_ns: int, delta: Delta) -> int:
        """Note what is about to be done; returns the number of the row. It is on the disk when this returns."""
        row = run, os.fsencode(path), READY, before, after, mtime_ns, delta.pack(), int(time.time())
        columns = "run, path, state, before, after, mtime_ns, delta, at"
        with self._db:
            return self._db.execute(f"INSERT INTO writes ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row).lastrowid

    def mark(self, row: int, state: str) -> None:
        """Note that it is done, or undone."""
        with self._db:
            self._db.execute("UPDATE writes SET state = ? WHERE id = ?", (state, row))

    def drop(self, row: int) -> None:
        """Forget a row whose file was never changed."""
        with self._db:
            self._db.execute("DELETE FROM writes WHERE id = ?", (row,))

    def latest(self, run: str, path: str) -> Entry | None:
        """The newest row of a file in a run that was not undone."""
        where = "run = ? AND path = ? AND state != ? ORDER BY id DESC LIMIT 1"
        return next(self._select(where, (run, os.fsencode(path), UNDONE)), None)

    def written(self, run: str) -> Iterator[Entry]:
        """All rows of a run that were not undone, the newest first, read one by one."""
        sql = "SELECT id FROM writes WHERE run = ? AND state != ? ORDER BY id DESC"
        for (row,) in self._db.execute(sql, (run, UNDONE)).fetchall():
            yield from self._select("id = ?", (row,))

    def count(self, run: str) -> int:
        """How many rows of a run were not undone."""
        sql = "SELECT count(*) FROM writes WHERE run = ? AND state != ?"
        return self._db.execute(sql, (run, UNDONE)).fetchone()[0]

    def runs(self) -> list[str]:
        """The runs of which something can be undone, the newest last."""
        sql = "SELECT run FROM writes WHERE state != ? GROUP BY run ORDER BY max(id)"
        return [row[0] for row in self._db.execute(sql, (UNDONE,))]

    def _select(self, where: str, values: tuple) -> Iterator[Entry]:
        for row in self._db.execute(f"SELECT {COLUMNS} FROM writes WHERE {where}", values):
            yield Entry(row[0], row[1], os.fsdecode(row[2]), *row[3:7], Delta.unpack(row[7]))


def journal_path(catalogue: Path) -> Path:
    """Where the journal of a catalogue lies."""
    catalogue = Path(os.path.abspath(catalogue))
    return catalogue.with_name(f"{catalogue.name}.tags.sqlite")


@contextmanager
def open_journal(catalogue: Path) -> Iterator[Journal]:
    """The journal of a catalogue, which one process has at a time; it is made where there is none.

    Raises
    ------
    CatalogueBusy : another process writes tags
    CatalogueError : the journal cannot be read or written
    """
    path = journal_path(catalogue)
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
        connection = sqlite3.connect(path)
    except Timeout:
        raise CatalogueBusy(path, "another process is writing tags", "Wait until it has finished.") from None
    except (OSError, sqlite3.Error) as error:
        raise CatalogueError(path, f"cannot be opened ({error})", "Mend its permissions.") from error
    try:
        yield Journal(connection)
    except sqlite3.Error as error:
        raise CatalogueError(path, f"cannot be used ({error})", "Free some space, or mend the file.") from error
    finally:
        connection.close()
        lock.release()


def written_by(catalogue: Path) -> dict[str, int]:
    """Run -> how many files it has changed that were not changed back; read beside whoever writes."""
    path = journal_path(catalogue)
    if not path.is_file():
        return {}
    sql = "SELECT run, count(*) FROM writes WHERE state != ? GROUP BY run"
    try:
        with closing(sqlite3.connect(path)) as db:
            return dict(db.execute(sql, (UNDONE,)).fetchall())
    except sqlite3.Error as error:
        raise CatalogueError(path, f"cannot be used ({error})", "Free some space, or mend the file.") from error
