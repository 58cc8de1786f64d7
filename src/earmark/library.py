"""The Python interface: what ``import earmark`` offers."""

import os
from collections.abc import Sequence
from functools import lru_cache

import pyarrow as pa

from earmark.analysis import Analysis
from earmark.analysis import analyze as analyze_with
from earmark.catalogue.store import CatalogueStore, FileState
from earmark.engine.scan import DEFAULT_OPTIONS, ScanOptions, ScanReport
from earmark.engine.scan import scan as run_scan
from earmark.explore import similar as questions
from earmark.explore.similar import Hit, TrackDetails
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import DEFAULT, resolve


def analyze(path: str | os.PathLike, model: str | os.PathLike = DEFAULT) -> Analysis:
    """Listen to one audio file or earprint.

    Parameters
    ----------
    path : any file that FFmpeg reads, or an ``.earprint``
    model : a model name, an ONNX file, or a folder written by ``earmark train``

    Raises
    ------
    AudioError, ModelError

    Examples
    --------
    >>> import earmark
    >>> earmark.analyze("song.flac").top("genre")  # doctest: +SKIP
    'jazz'
    """
    return analyze_with(path, _loaded(os.fspath(model)))


@lru_cache(maxsize=4)
def _loaded(name: str) -> Model:
    return load_model(resolve(name))


class Catalogue:
    """A catalogue of tracks, kept in a folder.

    Parameters
    ----------
    path : the folder; it is made on the first `scan`

    Examples
    --------
    >>> catalogue = earmark.Catalogue("music.earmark")  # doctest: +SKIP
    >>> catalogue.scan("~/Music")  # doctest: +SKIP
    >>> for hit in catalogue.similar("song.flac", n=5):  # doctest: +SKIP
    ...     print(hit.similarity, hit.path)
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = os.path.expanduser(path)

    def scan(
        self,
        folders: str | os.PathLike | Sequence[str | os.PathLike],
        model: str | os.PathLike = DEFAULT,
        options: ScanOptions = DEFAULT_OPTIONS,
    ) -> ScanReport:
        """Bring the catalogue up to date with one or more folders; failures are in the report, none is raised."""
        many = [folders] if isinstance(folders, str | os.PathLike) else list(folders)
        store = CatalogueStore(self.path, create=True)
        name = os.fspath(model)
        return run_scan(store, [os.path.expanduser(folder) for folder in many], _loaded(name), name, options)

    def similar(self, track: str | os.PathLike, n: int = 10, where: str | None = None) -> list[Hit]:
        """The n tracks that sound most like a track (id, path, title) or any audio file, best first."""
        return questions.similar(self._store(), track, n, where)

    def search(self, text: str = "", where: str | None = None, n: int = 10) -> list[Hit]:
        """The n tracks that fit words in title, artist, album or tags, and an SQL filter."""
        return questions.search(self._store(), text, where, n)

    def show(self, track: str | os.PathLike, curves: bool = False) -> TrackDetails:
        """All that is known of one track."""
        return questions.track_details(self._store(), track, curves)

    def tracks(self, where: str | None = None) -> pa.Table:
        """Every track that fits an SQL filter, as an Arrow table (``.to_pandas()`` makes a data frame of it)."""
        return self._store().tracks(where)

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, with its problem and remedy."""
        return self._store().failures()

    def __len__(self) -> int:
        return len(self._store())

    def _store(self) -> CatalogueStore:
        """Opened anew for each question, so that what another process has just scanned is seen."""
        return CatalogueStore(self.path)
