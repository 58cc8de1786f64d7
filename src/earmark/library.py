"""The front door: what ``import earmark`` offers, and all that the command line and other surfaces call."""

import os
import tempfile
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

import pyarrow as pa

from earmark import analysis, live, settings, tagger
from earmark.analysis import Analysis
from earmark.audio.discover import check_folders
from earmark.audio.earprint import EARPRINT_SUFFIX, Earprint, read_earprint, write_earprint
from earmark.audio.listen import listen
from earmark.catalogue import backup, check, filters, repair
from earmark.catalogue.backup import BackupReport
from earmark.catalogue.check import CheckReport
from earmark.catalogue.checksums import bytes_of
from earmark.catalogue.corrections import NO, YES
from earmark.catalogue.files import FileState
from earmark.catalogue.filters import Filter
from earmark.catalogue.filters.expression import Kind
from earmark.catalogue.keys import stored_value
from earmark.catalogue.lock import locked
from earmark.catalogue.map import Map
from earmark.catalogue.query import Query
from earmark.catalogue.repair import RepairReport
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit, ModelRef, Track, Warned
from earmark.catalogue.where import Where, place_of_user
from earmark.descriptors.description import language_of
from earmark.descriptors.tempo import TempoRange
from earmark.engine import apart, bugreport, diagnosis, scan
from earmark.engine.report import ScanReport
from earmark.engine.scan import DEFAULT_OPTIONS, ScanOptions
from earmark.errors import CatalogueError, ConfigError, MissingPackage, NotFound
from earmark.explore import duplicates, evidence, excerpts, facets, lyrics, similar, text, why
from earmark.explore import map as maps
from earmark.explore import teach as teaching
from earmark.explore.compatible import in_compatible_keys
from earmark.explore.distinct import Variety
from earmark.explore.duplicates import Group
from earmark.explore.evidence import Evidence
from earmark.explore.heard import Heard, heard_of, read_heard, write_heard
from earmark.explore.lyrics import Lyrics
from earmark.explore.meaning import encoder, finding, sung
from earmark.explore.meaning.finding import Answer, By, Found, Wish
from earmark.explore.playlists import keeping, path, upkeep
from earmark.explore.playlists.editing import Difference
from earmark.explore.playlists.keeping import Playlist, Row
from earmark.explore.playlists.path import Step
from earmark.explore.playlists.recipe import (
    Order,
    Recipe,
    Rules,
    as_given,
    read_recipe,
    recipe_from,
    with_changes,
)
from earmark.explore.playlists.upkeep import Edits
from earmark.explore.seeds import Seed
from earmark.explore.sources import find_song, tracks_listed
from earmark.explore.teach import Asked, Lesson
from earmark.explore.weights import PART_NAMES, Weights
from earmark.explore.why import LikeReason
from earmark.interop import apply, export, journal, map_files, paths, playlist, profile, smart
from earmark.interop.apply import TagReport
from earmark.interop.chosen import chosen
from earmark.interop.plan import Plan, make_plan, read_plan
from earmark.interop.playlist import PlaylistReport
from earmark.interop.profile import choices as tag_choices
from earmark.interop.servers.known import KnownServer, add_server, known_server, known_servers, remove_server
from earmark.interop.servers.songs import MatchReport, match
from earmark.live import Belief
from earmark.progress import Progress, silent
from earmark.settings import MAX_SECONDS
from earmark.tagger.model import Model
from earmark.tagger.pull import add_model, pull_musicnn
from earmark.tagger.registry import DEFAULT, model_path, names

__all__ = [
    "PART_NAMES", "Analysis", "Answer", "Asked", "BackupReport", "Belief", "Catalogue", "CheckReport", "Difference",
    "Earprint", "Edits", "Evidence", "FileState", "Found", "Group", "Heard", "Hit", "KnownServer", "Lesson",
    "LikeReason", "Lyrics", "Map", "MatchReport", "Order", "Plan", "Playlist", "PlaylistReport", "Recipe",
    "RepairReport", "Row", "Rules", "ScanOptions", "ScanReport", "Seed", "Step", "TagReport", "Track", "Warned",
    "Weights", "add_model", "add_server", "analyze", "analyze_apart", "bug_report", "diagnose",
    "earprint_apart",
    "heard_of", "known_server", "known_servers", "listen_live", "load_model", "make_earprint", "model_files",
    "model_path", "pull_musicnn", "read_earprint", "read_heard", "read_plan", "read_recipe", "read_tempo_range",
    "recipe_from", "remove_server", "tag_choices", "with_changes", "write_heard",
]  # fmt: skip


def analyze(
    path: str | os.PathLike,
    model: str | os.PathLike | Model = DEFAULT,
    max_seconds: float = MAX_SECONDS,
    tempo_range: str | TempoRange | None = None,
) -> Analysis:
    """Analyse one audio file or earprint.

    Parameters
    ----------
    path : any file that FFmpeg reads, or an ``.earprint``
    model : a model name, an ONNX file, a folder written by ``earmark train``, or a loaded model
    max_seconds : of the file that are analysed
    tempo_range : show the octave of the tempo that lies in it, such as ``88:175``

    Raises
    ------
    AudioError
    ModelError
    ConfigError : the range is none

    Examples
    --------
    >>> import earmark
    >>> found = earmark.analyze("song.flac")  # doctest: +SKIP
    >>> found.top("genre"), found.descriptors["tempo"].bpm  # doctest: +SKIP
    ('jazz', 168.05)
    """
    shown = read_tempo_range(tempo_range)
    return analysis.analyze(path, _loaded(model), max_seconds).with_tempo_in(shown)


def analyze_apart(path: str | os.PathLike, model: str | os.PathLike | Model = DEFAULT) -> Analysis:
    """`analyze` in a process of its own, with the limits of a scan on time and memory: for files of strangers.

    Raises AudioError, ModelError.

    Examples
    --------
    >>> earmark.library.analyze_apart("upload.mp3").top("genre")  # doctest: +SKIP
    'jazz'
    """
    return apart.analyze_apart(path, _loaded(model))


