"""What a scan has found, written to the catalogue in batches: a kill can cost no more than one of them."""

import time

from earmark.analysis import Analysis
from earmark.catalogue.files import FileState
from earmark.catalogue.store import Store

FLUSH_TRACKS = 64  # files in a batch at most,
FLUSH_SECONDS = 5.0  # and seconds between two batches


class Writer:
    """The one writer of a scan; `flush` writes what is left."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._analyses: list[Analysis] = []
        self._states: list[FileState] = []
        self._flushed_at = time.monotonic()

    def add(self, state: FileState, analysis: Analysis | None = None) -> None:
        """Take one file, and the analysis of its track where there is one; writes when a batch is full or old."""
        self._states.append(state)
        if analysis is not None:
            self._analyses.append(analysis)
        if len(self._states) >= FLUSH_TRACKS or time.monotonic() - self._flushed_at > FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Write what was taken since the last batch."""
        self._store.write(self._analyses, self._states)
        self._analyses, self._states = [], []
        self._flushed_at = time.monotonic()
