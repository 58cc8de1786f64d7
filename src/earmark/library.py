"""The front door: what ``import earmark`` offers, and all that the command line and other surfaces call."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from earmark import analysis, tagger
from earmark.analysis import Analysis
from earmark.audio.earprint import EARPRINT_SUFFIX, write_earprint
from earmark.audio.listen import listen
from earmark.catalogue import filters
from earmark.catalogue.corrections import FIELDS
from earmark.catalogue.files import FileState
from earmark.catalogue.filters import Filter
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit, Track
from earmark.engine import diagnosis, scan
from earmark.engine.scan import DEFAULT_OPTIONS, ScanOptions, ScanReport
from earmark.explore import similar, text
from earmark.explore.compatible import in_compatible_keys
from earmark.progress import Progress, silent
from earmark.settings import MAX_SECONDS
from earmark.tagger.model import Model
from earmark.tagger.pull import add_model, pull_musicnn
from earmark.tagger.registry import DEFAULT, model_path, names

__all__ = [
    "Analysis", "Catalogue", "FileState", "Hit", "ScanOptions", "ScanReport", "Track", "add_model", "analyze",
    "diagnose", "load_model", "make_earprint", "model_files", "model_path",
    "pull_musicnn",
]  # fmt: skip


def analyze(
    path: str | os.PathLike, model: str | os.PathLike | Model = DEFAULT, max_seconds: float = MAX_SECONDS
) -> Analysis:
    """Analyse one audio file or earprint.

    Parameters
    ----------
    path : any file that FFmpeg reads, or an ``.earprint``
    model : a model name, an ONNX file, a folder written by ``earmark train``, or a loaded model
    max_seconds : of the file that are analysed

    Raises
    ------
    AudioError, ModelError

    Examples
    --------
    >>> import earmark
    >>> found = earmark.analyze("song.flac")  # doctest: +SKIP
    >>> found.top("genre"), found.descriptors["tempo"].bpm  # doctest: +SKIP
    ('jazz', 168.05)
    """
    return analysis.analyze(path, _loaded(model), max_seconds)


def load_model(model: str | os.PathLike = DEFAULT, threads: int = 1) -> Model:
    """Load a model by its name, from an ONNX file, or from a folder written by ``earmark train``.

    threads : of one run of the network. Raises ModelError that lists the names there are.

    Examples
    --------
    >>> earmark.load_model().info.id
    'earmark-starter'
    """
    return tagger.model.load_model(model_path(model), threads)


def _loaded(model: str | os.PathLike | Model) -> Model:
    return model if isinstance(model, Model) else _kept(os.fspath(model))


@lru_cache(maxsize=4)
def _kept(name: str) -> Model:
    return load_model(name)


def model_files() -> dict[str, Path]:
    """Name -> file of every model that has a name: the bundled one, and those that were added or pulled.

    Examples
    --------
    >>> "default" in earmark.library.model_files()
    True
    """
    return names()


def diagnose(model: str | os.PathLike = DEFAULT) -> dict:
    """What is installed and how fast this machine decodes and analyses; see `earmark.engine.diagnosis.diagnose`.

    Raises ModelError. It takes a few seconds.

    Examples
    --------
    >>> earmark.library.diagnose()["speed"]["analyze_x_real_time"]  # doctest: +SKIP
    312
    """
    return diagnosis.diagnose(os.fspath(model), _loaded(model))


def make_earprint(
    path: str | os.PathLike, out: str | os.PathLike | None = None, model: str | os.PathLike | Model = DEFAULT
) -> Path:
    """Write a file's earprint: its spectrogram, which can be analysed in its place.

    Parameters
    ----------
    out : folder to write to, made if it is not there; beside the file by default
    model : whose front end the spectrogram is made for

    Returns
    -------
    The earprint: the file's name with the suffix ``.earprint``.

    Raises
    ------
    AudioError, ModelError
    FileError : the earprint cannot be written

    Examples
    --------
    >>> earmark.make_earprint("song.flac", out="prints")  # doctest: +SKIP
    PosixPath('prints/song.earprint')
    """
    path = Path(path)
    folder = path.parent if out is None else Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    earprint = listen(path, _loaded(model).info.features)
    return write_earprint(earprint, folder / f"{path.stem}{EARPRINT_SUFFIX}")


class Catalogue:
    """A catalogue of tracks, kept in a folder.

    Parameters
    ----------
    path : the folder; it is made on the first `scan`

    Examples
    --------
    >>> catalogue = earmark.Catalogue("music.earmark")
    >>> report = catalogue.scan("~/Music")  # doctest: +SKIP
    >>> for hit in catalogue.similar("song.flac", n=5):  # doctest: +SKIP
    ...     print(hit.similarity, hit.path)
    """

    def __init__(self, path: str | os.PathLike) -> None:
        self.path = Path(path).expanduser()
        self._opened: Store | None = None

    def _store(self, create: bool = False) -> Store:
        """The store, opened once; what another process has written since is seen."""
        if self._opened is None or not self.path.exists():
            self._opened = Store(self.path, create)
        else:
            self._opened.refresh()
        return self._opened

    def scan(
        self,
        folders: str | os.PathLike | Sequence[str | os.PathLike],
        model: str | os.PathLike = DEFAULT,
        options: ScanOptions = DEFAULT_OPTIONS,
        progress: Progress = silent,
    ) -> ScanReport:
        """Bring the catalogue up to date with one or more folders; failures are in the report, none is raised.

        Raises
        ------
        FileError : a folder does not exist
        CatalogueError : another scan is at work, or the folder is no catalogue
        ModelError : there is no such model

        Examples
        --------
        >>> report = catalogue.scan("~/Music", options=earmark.ScanOptions(workers=2))  # doctest: +SKIP
        >>> report.analysed, len(report.failed)  # doctest: +SKIP
        (16, 0)
        """
        many = [folders] if isinstance(folders, str | os.PathLike) else list(folders)
        many = [os.path.expanduser(folder) for folder in many]
        loaded, name = _loaded(model), os.fspath(model)
        return scan.scan(self._store(create=True), many, loaded, name, options, progress)

    def similar(
        self,
        track: str | os.PathLike,
        n: int = 10,
        where: str | Filter | None = None,
        compatible: str | None = None,
    ) -> list[Hit]:
        """The n tracks that sound most like a track (id, path, title) or any audio file, best first.

        Parameters
        ----------
        where : a filter, such as ``"genre = 'jazz' AND year < 1970"``
        compatible : only keys that mix with this one, such as ``Am`` or ``8A``

        Raises
        ------
        NotFound, AudioError, QueryError, CatalogueError

        Examples
        --------
        >>> catalogue.similar("Three and Two", n=2, where="tempo > 100")  # doctest: +SKIP
        """
        store = self._store()
        return similar.similar(store, track, n, self._filter(store, where, compatible))

    def search(
        self,
        words: str = "",
        where: str | Filter | None = None,
        n: int = 10,
        compatible: str | None = None,
    ) -> list[Hit]:
        """The n tracks that fit words of title, artist, album or tags, a filter, or both.

        Raises
        ------
        QueryError, CatalogueError

        Examples
        --------
        >>> [hit.track.title for hit in catalogue.search("piano", where="energy < 0.3")]  # doctest: +SKIP
        ['Nocturne in A Minor']
        """
        store = self._store()
        return text.search(store, words, self._filter(store, where, compatible), n)

    @staticmethod
    def _filter(store: Store, where: str | Filter | None, compatible: str | None) -> Filter | None:
        keys = None if compatible is None else in_compatible_keys(compatible)
        return filters.both(store.filter(where), keys)

    def show(self, track: str | os.PathLike, curves: bool = False) -> Track:
        """All that is known of one track (id, path, title); raises NotFound.

        curves : read each tag over time too, for ``track.to_dict(curves=True)``

        Examples
        --------
        >>> catalogue.show("Three and Two").descriptors["key"].label  # doctest: +SKIP
        'G minor'
        """
        store = self._store()
        return store.track(store.resolve(track), curves)

    def tracks(self, where: str | Filter | None = None) -> pa.Table:
        """Every track that fits a filter, as an Arrow table: ``.to_pandas()`` makes a data frame of it.

        It has ``track_id``, ``paths``, ``title``, ``artist``, ``duration`` and a column for every filterable field.

        Examples
        --------
        >>> catalogue.tracks("duration > 300")["title"].to_pylist()  # doctest: +SKIP
        """
        return self._store().table(where)

    def correct(self, track: str | os.PathLike, **values: str | float | None) -> None:
        """Let your word on a track win over the estimate, now and in every later scan; None takes it back.

        values : ``tempo`` (BPM), ``key`` ('A minor', 'Am', '8A'), ``metre`` ('3/4')

        Raises
        ------
        NotFound : no such track
        QueryError : the field cannot be corrected, or not to that value

        Examples
        --------
        >>> catalogue.correct("Three and Two", tempo=84, key="Gm")  # doctest: +SKIP
        >>> catalogue.correct("Three and Two", tempo=None)  # the estimate again  # doctest: +SKIP
        """
        store = self._store()
        track_id = store.resolve(track)
        for name, value in values.items():
            store.correct(track_id, name, None if value is None else str(value))

    def uncorrect(self, track: str | os.PathLike) -> None:
        """Take back all corrections of a track; raises NotFound.

        Examples
        --------
        >>> catalogue.uncorrect("Three and Two")  # doctest: +SKIP
        """
        self.correct(track, **dict.fromkeys(FIELDS))

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, with its problem and remedy.

        Examples
        --------
        >>> [(file.path, file.problem) for file in catalogue.failures()]  # doctest: +SKIP
        """
        return self._store().failures()

    def __len__(self) -> int:
        """How many tracks."""
        return len(self._store())