def earprint_apart(path: str | os.PathLike, folder: Path, model: str | os.PathLike | Model = DEFAULT) -> Path:
    """Write a file's earprint into a folder under the id of its track, from a process as `analyze_apart`'s.

    Examples
    --------
    >>> earmark.library.earprint_apart("song.flac", Path("prints"))  # doctest: +SKIP
    PosixPath('prints/0123456789abcdef0123.earprint')
    """
    return apart.earprint_apart(path, _loaded(model), folder)


def load_model(model: str | os.PathLike = DEFAULT, threads: int = 1) -> Model:
    """Load a model by its name, from an ONNX file, or from a folder written by ``earmark train``.

    threads : of one run of the network. Raises ModelError that lists the names there are.

    Examples
    --------
    >>> earmark.load_model().info.id
    'earmark'
    """
    return tagger.model.load_model(model_path(model), threads)


def read_tempo_range(text: str | TempoRange | None) -> TempoRange | None:
    """The range that a text such as ``88:175`` means; a range, and None, as they are. Raises ConfigError.

    Examples
    --------
    >>> earmark.library.read_tempo_range("88:175").fold(87)
    174
    """
    return TempoRange.parse(text) if isinstance(text, str) else text


def _loaded(model: str | os.PathLike | Model) -> Model:
    return model if isinstance(model, Model) else _kept(os.fspath(model))


@lru_cache(maxsize=4)
def _kept(name: str) -> Model:
    return load_model(name)


def language_code(language: str | None = None) -> str:
    """The code of the language that descriptions are told in.

    language : as people write it, such as ``de_AT``; by default that of ``EARMARK_LANGUAGE``, else English

    Raises ConfigError that lists the languages there are.

    Examples
    --------
    >>> earmark.library.language_code("de_AT")
    'de'
    """
    return language_of(language or settings.language()).code


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


def listen_live(
    source: str | os.PathLike | BinaryIO,
    model: str | os.PathLike | Model = DEFAULT,
    raw: tuple[int, int] | None = None,
    real_time: bool = False,
) -> Iterator[Belief]:
    """What is heard as sound comes in, every half second of it.

    Parameters
    ----------
    source : a sound file, or an open pipe
    raw : rate in Hz and channels of 16-bit samples that come without a head
    real_time : wait, so that a file takes as long as it plays

    Raises AudioError, ModelError.

    Examples
    --------
    >>> for belief in earmark.library.listen_live("song.mp3"):  # doctest: +SKIP
    ...     print(belief.time, belief.tags["genre"][0].tag)
    """
    loaded = _loaded(model)
    sr = loaded.info.features.sr
    blocks = live.read_sound(os.fspath(source) if isinstance(source, str | os.PathLike) else source, sr, raw)
    return live.beliefs(live.in_real_time(blocks, sr) if real_time else blocks, loaded)


