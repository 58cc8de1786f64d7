"""A catalogue that a server holds, with the methods of `earmark.Catalogue`."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from earmark.catalogue.filters import Filter, filter_to_json
from earmark.catalogue.track import Hit, ModelRef, Track, Warned
from earmark.client.connection import Connection
from earmark.client.reading import read_copy, read_failure, read_hit, read_tagset, read_track
from earmark.engine.report import ScanReport
from earmark.engine.scan import DEFAULT_OPTIONS, ScanOptions
from earmark.errors import ConfigError, NotFound
from earmark.explore.duplicates import Group
from earmark.explore.seeds import Seed
from earmark.explore.weights import Weights
from earmark.files import whole_file
from earmark.interop import paths, playlist
from earmark.interop.playlist import PlaylistReport
from earmark.progress import Progress, silent
from earmark.tagger.tagset import Tagset

PAGE = 500  # tracks of one answer
EVERYTHING = (
    "path", "paths", "duration", "analysed", "analysis_version", "model", "title", "artist", "album", "year", "tags",
    "tempo", "key", "loudness", "energy", "structure", "course", "description", "phrases", "incomplete", "warnings",
    "files", "corrections", "similarity", "relevance", "versions",
)  # fmt: skip
FORMATS = ("csv", "jsonl", "parquet")
Place = str | os.PathLike


def connect(address: str, key: str) -> "RemoteCatalogue":
    """The catalogue of a server, to be asked as one in a folder here.

    Parameters
    ----------
    address : such as ``http://music.example.org:8340``
    key : of the API, see ``earmark keys create``

    Raises
    ------
    ServerError : it cannot be asked, or does not know the key
    MissingPackage : the extra ``earmark[client]`` is not installed

    Examples
    --------
    >>> catalogue = earmark.connect("http://localhost:8340", key="em_...")  # doctest: +SKIP
    >>> [hit.track.title for hit in catalogue.similar("Three and Two", n=5)]  # doctest: +SKIP
    """
    found = RemoteCatalogue(Connection(address, key))
    found.overview()
    return found


class RemoteCatalogue:
    """The catalogue of a server.

    It has the methods of `earmark.Catalogue` and gives back the same dataclasses. Paths are those of the server's
    machine; `Track.fields` is empty. A file that the catalogue does not hold is sent to be heard, and not kept there.
    """

    def __init__(self, connection: Connection) -> None:
        self._server = connection

    def __enter__(self) -> "RemoteCatalogue":
        return self

    def __exit__(self, *error: object) -> None:
        self._server.close()

    @cached_property
    def _tagset(self) -> Tagset:
        return read_tagset(self._server.get("/tags"))

    # -- questions ----------------------------------------------------------------------------------------------------

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
        """As `Catalogue.search`.

        Examples
        --------
        >>> catalogue.search("piano", where="energy < 0.3")  # doctest: +SKIP
        """
        asked = {"q": words, "songs": True, **_where(where), "compatible": compatible, "versions": versions}
        asked |= {"per_artist": per_artist, "per_album": per_album}
        return [read_hit(told, self._tagset) for told in self._listed(asked, n)]

    def page(
        self, where: str | Filter | None = None, sort: str = "track_id", after: tuple | None = None, limit: int = 100
    ) -> list[Track]:
        """As `Catalogue.page`; of `after` the id alone counts, and the tracks before it are read again.

        Examples
        --------
        >>> catalogue.page("year < 1970", sort="-tempo", limit=3)  # doctest: +SKIP
        """
        found: list[Track] = []
        begun = after is None
        for told in self._listed({**_where(where), "sort": sort}, None):
            if begun:
                found.append(read_track(told, self._tagset))
            begun = begun or told["track_id"] == after[1]
            if len(found) == limit:
                break
        return found

    def chosen(self, words: str = "", where: str | Filter | None = None) -> Iterator[Track]:
        """As `Catalogue.chosen`.

        Examples
        --------
        >>> sum(track.duration for track in catalogue.chosen(where="genre = 'jazz'"))  # doctest: +SKIP
        """
        asked = {"q": words, **_where(where)} | ({"versions": True} if words else {})
        for told in self._listed(asked, None):
            yield read_track(told, self._tagset)

    def _listed(self, asked: dict, n: int | None) -> Iterator[dict]:
        """The JSON objects of n tracks, or of all; a page is asked for when it is needed."""
        cursor, left = None, n
        asked = {name: value for name, value in asked.items() if value is not None} | {"fields": list(EVERYTHING)}
        while left is None or left > 0:
            more = {"limit": PAGE if left is None else min(PAGE, left)} | ({"cursor": cursor} if cursor else {})
            told = self._server.post("/tracks:search", asked | more)
            yield from told["items"]
            cursor = told["next"]
            left = None if left is None else left - len(told["items"])
            if cursor is None:
                return

    def similar(
        self,
        track: Place | Seed | Sequence[Seed],
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
        """As `Catalogue.similar`.

        Examples
        --------
        >>> catalogue.similar("song.flac", n=5)  # doctest: +SKIP
        """
        seeds = [track] if isinstance(track, Seed) else [Seed(track)] if isinstance(track, Place) else list(track)
        asked: dict[str, Any] = {"seeds": [self._seed(seed) for seed in seeds], "limit": n, **_where(where)}
        asked |= {"compatible": compatible, "versions": versions, "per_artist": per_artist, "per_album": per_album}
        asked |= {"diversity": diversity, "explain": explain, "fields": list(EVERYTHING)}
        if weights is not None:
            asked["weights"] = asdict(Weights.read(weights))
        told = self._server.post("/similar", {name: value for name, value in asked.items() if value is not None})
        return [read_hit(hit, self._tagset) for hit in told["items"]]

    def _seed(self, seed: Seed) -> dict:
        window = {name: getattr(seed, name) for name in ("start", "end") if getattr(seed, name) is not None}
        return self._named(seed.reference) | {"weight": seed.weight} | window

    def _named(self, reference: Place) -> dict[str, str]:
        """A seed of the catalogue, or of a file here that is sent to be heard."""
        try:
            return {"track": self._id(reference)}
        except NotFound:
            if not os.path.isfile(reference):
                raise
        name = os.path.basename(reference)
        with open(reference, "rb") as file:
            job = self._server.ask("POST", "/analyses", params={"name": name}, content=file).json()
        return {"analysis": self._server.finished(job)["id"]}

    def _id(self, track: Place) -> str:
        return self._server.get("/resolve", track=os.fspath(track))["track_id"]

    def show(self, track: Place, curves: bool = False, tempo_range: str | None = None) -> Track:
        """As `Catalogue.show`.

        Examples
        --------
        >>> catalogue.show("Three and Two").descriptors["key"].label  # doctest: +SKIP
        'G minor'
        """
        path = f"/tracks/{self._id(track)}"
        told = self._server.get(path, tempo_range=tempo_range)
        return read_track(told | ({"curves": self._server.get(f"{path}/curves")} if curves else {}), self._tagset)

    def evidence(self, track: Place, tag: str) -> dict:
        """As `Catalogue.evidence`.

        Examples
        --------
        >>> catalogue.evidence("Three and Two", "instrument/piano")["passages"][0]  # doctest: +SKIP
        """
        return self._server.get(f"/tracks/{self._id(track)}/evidence", tag=tag)

    def embedding(self, track: Place) -> list[float]:
        """As `Catalogue.embedding`.

        Examples
        --------
        >>> len(catalogue.embedding("Three and Two"))  # doctest: +SKIP
        192
        """
        return self._server.get(f"/tracks/{self._id(track)}/embedding")["values"]

    def facets(self, fields: Sequence[str], where: str | Filter | None = None) -> dict[str, dict]:
        """As `Catalogue.facets`.

        Examples
        --------
        >>> catalogue.facets(["genre"])["genre"]["values"][0]  # doctest: +SKIP
        """
        asked = {"facets": list(fields), "limit": 1, "fields": [], **_where(where)}
        return self._server.post("/tracks:search", asked).get("facets", {})

    def fields(self) -> dict[str, str]:
        """As `Catalogue.fields`.

        Examples
        --------
        >>> catalogue.fields()["tempo"]  # doctest: +SKIP
        'number'
        """
        return self._server.get("/catalogue")["fields"]

    def overview(self) -> dict:
        """As `Catalogue.overview`.

        Examples
        --------
        >>> catalogue.overview()["tracks"]  # doctest: +SKIP
        31
        """
        found = self._server.get("/catalogue")
        return {name: found[name] for name in ("tracks", "hours", "model", "roots")}

    def model(self) -> ModelRef | None:
        """As `Catalogue.model`; its tagset has no calibration.

        Examples
        --------
        >>> catalogue.model().id  # doctest: +SKIP
        'earmark'
        """
        model = self.overview()["model"]
        return ModelRef(model["name"], model["id"], model["version"], self._tagset) if model else None

    def roots(self) -> list[str]:
        """As `Catalogue.roots`.

        Examples
        --------
        >>> catalogue.roots()  # doctest: +SKIP
        """
        return self.overview()["roots"]

    def duplicates(self) -> list[Group]:
        """As `Catalogue.duplicates`.

        Examples
        --------
        >>> [group.kind for group in catalogue.duplicates()]  # doctest: +SKIP
        """
        groups = self._server.get("/duplicates")["items"]
        return [Group(group["kind"], tuple(read_copy(told) for told in group["files"])) for group in groups]

    def failures(self) -> list:
        """As `Catalogue.failures`.

        Examples
        --------
        >>> [(file.path, file.problem) for file in catalogue.failures()]  # doctest: +SKIP
        """
        return [read_failure(told) for told in self._server.get("/failures")["items"]]

    def warnings(self) -> list[Warned]:
        """As `Catalogue.warnings`.

        Examples
        --------
        >>> [(file.path, file.warnings) for file in catalogue.warnings()]  # doctest: +SKIP
        """
        items = self._server.get("/warnings")["items"]
        return [Warned(told["path"], told["track_id"], tuple(told["warnings"])) for told in items]

    def __len__(self) -> int:
        return self.overview()["tracks"]

    # -- changes and work ---------------------------------------------------------------------------------------------

    def correct(self, track: Place, **values: str | float | Mapping[str, bool | None] | None) -> None:
        """As `Catalogue.correct`.

        Examples
        --------
        >>> catalogue.correct("Three and Two", tempo=84, key="Gm")  # doctest: +SKIP
        """
        self._server.ask("PATCH", f"/tracks/{self._id(track)}/corrections", json=values)

    def uncorrect(self, track: Place) -> None:
        """As `Catalogue.uncorrect`.

        Examples
        --------
        >>> catalogue.uncorrect("Three and Two")  # doctest: +SKIP
        """
        path = f"/tracks/{self._id(track)}/corrections"
        if given := self._server.get(path):
            tags = dict.fromkeys(name for name in given if "/" in name)
            rest = dict.fromkeys(name for name in given if name not in tags)
            self._server.ask("PATCH", path, json=rest | ({"tags": tags} if tags else {}))

    def scan(
        self,
        folders: Place | Sequence[Place] = (),
        model: str | None = None,
        options: ScanOptions = DEFAULT_OPTIONS,
        progress: Progress = silent,
    ) -> ScanReport:
        """As `Catalogue.scan`, of folders of the server's machine; of those that it knows by default.

        Examples
        --------
        >>> report = catalogue.scan(progress=print)  # doctest: +SKIP
        """
        many = [folders] if isinstance(folders, Place) else list(folders)
        asked = {"folders": [os.fspath(folder) for folder in many], "model": model, "options": _told_options(options)}
        job = self._server.finished(self._server.post("/scans", asked), progress)
        told = self._server.get(f"/jobs/{job['id']}/result")
        return ScanReport(**told | {"failed": [read_failure(failed) for failed in told["failed"]]})

    def export(
        self, path: Place, form: str = "csv", where: str | Filter | None = None, progress: Progress = silent
    ) -> int:
        """As `Catalogue.export`, in the formats ``csv``, ``jsonl`` and ``parquet``.

        Examples
        --------
        >>> catalogue.export("music.csv", where="year < 1970")  # doctest: +SKIP
        12
        """
        if form not in FORMATS:
            raise ConfigError(form, "no format that a server writes", f"There are: {', '.join(FORMATS)}.")
        job = self._server.finished(self._server.post("/exports", {"format": form, **_where(where)}), progress)
        with whole_file(path) as draft:
            self._server.download(job["links"]["result"], draft)
        return job["result"]["tracks"]

    def tracks(self, where: str | Filter | None = None) -> pa.Table:
        """As `Catalogue.tracks`.

        Examples
        --------
        >>> catalogue.tracks("duration > 300")["title"].to_pylist()  # doctest: +SKIP
        """
        with TemporaryDirectory() as folder:
            path = Path(folder) / "tracks.parquet"
            self.export(path, "parquet", where)
            return pq.read_table(path)

    def write_playlist(
        self,
        path: Place,
        tracks: Iterable[Track | Place],
        form: str | None = None,
        roots: Iterable[str] = (),
        name: str = "",
    ) -> PlaylistReport:
        """As `Catalogue.write_playlist`; the list is written here, with paths of the server's machine or by `roots`.

        Examples
        --------
        >>> catalogue.write_playlist("like.m3u8", ["Three and Two"])  # doctest: +SKIP
        """
        found = (track if isinstance(track, Track) else self.show(track) for track in tracks)
        return playlist.write_playlist(path, found, form, paths.read_roots(roots), name)


def _where(where: str | Filter | None) -> dict:
    """A filter as a question has it."""
    if where is None:
        return {}
    return {"where": where} if isinstance(where, str) else {"filter": filter_to_json(where)}


TOLD = (
    "workers", "prune", "retry", "reread", "reanalyze", "keep_earprints", "include_video", "max_seconds", "time_limit",
)  # fmt: skip


def _told_options(options: ScanOptions) -> dict:
    values = asdict(options)
    return {name: values[name] for name in TOLD if name in values} | {"exclude": list(options.exclude)}
