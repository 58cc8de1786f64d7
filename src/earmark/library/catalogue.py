"""The class `Catalogue`: scanning here, the rest a file a subject."""

import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace

from earmark.audio.addresses import is_address
from earmark.audio.discover import check_folders
from earmark.engine import scan
from earmark.engine.report import ScanReport
from earmark.engine.scan import DEFAULT_OPTIONS, ScanOptions
from earmark.errors import MissingPackage, NotFound
from earmark.explore.meaning import encoder, sung
from earmark.library.finding import Finding
from earmark.library.maps import Maps
from earmark.library.playlists import Playlists
from earmark.library.sound import _loaded
from earmark.library.tag_files import TagFiles
from earmark.library.teaching import Teaching
from earmark.library.upkeep import Upkeep
from earmark.progress import Progress, silent
from earmark.tagger.model import Model
from earmark.tagger.registry import DEFAULT


class Catalogue(Finding, Teaching, Playlists, Maps, TagFiles, Upkeep):
    """A catalogue of tracks, kept in a folder or in an object store.

    Parameters
    ----------
    path : the folder, or an address such as ``s3://bucket/music.earmark``; it is made on the first `scan`

    Raises
    ------
    ConfigError : the address is none, or the file of ``EARMARK_STORAGE_OPTIONS`` cannot be used

    Examples
    --------
    >>> catalogue = earmark.Catalogue("music.earmark")
    >>> report = catalogue.scan("~/Music")  # doctest: +SKIP
    >>> for hit in catalogue.similar("song.flac", n=5):  # doctest: +SKIP
    ...     print(hit.similarity, hit.path)
    """

    def scan(
        self,
        folders: str | os.PathLike | Sequence[str | os.PathLike],
        model: str | os.PathLike = DEFAULT,
        options: ScanOptions = DEFAULT_OPTIONS,
        progress: Progress = silent,
    ) -> ScanReport:
        """Bring the catalogue up to date with one or more folders; failures are in the report, none is raised.

        folders : of this machine, or addresses such as ``s3://bucket/music``

        Raises
        ------
        FileError : a folder does not exist, or an address cannot be listed
        DataError : a list of addresses is none
        ConfigError : an exclusion is no pattern
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
        check_folders(many)  # before a catalogue is made for a folder that was mistyped
        return self._scanned(many, loaded, name, options, progress)

    def reanalyze(
        self,
        tracks: str | os.PathLike | Sequence[str | os.PathLike],
        options: ScanOptions = DEFAULT_OPTIONS,
        progress: Progress = silent,
    ) -> ScanReport:
        """Hear tracks again, whatever is known of them: a scan of one file of each, with the catalogue's model.

        Corrections and tags of your own stay. `gone` of the report names files of tracks that have none left.

        Parameters
        ----------
        tracks : ids, paths or titles

        Raises
        ------
        NotFound : no such track, or no file of any of them is there
        CatalogueError : another scan is at work

        Examples
        --------
        >>> catalogue.reanalyze("Three and Two").analysed  # doctest: +SKIP
        1
        """
        many = [tracks] if isinstance(tracks, str | os.PathLike) else list(tracks)
        files = [[file.path for file in self.show(track).files] for track in many]
        there = [next(filter(_is_there, paths), None) for paths in files]
        if not any(there):
            source = many[0] if many else "tracks"
            raise NotFound(source, "none of its files is there", "Scan the folder that it has moved to.")
        model = self.model().name
        wanted = replace(options, reanalyze=True, prune=False)
        report = self._scanned([path for path in there if path], _loaded(model), model, wanted, progress)
        report.gone += [paths[0] for paths, path in zip(files, there, strict=True) if paths and not path]
        return report

    def _scanned(
        self, folders: Sequence, model: Model, name: str, options: ScanOptions, progress: Progress
    ) -> ScanReport:
        """A scan, and after it the meaning of lyrics that came with it, where the sentence encoder is installed."""
        store = self._store(create=True)
        report = scan.scan(store, folders, model, name, options, progress)
        if not report.interrupted and store.has_lyrics() and encoder.is_installed():
            sung.read_songs(store, encoder.load_encoder, progress)
        return report

    def watch(
        self,
        folders: str | os.PathLike | Sequence[str | os.PathLike],
        model: str | os.PathLike = DEFAULT,
        options: ScanOptions = DEFAULT_OPTIONS,
        settle: float = 5.0,
        polling: bool = False,
        stop: threading.Event | None = None,
        progress: Progress = silent,
    ) -> Iterator[ScanReport]:
        """`scan`, and again whatever changes in the folders, until `stop` is set: the report of every scan.

        Parameters
        ----------
        settle : seconds that files are left alone before they are heard, should they still be being copied
        polling : look at all files again and again, for drives of other machines

        Raises
        ------
        MissingPackage : watchfiles is not installed
        FileError, ModelError, CatalogueError : as `scan`, at the beginning

        Examples
        --------
        >>> for report in catalogue.watch("~/Music"):  # doctest: +SKIP
        ...     print(report.analysed)
        """
        try:
            from earmark.engine.follow import follow
        except ModuleNotFoundError:
            raise MissingPackage("watchfiles", "is not installed", "Run `pip install earmark[watch]`.") from None
        given = [folders] if isinstance(folders, str | os.PathLike) else list(folders)
        many = [os.path.abspath(os.path.expanduser(folder)) for folder in given]
        loaded, name = _loaded(model), os.fspath(model)
        check_folders(many)
        store = self._store(create=True)
        return follow(
            store, many, lambda some: self._scanned(some, loaded, name, options, progress), settle, polling, stop
        )


def _is_there(path: str) -> bool:
    """Whether a file can be heard again; what an address leads to is believed until it is asked."""
    return is_address(path) or os.path.exists(path)
