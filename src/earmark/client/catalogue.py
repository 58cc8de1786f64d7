"""A catalogue that a server holds, with the methods of `earmark.Catalogue`."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from earmark.catalogue.filters import Filter, both, filter_from_json, parse_filter
from earmark.catalogue.keys import stored_value
from earmark.catalogue.map import Map
from earmark.catalogue.track import Hit, ModelRef, Track, Warned
from earmark.client.connection import API, Connection
from earmark.client.playlists import RemotePlaylists
from earmark.client.reading import (
    read_answer,
    read_copy,
    read_evidence,
    read_failure,
    read_hit,
    read_like,
    read_map,
    read_step,
    read_track,
)
from earmark.client.remote import EVERYTHING, Place, where_of
from earmark.client.tags import RemoteTags
from earmark.client.teaching import RemoteLessons
from earmark.engine.report import ScanReport
from earmark.engine.scan import DEFAULT_OPTIONS, ScanOptions
from earmark.errors import ConfigError, NotFound
from earmark.explore import excerpts
from earmark.explore.compatible import in_compatible_keys
from earmark.explore.duplicates import Group
from earmark.explore.evidence import Evidence
from earmark.explore.lyrics import Lyrics
from earmark.explore.meaning.finding import Answer, By
from earmark.explore.playlists.path import Step
from earmark.explore.seeds import Seed
from earmark.explore.weights import Weights
from earmark.explore.why import LikeReason
from earmark.files import whole_file
from earmark.interop import map_files
from earmark.progress import Progress, silent

FORMATS = ("csv", "jsonl", "parquet", "xlsx")


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


class RemoteCatalogue(RemotePlaylists, RemoteLessons, RemoteTags):
    """The catalogue of a server.

    It has the methods of `earmark.Catalogue` and gives back the same dataclasses. Paths are those of the server's
    machine; `Track.fields` is empty. A file that the catalogue does not hold is sent to be heard, and not kept there.
    """

    def __enter__(self) -> "RemoteCatalogue":
        return self

    def __exit__(self, *error: object) -> None:
        self._server.close()

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
        asked = {"q": words, "songs": True, **where_of(where), "compatible": compatible, "versions": versions}
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
        for told in self._listed({**where_of(where), "sort": sort}, None):
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
        asked = {"q": words, **where_of(where)} | ({"versions": True} if words else {})
        for told in self._listed(asked, None):
            yield read_track(told, self._tagset)

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
        """As `Catalogue.find`.

        Examples
        --------
        >>> [found.hit.track.title for found in catalogue.find("calm piano, no drums").hits]  # doctest: +SKIP
        """
        asked = {"text": text, "tags": tags or {}, "limit": n, "by": by, "compatible": compatible, **where_of(where)}
        asked |= {"versions": versions, "per_artist": per_artist, "per_album": per_album, "passages": passages}
        told = self._server.post("/search", asked | {"fields": list(EVERYTHING)})
        return read_answer(told, self._tagset, self.fields())

    def path_between(
        self,
        start: Place,
        end: Place,
        n: int = 12,
        where: str | Filter | None = None,
        per_artist: int | None = None,
        versions: bool = False,
    ) -> list[Step]:
        """As `Catalogue.path_between`.

        Examples
        --------
        >>> [step.row.title for step in catalogue.path_between("Three and Two", "Boss", n=4)]  # doctest: +SKIP
        """
        asked = {"start": self._id(start), "end": self._id(end), "count": n, **where_of(where)}
        told = self._server.post("/paths", asked | {"per_artist": per_artist, "versions": versions})
        return [read_step(step) for step in told["items"]]

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
        asked: dict[str, Any] = {"seeds": [self._seed(seed) for seed in seeds], "limit": n, **where_of(where)}
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

    def find_song(self, title: str, artist: str = "", duration: float | None = None) -> str:
        """As `Catalogue.find_song`.

        Examples
        --------
        >>> catalogue.find_song("Three and Two", duration=30.2)  # doctest: +SKIP
        """
        told = self._server.get("/resolve", track=title, by="title", artist=artist, duration=duration)
        return told["track_id"]

    def filter(
        self, where: str | Filter | None = None, tree: object = None, compatible: str | None = None
    ) -> Filter | None:
        """As `Catalogue.filter`, over the fields of the server's catalogue.

        Examples
        --------
        >>> catalogue.filter("year < 1970", compatible="Am")  # doctest: +SKIP
        """
        kinds = self.fields()
        text = parse_filter(where, kinds, normalise=stored_value) if isinstance(where, str) else where
        decoded = None if tree is None else filter_from_json(tree, kinds, normalise=stored_value)
        keys = None if compatible is None else in_compatible_keys(compatible)
        return both(both(text, keys), decoded)

    def lyrics(self, track: Place) -> Lyrics:
        """As `Catalogue.lyrics`.

        Examples
        --------
        >>> catalogue.lyrics("Silent Night").language  # doctest: +SKIP
        'de'
        """
        return Lyrics(**self._server.get(f"/tracks/{self._id(track)}/lyrics"))

    def evidence(self, track: Place, tag: str) -> dict:
        """As `Catalogue.evidence`.

        Examples
        --------
        >>> catalogue.evidence("Three and Two", "instrument/piano")["passages"][0]  # doctest: +SKIP
        """
        return self._server.get(f"/tracks/{self._id(track)}/evidence", tag=tag)

    def why(
        self,
        track: Place,
        tag: str | None = None,
        like: Place | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> Evidence | LikeReason:
        """As `Catalogue.why`.

        Examples
        --------
        >>> catalogue.why("Three and Two", like="Nocturne").parts["harmony"]  # doctest: +SKIP
        0.91
        """
        if (tag is None) == (like is None):
            raise ConfigError("why", "needs a tag or another track, not both", "Give one of them.")
        if tag is not None:
            return read_evidence(self.evidence(track, tag))
        other = next(iter(self._named(like).values()))
        return read_like(self._server.get(f"/tracks/{self._id(track)}/why", like=other, start=start, end=end))

    def write_passages(self, reason: Evidence | LikeReason, path: Place) -> float:
        """As `Catalogue.write_passages`; the sound comes from the server, which takes the scope ``audio``.

        Examples
        --------
        >>> catalogue.write_passages(catalogue.why("Vibe Ace", "mood/calmness"), "calm.wav")  # doctest: +SKIP
        31.2
        """
        with TemporaryDirectory() as folder:
            return excerpts.write_passages(reason, path, lambda track_id: self._sound(track_id, Path(folder)))

    def _sound(self, track_id: str, folder: Path) -> str:
        """A copy of the file of a track, named as it is there, since some formats are told by the suffix."""
        told = self._server.get(f"/tracks/{track_id}", fields="path")
        target = folder / (track_id + Path(told.get("path") or "").suffix)
        self._server.download(f"{API}/tracks/{track_id}/audio", target)
        return str(target)

    def embedding(self, track: Place) -> list[float]:
        """As `Catalogue.embedding`.

        Examples
        --------
        >>> len(catalogue.embedding("Three and Two"))  # doctest: +SKIP
        192
        """
        return self._server.get(f"/tracks/{self._id(track)}/embedding")["values"]

    def build_map(self, anew: bool = False, progress: Progress = silent) -> Map:
        """As `Catalogue.build_map`, as a job of the server.

        Examples
        --------
        >>> catalogue.build_map().kept  # doctest: +SKIP
        0.37
        """
        self._server.finished(self._server.post("/map:build", {"anew": anew}), progress)
        return self.map()

    def map(self) -> Map:
        """As `Catalogue.map`.

        Examples
        --------
        >>> [label.text for label in catalogue.map().labels]  # doctest: +SKIP
        """
        while True:
            told, points = self._server.get("/map"), self._server.ask("GET", "/map/points").content
            if self._server.get("/map")["version"] == told["version"]:  # else it was built anew in between
                return read_map(told, points)

    def export_map(self, path: Place, form: str | None = None) -> int:
        """As `Catalogue.export_map`; it is written here.

        Examples
        --------
        >>> catalogue.export_map("map.html")  # doctest: +SKIP
        1204
        """
        found = self.map()
        return map_files.export_map(found, self.columns(map_files.columns_for(self.fields())), path, form)

    def columns(self, names: Sequence[str], where: str | Filter | None = None) -> pa.Table:
        """As `Catalogue.columns`.

        Examples
        --------
        >>> catalogue.columns(["track_id", "tempo"]).num_rows  # doctest: +SKIP
        1204
        """
        return self._table(where, names).select(list(names))

    def facets(self, fields: Sequence[str], where: str | Filter | None = None) -> dict[str, dict]:
        """As `Catalogue.facets`.

        Examples
        --------
        >>> catalogue.facets(["genre"])["genre"]["values"][0]  # doctest: +SKIP
        """
        asked = {"facets": list(fields), "limit": 1, "fields": [], **where_of(where)}
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

    def versions(self) -> dict[str, str]:
        """As `Catalogue.versions`.

        Examples
        --------
        >>> catalogue.versions()["0123456789abcdef0123"]  # doctest: +SKIP
        """
        found = self.columns(["track_id", "analysis_version"])
        return dict(zip(*(found[name].to_pylist() for name in found.column_names), strict=True))

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
        groups = self._server.listed("/duplicates")
        return [Group(group["kind"], tuple(read_copy(told) for told in group["files"])) for group in groups]

    def failures(self) -> list:
        """As `Catalogue.failures`.

        Examples
        --------
        >>> [(file.path, file.problem) for file in catalogue.failures()]  # doctest: +SKIP
        """
        return [read_failure(told) for told in self._server.listed("/failures")]

    def warnings(self) -> list[Warned]:
        """As `Catalogue.warnings`.

        Examples
        --------
        >>> [(file.path, file.warnings) for file in catalogue.warnings()]  # doctest: +SKIP
        """
        items = self._server.listed("/warnings")
        return [Warned(told["path"], told["track_id"], tuple(told["warnings"])) for told in items]

    def __len__(self) -> int:
        return self.overview()["tracks"]

    # -- changes and work ---------------------------------------------------------------------------------------------

    def correct(
        self, track: Place, tags: Mapping[str, bool | None] | None = None, **values: str | float | None
    ) -> None:
        """As `Catalogue.correct`.

        Examples
        --------
        >>> catalogue.correct("Three and Two", tempo=84, key="Gm")  # doctest: +SKIP
        """
        self._server.ask(
            "PATCH", f"/tracks/{self._id(track)}/corrections", json=values | ({"tags": dict(tags)} if tags else {})
        )

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
        return self._scanned("/scans", asked, progress)

    def reanalyze(
        self,
        tracks: Place | Sequence[Place],
        options: ScanOptions = DEFAULT_OPTIONS,
        progress: Progress = silent,
    ) -> ScanReport:
        """As `Catalogue.reanalyze`.

        Examples
        --------
        >>> catalogue.reanalyze("Three and Two").analysed  # doctest: +SKIP
        1
        """
        many = [tracks] if isinstance(tracks, Place) else list(tracks)
        asked = {"tracks": self._ids(many), "options": _told_options(options)}
        return self._scanned("/analyses", asked, progress)

    def _scanned(self, path: str, asked: dict, progress: Progress) -> ScanReport:
        job = self._server.finished(self._server.post(path, asked), progress)
        told = self._server.get(f"/jobs/{job['id']}/result")
        return ScanReport(**told | {"failed": [read_failure(failed) for failed in told["failed"]]})

    def export(
        self,
        path: Place,
        form: str = "csv",
        where: str | Filter | None = None,
        progress: Progress = silent,
        fields: Sequence[str] = (),
    ) -> int:
        """As `Catalogue.export`, but a folder of ``jams``.

        Examples
        --------
        >>> catalogue.export("music.csv", where="year < 1970")  # doctest: +SKIP
        12
        """
        if form not in FORMATS:
            raise ConfigError(form, "no format that a server writes", f"There are: {', '.join(FORMATS)}.")
        asked = {"format": form, "fields": list(fields), **where_of(where)}
        job = self._server.finished(self._server.post("/exports", asked), progress)
        with whole_file(path) as draft:
            self._server.download(job["links"]["result"], draft)
        return job["result"]["tracks"]

    def jams(self, track: Place) -> dict:
        """As `Catalogue.jams`.

        Examples
        --------
        >>> catalogue.jams("Three and Two")["file_metadata"]["title"]  # doctest: +SKIP
        'Three and Two'
        """
        return self._server.get(f"/tracks/{self._id(track)}/jams")

    def tracks(self, where: str | Filter | None = None) -> pa.Table:
        """As `Catalogue.tracks`.

        Examples
        --------
        >>> catalogue.tracks("duration > 300")["title"].to_pylist()  # doctest: +SKIP
        """
        return self._table(where)

    def _table(self, where: str | Filter | None, fields: Sequence[str] = ()) -> pa.Table:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "tracks.parquet"
            self.export(path, "parquet", where, fields=fields)
            return pq.read_table(path)


TOLD = (
    "workers", "prune", "retry", "reread", "reanalyze", "keep_earprints", "include_video", "max_seconds", "time_limit",
)  # fmt: skip


def _told_options(options: ScanOptions) -> dict:
    values = asdict(options)
    return {name: values[name] for name in TOLD if name in values} | {"exclude": list(options.exclude)}