def bug_report(model: str | os.PathLike = DEFAULT, catalogue: str | os.PathLike | None = None) -> dict:
    """`diagnose` and the state of a catalogue, to send to others: paths and names are hashed.

    Raises ModelError, CatalogueError.

    Examples
    --------
    >>> earmark.library.bug_report(catalogue="music.earmark")["catalogue"]["failures"]  # doctest: +SKIP
    [{'suffix': '.mp3', 'problem': 'no audio in it', 'files': 2}]
    """
    return bugreport.bug_report(diagnose(model), None if catalogue is None else Store(catalogue))


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

    def __init__(self, path: Where) -> None:
        self.path = place_of_user(path)
        self._opened: Store | None = None
        self._scratch: tempfile.TemporaryDirectory | None = None

    def _store(self, create: bool = False) -> Store:
        """The store, opened once; what another process has written since is seen."""
        if self._opened is None or (self.path.is_local and not self.path.exists()):
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

    def similar(
        self,
        track: str | os.PathLike | Heard | Seed | Sequence[Seed],
        n: int = 10,
        where: str | Filter | None = None,
        compatible: str | None = None,
        versions: bool = False,
        per_artist: int | None = None,
        per_album: int | None = None,
        weights: Weights | Mapping[str, float] | str | None = None,
        diversity: float = 0.0,
        explain: bool = False,
    ) -> list[Hit]:
        """The n tracks that are most like a track (id, path, title) or any audio file, best first.

        Parameters
        ----------
        track : or up to 20 seeds: tracks or windows of tracks, with weights, below 0 for what the answers shall not be
            like
        where : a filter, such as ``"genre = 'jazz' AND year < 1970"``
        compatible : only keys that mix with this one, such as ``Am`` or ``8A``
        versions : show other files and versions of the same song too; otherwise only the first of a song is an answer
        per_artist, per_album : answers of one artist or album at most
        weights : of the parts of likeness, see `Weights`: ``"sound=1,rhythm=0.5"`` or a mapping; by default sound alone
        diversity : 0 to 1, how much an answer loses by being like those before it
        explain : fill in ``parts`` and ``passages`` of every hit

        Raises
        ------
        NotFound, AudioError, QueryError, CatalogueError

        Examples
        --------
        >>> catalogue.similar("Three and Two", n=2, where="tempo > 100")  # doctest: +SKIP
        >>> window = earmark.Seed("Three and Two", start=30, end=45)
        >>> catalogue.similar(window, weights="sound=1,rhythm=1")  # doctest: +SKIP
        """
        store = self._store()
        variety, chosen = Variety(versions, per_artist, per_album, diversity), self._filter(store, where, compatible)
        return similar.similar(store, track, n, chosen, variety, weights, explain)

    def search(
        self,
        words: str = "",
        where: str | Filter | None = None,
        n: int = 10,
        compatible: str | None = None,
        versions: bool = False,
        per_artist: int | None = None,
        per_album: int | None = None,
    ) -> list[Hit]:
        """The n tracks that fit words of title, artist, album or tags, a filter, or both.

        words : ``"dark side"`` in quotes is a phrase; accents, case and width do not matter
        versions, per_artist, per_album : as in `similar`

        Raises
        ------
        QueryError, CatalogueError

        Examples
        --------
        >>> [hit.track.title for hit in catalogue.search("piano", where="energy < 0.3")]  # doctest: +SKIP
        ['Nocturne in A Minor']
        """
        store = self._store()
        variety = Variety(versions, per_artist, per_album)
        words, chosen = lyrics.asked(store, words, self._filter(store, where, compatible))
        return text.search(store, words, chosen, n, variety)

    def find(
        self,
        text: str = "",
        tags: Mapping[str, float] | None = None,
        where: str | Filter | None = None,
        n: int = 10,
        by: By = "both",
        compatible: str | None = None,
        versions: bool = False,
        per_artist: int | None = None,
        per_album: int | None = None,
        passages: bool = True,
    ) -> Answer:
        """The n tracks that a text means: those that it names first, then those that sound as it says, best first.

        Parameters
        ----------
        text : such as ``"rainy night jazz, no vocals, 80 to 100 bpm"``, in eight languages; see docs/search.md
        tags : tag -> weight, below 0 for what is not wanted, such as ``{"genre/jazz": 2, "mood/sadness": -1}``
        where : a filter, which holds beside what the text says
        by : ``words`` of names and tags alone, ``sound`` alone, or ``both``
        compatible, versions, per_artist, per_album : as in `similar`
        passages : tell the best passage of each, for which its activations are read

        Raises
        ------
        QueryError, CatalogueError
        ConfigError : the sentence encoder cannot be used

        Examples
        --------
        >>> answer = catalogue.find("calm piano, no drums", n=3)  # doctest: +SKIP
        >>> [found.hit.track.title for found in answer.hits]  # doctest: +SKIP
        ['Nocturne in A Minor', 'Ambient Piano', 'Prelude']
        """
        store = self._store()
        variety = Variety(versions, per_artist, per_album)
        wish = Wish(n, self._filter(store, where, compatible), by, variety, passages)
        return finding.find(store, text, tags, wish, encoder.encoder_at_hand)

    def page(
        self,
        where: str | Filter | None = None,
        sort: str = "track_id",
        after: tuple | None = None,
        limit: int = 100,
    ) -> list[Track]:
        """Tracks that fit a filter in the order of a field, a page at a time; scans meanwhile repeat and skip none.

        Parameters
        ----------
        sort : a field, ``-tempo`` for the largest first; tracks without a value come last
        after : the last track of the page before, as (its value of the field, its id)

        Raises
        ------
        QueryError, CatalogueError

        Examples
        --------
        >>> [track.title for track in catalogue.page("year < 1970", sort="-tempo", limit=3)]  # doctest: +SKIP
        """
        store = self._store()
        query = Query(store.filter(where), sort=sort, after=after, limit=limit)
        return [hit.track for hit in store.select(query)]

    def filter(
        self, where: str | Filter | None = None, tree: object = None, compatible: str | None = None
    ) -> Filter | None:
        """The tracks that fit a text, decoded JSON (see `earmark.catalogue.filters`) and a key; None: all of them.

        Raises QueryError.

        Examples
        --------
        >>> catalogue.filter("year < 1970", {"field": "tempo", "op": "gt", "value": 120})  # doctest: +SKIP
        """
        store = self._store()
        decoded = None if tree is None else filters.filter_from_json(tree, store.kinds(), normalise=stored_value)
        return filters.both(self._filter(store, where, compatible), decoded)

    def fields(self) -> dict[str, Kind]:
        """Column -> ``text``, ``number``, ``time``, ``flag`` or ``list``, of everything that can be filtered.

        Examples
        --------
        >>> catalogue.fields()["tempo"]  # doctest: +SKIP
        'number'
        """
        return self._store().kinds()

    def facets(self, fields: Sequence[str], where: str | Filter | None = None) -> dict[str, dict]:
        """How the values of fields are spread over the tracks that fit, see `earmark.explore.facets.facets`.

        Examples
        --------
        >>> catalogue.facets(["genre"])["genre"]["values"][0]  # doctest: +SKIP
        {'value': 'jazz', 'count': 12}
        """
        store = self._store()
        return facets.facets(store, list(fields), store.filter(where))

    def overview(self) -> dict:
        """How many tracks and hours, which model, which folders.

        Examples
        --------
        >>> catalogue.overview()["tracks"]  # doctest: +SKIP
        31
        """
        store, model = self._store(), self.model()
        seconds = store.columns(["duration"]) if len(store) else None
        return {
            "tracks": len(store),
            "hours": round(sum(seconds["duration"].to_pylist()) / 3600, 2) if seconds else 0.0,
            "model": {"name": model.name, "id": model.id, "version": model.version} if model else None,
            "roots": store.roots(),
        }

    def model(self) -> ModelRef | None:
        """The model of the last scan, with its tagset; None while nothing was scanned.

        Examples
        --------
        >>> catalogue.model().id  # doctest: +SKIP
        'earmark-starter'
        """
        return self._store().model()

    def versions(self) -> dict[str, str]:
        """Id -> version of the analysis, of every track: what tells whether one was heard again.

        Examples
        --------
        >>> catalogue.versions()["0123456789abcdef0123"]  # doctest: +SKIP
        'tags:earmark@7-default tempo:2'
        """
        store = self._store()
        found = store.columns(["track_id", "analysis_version"]) if len(store) else None
        return dict(zip(*(found[name].to_pylist() for name in found.column_names), strict=True)) if found else {}

    def roots(self) -> list[str]:
        """The folders that were scanned into it.

        Examples
        --------
        >>> catalogue.roots()  # doctest: +SKIP
        ['/home/me/Music']
        """
        return self._store().roots()

    def evidence(self, track: str | os.PathLike, tag: str) -> dict:
        """When a tag (``group/tag``) is heard in a track, see `earmark.explore.evidence.evidence`; raises NotFound.

        Examples
        --------
        >>> catalogue.evidence("Three and Two", "instrument/piano")["passages"][0]  # doctest: +SKIP
        {'start': 12.4, 'end': 31.0, 'probability': 0.81, 'peak': 0.93}
        """
        return evidence.evidence(self.show(track, curves=True).analysis, tag)

    def why(
        self,
        track: str | os.PathLike,
        tag: str | None = None,
        like: str | os.PathLike | Heard | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> Evidence | LikeReason:
        """Why a track has a tag (``group/tag``), or why it is like another: what is heard, and when.

        Parameters
        ----------
        like : a track, which may be the same, any audio file, or what was heard of one
        start, end : seconds; compare only this window of the track with the other

        Raises
        ------
        NotFound, AudioError, QueryError, CatalogueError
        ConfigError : neither or both of a tag and another track

        Examples
        --------
        >>> catalogue.why("Three and Two", "instrument/piano").passages[0].share  # doctest: +SKIP
        0.42
        >>> catalogue.why("Three and Two", like="Nocturne").parts["harmony"]  # doctest: +SKIP
        0.91
        """
        if (tag is None) == (like is None):
            raise ConfigError("why", "needs a tag or another track, not both", "Give one of them.")
        if tag is not None:
            return evidence.find_evidence(self.show(track, curves=True).analysis, tag)
        assert like is not None
        return why.why_like(self._store(), Seed(track, 1.0, start, end), Seed(like))

    def write_passages(self, reason: Evidence | LikeReason, path: str | os.PathLike) -> float:
        """Write the passages of `why` as a WAV file with short gaps; those of two tracks alternate.

        Returns its length in seconds.

        Raises
        ------
        NotFound, AudioError : a file of the tracks is not there, or cannot be read
        FileError : the place cannot be written to

        Examples
        --------
        >>> catalogue.write_passages(catalogue.why("Vibe Ace", "mood/calmness"), "calm.wav")  # doctest: +SKIP
        31.2
        """
        return excerpts.write_passages(self._store(), reason, path)

    def embedding(self, track: str | os.PathLike) -> list[float]:
        """The vector of a track, [dim], to be compared within the model of the catalogue only; raises NotFound.

        Examples
        --------
        >>> len(catalogue.embedding("Three and Two"))  # doctest: +SKIP
        656
        """
        store = self._store()
        return store.embedding(store.resolve(track), store.scanned_model().id)

    def kept_earprint(self, track_id: str, into: Path | None = None) -> Path | None:
        """The earprint of a track, where the scan was told to keep it.

        into : a folder for a copy of what lies in an object store; by default one that goes with this object

        Examples
        --------
        >>> catalogue.kept_earprint("0123456789abcdef0123")  # doctest: +SKIP
        """
        path = self._store().earprint_path(track_id)
        if path.is_local:
            return Path(str(path)) if path.exists() else None
        if into is None:
            self._scratch = self._scratch or tempfile.TemporaryDirectory(prefix="earmark-")
            into = Path(self._scratch.name)
        return path.fetch(into / path.name)

    def duplicates(self) -> list[Group]:
        """Every song that is there more than once, the better file first: see `earmark.explore.duplicates.Group`.

        Raises CatalogueError.

        Examples
        --------
        >>> for group in catalogue.duplicates():  # doctest: +SKIP
        ...     print(group.kind, [copy.path for copy in group.copies])
        """
        return duplicates.duplicates(self._store())

    @staticmethod
    def _filter(store: Store, where: str | Filter | None, compatible: str | None) -> Filter | None:
        keys = None if compatible is None else in_compatible_keys(compatible)
        return filters.both(store.filter(where), keys)

    def show(
        self, track: str | os.PathLike, curves: bool = False, tempo_range: str | TempoRange | None = None
    ) -> Track:
        """All that is known of one track (id, path, title); raises NotFound, and ConfigError for a range that is none.

        curves : read each tag over time too, for ``track.to_dict(curves=True)``
        tempo_range : show the octave of the tempo that lies in it, such as ``88:175``; what is kept has no range

        Examples
        --------
        >>> catalogue.show("Three and Two").descriptors["key"].label  # doctest: +SKIP
        'G minor'
        """
        shown = read_tempo_range(tempo_range)
        store = self._store()
        return store.meant(track, curves).with_tempo_in(shown)

    def shown(self, track_ids: Sequence[str]) -> list[Track]:
        """`show` of many tracks by their ids, in this order, read at once; raises NotFound.

        Examples
        --------
        >>> [track.title for track in catalogue.shown(["c00c9bc7bd3a6b1e0a55"])]  # doctest: +SKIP
        """
        return self._store().tracks(track_ids)

    def find_song(self, title: str, artist: str = "", duration: float | None = None) -> str:
        """The id of the one track of this title, artist and length (seconds, within 3), as far as they are given.

        Raises NotFound: there is none, or there are several.

        Examples
        --------
        >>> catalogue.find_song("Three and Two", duration=30.2)  # doctest: +SKIP
        """
        return find_song(self._store(), title, artist, duration)

    def tracks(self, where: str | Filter | None = None) -> pa.Table:
        """Every track that fits a filter, as an Arrow table: ``.to_pandas()`` makes a data frame of it.

        It has ``track_id``, ``paths``, ``title``, ``artist``, ``duration`` and a column for every filterable field.

        Examples
        --------
        >>> catalogue.tracks("duration > 300")["title"].to_pylist()  # doctest: +SKIP
        """
        return self._store().table(where)

    def columns(self, names: Sequence[str], where: str | Filter | None = None) -> pa.Table:
        """Only these columns of every track that fits; see `fields`. Raises QueryError.

        Examples
        --------
        >>> catalogue.columns(["track_id", "tempo"]).num_rows  # doctest: +SKIP
        1204
        """
        store = self._store()
        return store.columns(list(names), store.filter(where))

    def correct(self, track: str | os.PathLike, **values: str | float | Mapping[str, bool | None] | None) -> None:
        """Let your word on a track win over the estimate, now and in every later scan; None takes it back.

        values : ``tempo`` (BPM), ``key`` ('A minor', 'Am', '8A'), ``metre`` ('3/4'), ``tags`` ({"genre/jazz": True,
            "mood/sadness": False}: it has this one and not that one)

        Raises
        ------
        NotFound : no such track
        QueryError : the field cannot be corrected, or not to that value

        Examples
        --------
        >>> catalogue.correct("Three and Two", tempo=84, key="Gm")  # doctest: +SKIP
        >>> catalogue.correct("Three and Two", tempo=None)  # the estimate again  # doctest: +SKIP
        >>> catalogue.correct("Three and Two", tags={"genre/jazz": True})  # doctest: +SKIP
        """
        store = self._store()
        track_id = store.resolve(track)
        words = {True: YES, False: NO, None: None}
        told = {name: words.get(is_so, is_so) for name, is_so in (values.pop("tags", None) or {}).items()}
        for name, value in (values | told).items():
            store.correct(track_id, name, None if value is None else str(value))

    def uncorrect(self, track: str | os.PathLike) -> None:
        """Take back all corrections of a track; raises NotFound.

        Examples
        --------
        >>> catalogue.uncorrect("Three and Two")  # doctest: +SKIP
        """
        store = self._store()
        track_id = store.resolve(track)
        for name in store.corrections([track_id]).get(track_id, {}):
            store.correct(track_id, name, None)

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, with its problem and remedy.

        Examples
        --------
        >>> [(file.path, file.problem) for file in catalogue.failures()]  # doctest: +SKIP
        """
        return self._store().failures()

    def warnings(self) -> list[Warned]:
        """Every file that was heard, but not as it should be: cut off, damaged, with channels that cancel each other.

        Examples
        --------
        >>> [(file.path, file.warnings) for file in catalogue.warnings()]  # doctest: +SKIP
        """
        return self._store().warnings()

    # -- tags of one's own ------------------------------------------------------------------------------------------

    def teach(
        self,
        tag: str,
        yes: Iterable[str | os.PathLike] = (),
        no: Iterable[str | os.PathLike] = (),
        drop: Iterable[str | os.PathLike] = (),
        yes_from: Iterable[str | os.PathLike] = (),
        no_from: Iterable[str | os.PathLike] = (),
        group: str | None = None,
    ) -> Lesson:
        """Teach a tag of your own by examples, and write it to every track; see `earmark.explore.teach.teach`.

        yes, no : tracks with the tag and without it; drop : examples to be taken back
        yes_from, no_from : playlists, folders, or tags of files such as ``genre=Jazz``
        group : of tags of which a track has one at most

        Raises
        ------
        NotFound, FileError, QueryError, ConfigError, CatalogueError

        Examples
        --------
        >>> catalogue.teach("campfire", yes=["Vibe Ace", "Moonlight"], no=["Siren"]).taught.estimate  # doctest: +SKIP
        >>> catalogue.search(where="own_campfire > 0.8")  # doctest: +SKIP
        """
        return teaching.teach(self._store(), tag, yes, no, drop, yes_from, no_from, group)

    def teach_next(self, tag: str, n: int = 10, where: str | Filter | None = None) -> list[Asked]:
        """The tracks whose answer would teach a tag most, see `earmark.explore.teach.ask`; raises NotFound.

        Examples
        --------
        >>> [asked.track.title for asked in catalogue.teach_next("campfire", 3)]  # doctest: +SKIP
        """
        store = self._store()
        return teaching.ask(store, tag, n, store.filter(where))

    def taught(self) -> list[Lesson]:
        """Every tag and group of your own, with its examples and what it is worth.

        Examples
        --------
        >>> [lesson.taught.name for lesson in catalogue.taught()]  # doctest: +SKIP
        ['campfire']
        """
        return teaching.lessons(self._store())

    def lesson(self, tag: str) -> Lesson:
        """One of `taught`; raises NotFound.

        Examples
        --------
        >>> catalogue.lesson("campfire").taught.estimate  # doctest: +SKIP
        """
        store = self._store()
        return teaching.lesson(store, teaching.find(store, tag))

    def unteach(self, tag: str) -> None:
        """Forget a tag of your own with its examples; raises NotFound.

        Examples
        --------
        >>> catalogue.unteach("campfire")  # doctest: +SKIP
        """
        teaching.forget(self._store(), tag)

    # -- playlists ----------------------------------------------------------------------------------------------------

    def make_playlist(
        self,
        name: str,
        recipe: Recipe | Mapping | str | os.PathLike | None = None,
        tracks: Sequence[str | os.PathLike] = (),
        replace: bool = False,
        dry_run: bool = False,
    ) -> Playlist:
        """Make a playlist by a recipe, or by hand of these tracks, and keep it in the catalogue.

        Parameters
        ----------
        recipe : a `Recipe`, a mapping of the same form, or a TOML file, see `earmark.explore.playlists.recipe`
        replace : a list of that name becomes it, which can be undone
        dry_run : keep nothing

        Raises
        ------
        ConfigError : the recipe or the name cannot be
        NotFound : no such track, or no such list in ``not_in``

        Examples
        --------
        >>> recipe = {"like": ["Three and Two"], "rules": {"tracks": 20}, "order": {"by": "harmonic"}}
        >>> catalogue.make_playlist("Late", recipe).compatible  # doctest: +SKIP
        0.8947
        """
        wanted = None if recipe is None else as_given(recipe)
        return upkeep.new(self._store(), name, wanted, [os.fspath(track) for track in tracks], replace, dry_run)

    def import_playlist(
        self, path: str | os.PathLike, name: str | None = None, replace: bool = False
    ) -> tuple[Playlist, list[str]]:
        """Keep a playlist of another program; also the entries of which the catalogue holds no track.

        Entries are found by path, or by artist, title and length, so that lists of other machines are understood.

        Parameters
        ----------
        path : M3U8, XSPF, JSPF, CSV or rekordbox XML
        name : of the new list; by default that of the file

        Raises
        ------
        FileError : the file cannot be read as a playlist
        NotFound : none of its tracks is in the catalogue
        ConfigError : there is a list of that name

        Examples
        --------
        >>> playlist, missing = catalogue.import_playlist("set.xml")  # doctest: +SKIP
        """
        found, missing = tracks_listed(self._store(), path)
        if not found:
            raise NotFound(path, "none of its tracks is in the catalogue", "Scan their folder first.")
        return self.make_playlist(name or Path(path).stem, tracks=found, replace=replace), missing

    def playlists(self) -> list[Playlist]:
        """All playlists by name, as they were kept: without what the catalogue knows of their tracks now.

        Examples
        --------
        >>> [(found.name, len(found.rows)) for found in catalogue.playlists()]  # doctest: +SKIP
        [('Late', 20)]
        """
        return keeping.playlists(self._store())

    def playlist(
        self,
        reference: str | os.PathLike,
        tracks: Iterable[Track | str | os.PathLike] | None = None,
        form: str | None = None,
        roots: Iterable[str] = (),
        name: str = "",
    ) -> Playlist | PlaylistReport:
        """A playlist by its name or id, with tempo, key, energy and path of every track; raises NotFound.

        tracks and what follows : for one release, as before there were playlists: the same as `write_playlist`

        Examples
        --------
        >>> [row.title for row in catalogue.playlist("Late").rows if row.missing]  # doctest: +SKIP
        []
        """
        if tracks is not None:
            return self.write_playlist(reference, tracks, form, roots, name)
        return upkeep.show(self._store(), os.fspath(reference))

    def refresh_playlist(
        self,
        name: str,
        recipe: Recipe | Mapping | str | os.PathLike | None = None,
        dry_run: bool = False,
        revision: int | None = None,
    ) -> Difference:
        """Make a playlist again by its recipe, or by another one; locked rows stay where they are.

        Parameters
        ----------
        dry_run : tell what would change, and change nothing
        revision : that the list must have; by default the one that it has when this begins

        Raises
        ------
        NotFound : no such playlist, or a seed of it is gone
        ConfigError : the recipe cannot be
        CatalogueBusy : the list was changed meanwhile

        Examples
        --------
        >>> found = catalogue.refresh_playlist("Late", dry_run=True)  # doctest: +SKIP
        >>> len(found.added), len(found.removed), len(found.moved)  # doctest: +SKIP
        (3, 2, 1)
        """
        wanted = None if recipe is None else as_given(recipe)
        return upkeep.refresh(self._store(), name, wanted, dry_run, revision)

    def edit_playlist(self, name: str, edits: Edits, revision: int | None = None) -> Playlist:
        """Change a playlist by hand, all at once or not at all.

        Parameters
        ----------
        edits : tracks to add, rows to remove, move, lock and unlock, a new name
        revision : that the list must have; None: any

        Raises
        ------
        NotFound : no such playlist, row or track
        ConfigError : the name is taken, or the list would be too long
        CatalogueBusy : it has another revision by now

        Examples
        --------
        >>> edits = earmark.library.Edits(add=("Three and Two",), at=1, lock=(4,))
        >>> catalogue.edit_playlist("Late", edits).rows[0].title  # doctest: +SKIP
        'Three and Two'
        """
        return upkeep.edit(self._store(), name, edits, revision)

    def undo_playlist(self, name: str, revision: int | None = None) -> Playlist:
        """Take the last change of a playlist back, a refresh too; raises NotFound where there is none.

        Examples
        --------
        >>> catalogue.undo_playlist("Late").undo  # doctest: +SKIP
        ()
        """
        return upkeep.undo(self._store(), name, revision)

    def drop_playlist(self, name: str, revision: int | None = None) -> None:
        """Forget a playlist; raises NotFound.

        Examples
        --------
        >>> catalogue.drop_playlist("Late")  # doctest: +SKIP
        """
        keeping.drop(self._store(), name, revision)

    def export_playlist(
        self, name: str, path: str | os.PathLike, form: str | None = None, roots: Iterable[str] = ()
    ) -> PlaylistReport:
        """Write a kept playlist as a file, as `write_playlist`; tracks whose files are gone are left out and named.

        Examples
        --------
        >>> catalogue.export_playlist("Late", "late.m3u8").n_found  # doctest: +SKIP
        20
        """
        found = upkeep.show(self._store(), name)
        there = self.shown([row.track_id for row in found.rows if not row.missing])
        report = self.write_playlist(path, there, form, roots, found.name)
        return playlist.with_missing(report, [row.title or row.track_id for row in found.rows if row.missing])

    def path_between(
        self,
        start: str | os.PathLike,
        end: str | os.PathLike,
        n: int = 12,
        where: str | Filter | None = None,
        per_artist: int | None = None,
        versions: bool = False,
    ) -> list[Step]:
        """`n` tracks that lead from one to another in even steps of sound, both included; no song comes twice.

        Parameters
        ----------
        where : what the tracks between must fit
        per_artist : tracks of one artist at most, both ends counted
        versions : a song may come more than once, in other versions

        Raises
        ------
        NotFound : no such track
        QueryError : the filter is not understood, or a number of tracks that cannot be

        Examples
        --------
        >>> [step.row.title for step in catalogue.path_between("Three and Two", "Boss", n=4)]  # doctest: +SKIP
        """
        store = self._store()
        return path.path(store, os.fspath(start), os.fspath(end), n, store.filter(where), per_artist, versions)

    # -- the map ----------------------------------------------------------------------------------------------------

    def build_map(self, anew: bool = False, progress: Progress = silent) -> Map:
        """Lay the collection out in a plane, or put new tracks on the map; see `earmark.explore.map.build_map`.

        Raises
        ------
        CatalogueError, NotFound
        MissingPackage : the extra ``earmark[map]`` is not installed

        Examples
        --------
        >>> catalogue.build_map().kept  # doctest: +SKIP
        0.37
        """
        return maps.build_map(self._store(), anew, progress)

    def map(self) -> Map:
        """The map as it was last built: ids, coordinates float32 [n, 2], labels, version; raises NotFound.

        Examples
        --------
        >>> [label.text for label in catalogue.map().labels]  # doctest: +SKIP
        ['techno, electronic', 'classical']
        """
        return maps.read_map(self._store())

    def export_map(self, path: str | os.PathLike, form: str | None = None) -> int:
        """Write the map as a page (``html``) or a table (``arrow``); by default by the suffix. Returns how many tracks.

        Raises
        ------
        NotFound : there is no map
        ConfigError : no such format
        FileError : the place cannot be written to

        Examples
        --------
        >>> catalogue.export_map("map.html")  # doctest: +SKIP
        1204
        """
        store = self._store()
        return map_files.export_map(store, maps.read_map(store), path, form)

    # -- for other programs -------------------------------------------------------------------------------------------

    def chosen(self, words: str = "", where: str | Filter | None = None) -> Iterator[Track]:
        """All tracks that fit words (the best first), a filter, or both; see `earmark.interop.chosen.chosen`.

        Raises QueryError, CatalogueError.

        Examples
        --------
        >>> sum(track.duration for track in catalogue.chosen(where="genre = 'jazz'"))  # doctest: +SKIP
        """
        store = self._store()
        words, wanted = lyrics.asked(store, words, store.filter(where))
        return chosen(store, words, wanted)

    def lyrics(self, track: str | os.PathLike) -> Lyrics:
        """The words of a song as its files bring them, and their language; raises NotFound where none does.

        Examples
        --------
        >>> catalogue.lyrics("Silent Night").language  # doctest: +SKIP
        'de'
        """
        return lyrics.read(self._store(), track)

    def export(
        self,
        path: str | os.PathLike,
        form: str = "csv",
        where: str | Filter | None = None,
        progress: Progress = silent,
    ) -> int:
        """Write all tracks that fit into a file: ``csv``, ``jsonl``, ``parquet``, ``xlsx``, or a folder of ``jams``.

        Returns how many.

        Raises
        ------
        ConfigError : no such format
        FileError : the place cannot be written to
        MissingPackage : the extra ``earmark[xlsx]`` is not installed
        QueryError, CatalogueError

        Examples
        --------
        >>> catalogue.export("music.csv", where="year < 1970")  # doctest: +SKIP
        12
        """
        store = self._store()
        return export.export(store, path, form, store.filter(where), progress)

    def write_playlist(
        self,
        path: str | os.PathLike,
        tracks: Iterable[Track | str | os.PathLike],
        form: str | None = None,
        roots: Iterable[str] = (),
        name: str = "",
    ) -> PlaylistReport:
        """Write tracks (or their ids, paths or titles) as a list that players read, in their order.

        Parameters
        ----------
        form : ``m3u8``, ``xspf``, ``jspf``, ``csv``, ``json`` or ``rekordbox``; by default that of the suffix
        roots : where folders of this machine are for the program that reads it, such as ``/music=/data/music``
        name : of the list; by default that of the file

        Raises
        ------
        NotFound : no such track
        ConfigError : no such format, or no map of folders
        FileError : the list cannot be written

        Examples
        --------
        >>> hits = catalogue.similar("Three and Two", n=20)  # doctest: +SKIP
        >>> catalogue.write_playlist("like.m3u8", [hit.track for hit in hits]).n_found  # doctest: +SKIP
        20
        """
        found = (track if isinstance(track, Track) else self.show(track) for track in tracks)
        return playlist.write_playlist(path, found, form, paths.read_roots(roots), name)

    # -- tags in files ------------------------------------------------------------------------------------------------

    def smart_playlist(
        self, path: str | os.PathLike, where: str | Filter, name: str = "", sort: str = "random", limit: int = 100
    ) -> None:
        """Write a filter as a smart playlist of Navidrome, over the tags that are written into files.

        Parameters
        ----------
        sort : a field of that server, or ``random``
        limit : tracks at most

        Raises
        ------
        QueryError : a condition on what is in no tag of a file
        FileError : it cannot be written

        Examples
        --------
        >>> catalogue.smart_playlist("calm.nsp", "tempo < 90 AND tags HAS 'calmness'")  # doctest: +SKIP
        """
        store = self._store()
        smart.write_smart(path, store.filter(where), store.scanned_model().tagset, name, sort, limit)

    def push_playlist(self, server: str, name: str, dry_run: bool = False) -> MatchReport:
        """Make a kept playlist on a media server, of those tracks that it has; one of the same name is replaced there.

        Parameters
        ----------
        server : the name of a server that `earmark servers add` noted
        dry_run : only say which tracks the server has

        Raises
        ------
        NotFound : no such server or playlist
        FileError : the server does not answer, or refuses
        MissingPackage : httpx is not installed

        Examples
        --------
        >>> report = catalogue.push_playlist("home", "Late")  # doctest: +SKIP
        >>> len(report.pairs), len(report.missing)  # doctest: +SKIP
        (48, 2)
        """
        known, kept = known_server(server), upkeep.show(self._store(), name)
        tracks = self.shown([row.track_id for row in kept.rows if not row.missing])
        there = known.connect()
        report = match(tracks, there.songs(), paths.read_roots(known.roots))
        if report.pairs and not dry_run:
            there.push(kept.name, [song.id for _, song, _ in report.pairs])
        return report

    def plan_tags(
        self,
        words: str = "",
        where: str | Filter | None = None,
        to: str | profile.Profile = "navidrome",
        mode: str = "fill-empty",
        fields: Iterable[str] = (),
        notation: str | None = None,
        gates: Mapping[str, float] | None = None,
        progress: Progress = silent,
        tracks: Sequence[str] | None = None,
        within_roots: bool = False,
    ) -> Plan:
        """What would be written into the files of all tracks that fit; nothing is changed.

        Parameters
        ----------
        to : a profile: its name, a TOML file, or a `earmark.interop.profile.Profile`
        mode : ``fill-empty``, ``add`` or ``replace``, see `earmark.interop.plan.make_plan`
        fields, notation, gates : in place of the profile's
        tracks : ids of tracks, in place of words and a filter
        within_roots : refuse files that lie outside of the folders that were scanned, as behind a link

        Raises
        ------
        ConfigError : no such profile, mode, field, notation or gate
        QueryError, CatalogueError
        NotFound : no track has one of these ids
        MissingPackage : the extra ``earmark[tag]`` is not installed

        Examples
        --------
        >>> plan = catalogue.plan_tags(where="genre = 'jazz'", to="beets")  # doctest: +SKIP
        >>> plan.write("plan.json")  # doctest: +SKIP
        """
        store = self._store()
        known = profile.load_profile(to) if isinstance(to, str) else to
        wanted = profile.adjusted(known, fields, notation, gates)
        found = chosen(store, words, store.filter(where)) if tracks is None else store.tracks(tracks)
        return make_plan(found, wanted, mode, progress, store.roots() if within_roots else None)

    def apply_tags(
        self,
        plan: Plan | str | os.PathLike,
        keep_times: bool = False,
        progress: Progress = silent,
        skip: Collection[str] = (),
        within_roots: bool = False,
    ) -> TagReport:
        """Write the tags of a plan, or of its file; what cannot be written is in the report. May be run again.

        Parameters
        ----------
        keep_times : leave every file's time of change as it was
        skip : paths of the plan that are left out
        within_roots : refuse files that lie outside of the folders that were scanned, as behind a link

        Raises
        ------
        CatalogueError : tags are being written already, or the journal cannot be used
        FileError : there is no such plan
        MissingPackage : the extra ``earmark[tag]`` is not installed

        Examples
        --------
        >>> report = catalogue.apply_tags("plan.json")  # doctest: +SKIP
        >>> len(report.written), report.refused  # doctest: +SKIP
        (12, [])
        """
        found = plan if isinstance(plan, Plan) else read_plan(plan)
        roots = self.roots() if within_roots else None
        with journal.open_journal(self._journal_of()) as notes:
            return apply.apply_plan(found, notes, keep_times, progress, skip, roots)

    def _journal_of(self) -> Path:
        """What the journal lies beside: for an object store a folder of this machine, whose files were written."""
        if self.path.is_local:
            return Path(str(self.path))
        folder = settings.JOURNALS.path()
        folder.mkdir(parents=True, exist_ok=True)
        return folder / quote(str(self.path), safe="")

    def undo_tags(self, run: str | None = None, progress: Progress = silent) -> TagReport:
        """Bring the files of a plan back to the bytes that they had; files that were changed since are refused.

        run : the id of the plan; by default the last that was applied

        Raises
        ------
        NotFound : nothing was written by that plan, or it was undone before
        CatalogueError : tags are being written, or the journal cannot be used

        Examples
        --------
        >>> catalogue.undo_tags().written  # doctest: +SKIP
        ['/music/song.flac']
        """
        with journal.open_journal(self._journal_of()) as notes:
            runs = notes.runs()
            if not runs or run not in (None, *runs):
                remedy = f"There are: {', '.join(runs)}." if runs else "Write some with `earmark tags apply`."
                raise NotFound(run or self.path, "no tags to be undone", remedy)
            return apply.undo_run(run or runs[-1], notes, progress)

    def tags_written(self) -> dict[str, int]:
        """Id of a plan -> how many files it has changed that were not changed back; raises CatalogueError.

        Examples
        --------
        >>> catalogue.tags_written()  # doctest: +SKIP
        {'5f1d0c7a9e21': 12}
        """
        return journal.written_by(self._journal_of())

    # -- upkeep ---------------------------------------------------------------------------------------------------

    def check(self) -> CheckReport:
        """Read everything, compare it with its checksums and itself; changes nothing and may run during a scan.

        Raises CatalogueError where there is no catalogue.

        Examples
        --------
        >>> catalogue.check().is_whole  # doctest: +SKIP
        True
        """
        return check.check(self.path)

    def repair(self) -> RepairReport:
        """Mend what is damaged: keep what is whole, rebuild the rest, and name what the next scan hears again.

        No correction is dropped. Raises CatalogueError where there is no catalogue, or a scan is at work.

        Examples
        --------
        >>> catalogue.repair().hear_again  # doctest: +SKIP
        []
        """
        check.expect_catalogue(self.path)
        self._opened = None
        with locked(self.path):
            report = repair.repair_tables(self.path)
            store = self._store()
            store.migrate()
            store.reconcile()
            if report.done:
                store.lay_corrections()
                store.renew_taught(lay=True)
            store.tidy()
            if report.done:
                store.sweep()
        return report

    def backup(self, target: str | os.PathLike) -> BackupReport:
        """Copy the catalogue into a new folder or a ``.tar``, consistent even during a scan, and verify the copy.

        Raises CatalogueError: the target exists, the catalogue is damaged, the disk refuses.

        Examples
        --------
        >>> catalogue.backup("/mnt/backup/music.tar").n_files  # doctest: +SKIP
        31
        """
        place = place_of_user(target)
        if not place.is_local:
            raise CatalogueError(place, "copies go to a disk of this machine", "Name a new folder, or a .tar file.")
        return backup.backup(self.path, Path(str(place)))

    def restore(self, source: str | os.PathLike, force: bool = False) -> BackupReport:
        """Make this catalogue of a copy that `backup` has made; the copy is verified first.

        force : replace a catalogue that is there

        Raises CatalogueError: the copy is damaged, or there is a catalogue.

        Examples
        --------
        >>> Catalogue("new.earmark").restore("/mnt/backup/music.tar")  # doctest: +SKIP
        """
        copy = place_of_user(source)
        if not copy.is_local:
            remedy = "Copy it here first, with `earmark catalogue backup` or the store's own tool."
            raise CatalogueError(copy, "copies come from a disk of this machine", remedy)
        self._opened = None
        with locked(self.path) if self.path.is_folder() or not self.path.is_local else nullcontext():
            return backup.restore(Path(str(copy)), self.path, force)

    def compact(self) -> tuple[int, int]:
        """Join small fragments, drop old versions and what killed scans left; returns bytes before and after.

        Raises CatalogueError, also while a scan is at work.

        Examples
        --------
        >>> before, after = catalogue.compact()  # doctest: +SKIP
        """
        store = self._store()
        with locked(self.path):
            before = bytes_of(self.path)
            store.refresh()
            store.tidy()
            store.sweep()
            return before, bytes_of(self.path)

    def __len__(self) -> int:
        """How many tracks."""
        return len(self._store())
