"""What a scan has found, written to the catalogue in batches: a kill can cost no more than one of them."""

import time
from dataclasses import replace

from earmark.analysis import Analysis
from earmark.catalogue.files import FileState
from earmark.catalogue.store import Store
from earmark.errors import EarmarkError

FLUSH_TRACKS = 64  # files in a batch at most,
FLUSH_SECONDS = 5.0  # and seconds between two batches
MOST_OF_AN_ERROR = 200  # characters
REPORT = "Please report this with the file."

Entry = tuple[FileState, Analysis | None]
"""A file, and the analysis of its track where there is one."""


class Writer:
    """The one writer of a scan; `flush` writes what is left.

    Attributes
    ----------
    refused : files whose results the catalogue cannot hold, with what was to be written of them
    """

    def __init__(self, store: Store) -> None:
        self.refused: list[Entry] = []
        self._store = store
        self._entries: list[Entry] = []
        self._flushed_at = time.monotonic()

    def add(self, state: FileState, analysis: Analysis | None = None) -> None:
        """Take one file, and the analysis of its track where there is one; writes when a batch is full or old."""
        self._entries.append((state, analysis))
        if len(self._entries) >= FLUSH_TRACKS or time.monotonic() - self._flushed_at > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what was taken since the last batch.

        Data that no table takes, such as text that is no Unicode or a number out of range, cost their own file and not
        the batch: then every file is written by itself, and that one as a failure. Raises CatalogueError where the
        catalogue cannot be written at all.
        """
        entries, self._entries = self._entries, []
        try:
            self._write(entries)
        except EarmarkError:
            raise
        except Exception:  # of Arrow, Lance or Python: no list of kinds would be complete
            for entry in entries:
                self._write_or_refuse(entry)
        self._flushed_at = time.monotonic()

    def _write(self, entries: list[Entry]) -> None:
        self._store.write(
            [analysis for _, analysis in entries if analysis is not None], [state for state, _ in entries]
        )

    def _write_or_refuse(self, entry: Entry) -> None:
        try:
            self._write([entry])
        except EarmarkError:
            raise
        except Exception as error:
            self._write([(_failure(entry[0], error), None)])
            self.refused.append(entry)


def _failure(state: FileState, error: Exception) -> FileState:
    cause = f"{type(error).__name__}: {error}".encode("utf-8", "backslashreplace").decode()[:MOST_OF_AN_ERROR]
    problem = f"what was found in it cannot be kept ({cause})"
    return replace(state, track_id=None, info=None, problem=problem, remedy=REPORT)
