"""The store of a catalogue: a folder with its tables, what is written to them and what is asked of them.

``tracks`` holds one row a recording, keyed by the hash of its audio; ``files`` one row a path, which leads to a track
or to the reason why there is none. A track's paths are always read from ``files``, so the two cannot disagree.
Every write is one atomic version of one table, tracks before files: killed in between, a scan finds the file unknown
and the track known, and only adds the path. A third table, ``corrections``, holds what users know better; it
is laid over every new analysis. ``earprints/`` holds the spectrograms, where a scan was told to keep them.
"""

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from earmark.analysis import Analysis, split_versions
from earmark.audio.earprint import EARPRINT_SUFFIX
from earmark.catalogue import filters
from earmark.catalogue.corrections import apply_corrections, check_correction
from earmark.catalogue.files import FileState, file_of_row, row_of_file
from earmark.catalogue.filters import Filter
from earmark.catalogue.migrations import VERSION, migrate, version_of
from earmark.catalogue.query import Query
from earmark.catalogue.schema import (
    CORRECTIONS,
    FILES,
    activations_column,
    base_schema,
    descriptor_columns,
    embedding_column,
    is_machine,
    kind_of,
    row_of,
    schema_for,
    unpack_activations,
)
from earmark.catalogue.tables import FEW, Table, order
from earmark.catalogue.track import Hit, ModelRef, Track, track_of
from earmark.descriptors import DESCRIPTORS
from earmark.descriptors.key.names import parse_key
from earmark.errors import CatalogueError, NotFound, QueryError
from earmark.tagger.model import Activations, Model
from earmark.tagger.tagset import Tagset

MIN_PREFIX = 4  # digits of a track_id that are enough where they are unique
AMBIGUOUS = 4  # tracks that are looked for before a reference is called ambiguous


class Store:
    """Opens a catalogue folder, or makes one where `create` is given.

    Raises
    ------
    CatalogueError : there is no catalogue, it was made by a newer earmark, or it cannot be read
    """

    def __init__(self, path: str | os.PathLike, create: bool = False) -> None:
        self.path = Path(path)
        if not self._path_of("files").exists():
            if not create:
                raise CatalogueError(path, "no catalogue here", "Make one with `earmark scan FOLDER --catalogue DIR`.")
            self._create()
        self._files = Table(self._path_of("files"))
        version_of(self._files)
        self._tracks = self._open("tracks")
        self._corrections = self._open("corrections")

    def _path_of(self, table: str) -> Path:
        return self.path / f"{table}.lance"

    def _open(self, table: str) -> Table | None:
        return Table(self._path_of(table)) if self._path_of(table).exists() else None

    def _create(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogueError(self.path, f"cannot be made ({error.strerror})", "Choose another folder.") from error
        strangers = [entry.name for entry in self.path.iterdir() if not entry.name.startswith("scan.lock")]
        if strangers and not any(name.endswith(".lance") for name in strangers):
            problem = f"the folder holds other things ({', '.join(sorted(strangers)[:3])})"
            raise CatalogueError(self.path, problem, "Name a new or an empty folder.")
        Table.create(self._path_of("files"), FILES.with_metadata({"schema_version": str(VERSION)}))

    def refresh(self) -> None:
        """See what other processes have written since."""
        self._files.refresh()
        for name in ("_tracks", "_corrections"):
            table = getattr(self, name)
            if table is None:
                setattr(self, name, self._open(name.strip("_")))
            else:
                table.refresh()

    def migrate(self) -> None:
        """Bring a catalogue of an older earmark up to date; the caller holds the lock of scans."""
        migrate(self._files, self._tracks)

    # -- what model made it ---------------------------------------------------------------------------------------

    def model(self) -> ModelRef | None:
        """The model of the last scan; None while nothing was scanned."""
        note = self._files.metadata.get("model")
        if note is None:
            return None
        values = json.loads(note)
        return ModelRef(values["name"], values["id"], values["version"], Tagset.from_dict(values["tagset"]))

    def scanned_model(self) -> ModelRef:
        """The model of the last scan; raises CatalogueError while nothing was scanned."""
        found = self.model()
        if found is None:
            raise CatalogueError(self.path, "nothing was scanned into it yet", "Run `earmark scan` first.")
        return found

    def set_model(self, model: Model, name: str) -> None:
        """Note the model that the next analyses are made with, and the name that it is found by."""
        info = model.info
        note = json.dumps({"name": name, "id": info.id, "version": info.version, "tagset": info.tagset.to_dict()})
        if self._files.metadata.get("model") != note:
            self._files.note(model=note)

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self, analyses: Iterable[Analysis], files: Iterable[FileState]) -> None:
        """Add or replace tracks (by track_id) and files (by path), tracks first.

        An analysis of some parts only replaces the columns of these parts; the others stay as they are.
        """
        analyses = list(analyses)
        if analyses:
            self._write_tracks(analyses)
        rows = {file.path: row_of_file(file) for file in files}
        if rows:
            self._files.upsert("key", list(rows.values()))

    def _write_tracks(self, analyses: list[Analysis]) -> None:
        ids = [analysis.track_id for analysis in analyses]
        kept, corrections = self.versions(ids), self.corrections(ids)
        rows = {}
        for analysis in analyses:
            corrected = apply_corrections(analysis.descriptors, corrections.get(analysis.track_id, {}))
            rows[analysis.track_id] = row_of(analysis, kept.get(analysis.track_id, {}), corrected)
        tagged = next((analysis for analysis in analyses if analysis.activations is not None), None)
        self._grow(schema_for(tagged.tagset, tagged.model_id, tagged.embedding.size) if tagged else base_schema())
        for group in _alike(rows.values()):
            self._tracks.upsert("track_id", group)

    def _grow(self, schema: pa.Schema) -> None:
        if self._tracks is None:
            self._tracks = Table.create(self._path_of("tracks"), schema)
        self._tracks.add_columns(schema)

    def correct(self, track_id: str, field: str, value: str | None) -> None:
        """Let a user's word win over the estimate, now and in every later scan; None takes it back.

        Raises
        ------
        QueryError : the field cannot be corrected, or not to that value
        NotFound : there is no such track
        """
        self.track(track_id)  # raises NotFound
        if self._corrections is None:
            self._corrections = Table.create(self._path_of("corrections"), CORRECTIONS)
        key = f"{track_id} {field}"
        if value is None:
            self._corrections.delete_among("key", [key])
        else:
            check_correction(field, value)
            self._corrections.upsert("key", [{"key": key, "track_id": track_id, "field": field, "value": value}])
        columns, descriptors = {"track_id": track_id}, self.track(track_id).descriptors
        for name in DESCRIPTORS:
            columns |= descriptor_columns(name, descriptors.get(name))
        self._tracks.upsert("track_id", [columns])

    def corrections(self, track_ids: list[str]) -> dict[str, dict[str, str]]:
        """track_id -> field -> the user's value, of those tracks that have any."""
        found: dict[str, dict[str, str]] = {}
        rows = self._corrections.read_among("track_id", track_ids).to_pylist() if self._corrections is not None else []
        for row in rows:
            found.setdefault(row["track_id"], {})[row["field"]] = row["value"]
        return found

    def forget(self, paths: Iterable[str]) -> int:
        """Drop paths, and then every track that no path leads to any more; returns how many tracks went."""
        self._files.delete_among("key", [os.fsencode(path) for path in paths])
        if self._tracks is None:
            return 0
        led_to = self._files.read(["track_id"], pc.field("track_id").is_valid())["track_id"].to_pylist()
        orphans = sorted(self.track_ids() - set(led_to))
        self._tracks.delete_among("track_id", orphans)
        for track_id in orphans:
            self.earprint_path(track_id).unlink(missing_ok=True)
        return len(orphans)

    def earprint_path(self, track_id: str) -> Path:
        """Where a track's earprint lies, if it is kept."""
        return self.path / "earprints" / f"{track_id}{EARPRINT_SUFFIX}"

    def tidy(self) -> None:
        """Index what is searched, join small fragments and drop old versions, which small batches leave behind."""
        for column in ("key", "track_id"):
            self._files.index(column, "BTREE")
        if self._tracks is not None:
            self._tracks.index("track_id", "BTREE")
            self._tracks.index("text", "INVERTED")
        for table in filter(None, (self._files, self._tracks)):
            table.tidy()

    # -- files ----------------------------------------------------------------------------------------------------

    def files(self) -> dict[str, FileState]:
        """Every path that was ever seen, by path."""
        states = map(file_of_row, self._files.read().to_pylist())
        return {state.path: state for state in states}

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, by path."""
        rows = self._files.read(where=pc.field("track_id").is_null()).to_pylist()
        return sorted(map(file_of_row, rows), key=lambda state: state.path)

    # -- tracks ---------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """How many tracks."""
        return len(self._tracks) if self._tracks is not None else 0

    def track_ids(self) -> set[str]:
        """The ids of all tracks."""
        return set() if self._tracks is None else set(self._tracks.read(["track_id"])["track_id"].to_pylist())

    def versions(self, track_ids: list[str] | None = None) -> dict[str, dict[str, str]]:
        """track_id -> part -> version of the analysis that is stored; of these tracks, or of all."""
        if self._tracks is None:
            return {}
        columns = ["track_id", "analysis_version"]
        if track_ids is None:
            table = self._tracks.read(columns)
        else:
            table = self._tracks.read_among("track_id", track_ids, columns)
        pairs = zip(table["track_id"].to_pylist(), table["analysis_version"].to_pylist(), strict=True)
        return {track_id: split_versions(text) for track_id, text in pairs}

    def kinds(self) -> dict[str, str]:
        """Column -> ``text``, ``number``, ``time`` or ``list``, of everything that can be filtered."""
        schema = self._tracks.schema if self._tracks is not None else []
        return {column.name: kind_of(column) for column in schema if not is_machine(column.name)}

    def filter(self, where: str | Filter | None) -> Filter | None:
        """The filter that a text means; raises QueryError that names the nearest columns."""
        if where is None or not isinstance(where, str):
            return where
        return filters.parse_filter(where, self.kinds(), normalise=_stored_spelling)

    def table(self, where: str | Filter | None = None) -> pa.Table:
        """All tracks that fit, as an Arrow table: ``track_id``, ``paths``, ``title`` ... a column for every field."""
        if self._tracks is None:
            return pa.table({"track_id": pa.array([], pa.string()), "paths": pa.array([], pa.list_(pa.string()))})
        found = self._tracks.read(list(self.kinds()), _compiled(self.filter(where)))
        ids = found["track_id"].to_pylist()
        by_track = self._paths(ids)
        paths = [by_track.get(track_id, []) for track_id in ids]
        return found.add_column(1, "paths", pa.array(paths, pa.list_(pa.string())))

    def select(self, query: Query) -> list[Hit]:
        """The page that a query asks for.

        Raises
        ------
        QueryError : the words or the field to sort by are not understood
        CatalogueError : no track was analysed with the model of the likeness
        """
        if self._tracks is None:
            return []
        rows = self._rows(query)
        tracks = self._tracks_of(rows)
        return [
            Hit(track, row.get("similarity"), row.get("relevance")) for track, row in zip(tracks, rows, strict=True)
        ]

    def _rows(self, query: Query) -> list[dict]:
        where, last = _compiled(query.where), query.offset + query.limit
        if query.like is not None:
            return self._nearest(query, last)[query.offset :]
        if query.words.strip():
            self._tracks.index("text", "INVERTED")
            words = {"full_text_query": query.words, "limit": last, "prefilter": True}
            found = self._tracks.read([*self._columns(), "_score"], where, **words)
            return found.rename_columns({"_score": "relevance"}).to_pylist()[query.offset :]
        if query.sort is not None:
            return self._sorted(query)
        return self._tracks.read(self._columns(), where, limit=query.limit, offset=query.offset).to_pylist()

    def _nearest(self, query: Query, last: int) -> list[dict]:
        """By cosine, exactly; the filter holds before the ranking, so that n tracks come back if n fit."""
        column = embedding_column(query.like.model_id)
        if column not in self._tracks.schema.names:
            problem = f"no track analysed with model {query.like.model_id!r}"
            raise CatalogueError(self.path, problem, "Scan with that model.")
        nearest = {"column": column, "q": query.like.vector, "k": last, "metric": "cosine", "use_index": False}
        where = filters.to_sql(filters.both(query.where, filters.Not(filters.IsNull(column))))
        found = self._tracks.read([*self._columns(), "_distance"], where, nearest=nearest, prefilter=True).to_pylist()
        return [row | {"similarity": 1 - row.pop("_distance")} for row in found]

    def _sorted(self, query: Query) -> list[dict]:
        """The ids of the page in order first, then their rows alone."""
        column = query.sort.removeprefix("-")
        if column not in self.kinds():
            raise QueryError(query.sort, "no field to sort by", filters.nearest_fields(column, self.kinds()))
        page = {"order_by": [order(column, column == query.sort)], "limit": query.limit, "offset": query.offset}
        ids = self._tracks.read(["track_id", column], _compiled(query.where), **page)["track_id"].to_pylist()
        rows = {row["track_id"]: row for row in self._tracks.read_among("track_id", ids, self._columns()).to_pylist()}
        return [rows[track_id] for track_id in ids]

    def _columns(self) -> list[str]:
        """What a `Track` is made of: all that can be filtered, and the descriptors as JSON."""
        names = self._tracks.schema.names
        return [name for name in names if not is_machine(name) or name.endswith("_json")]

    def _tracks_of(self, rows: list[dict]) -> list[Track]:
        ids = [row["track_id"] for row in rows]
        model, paths, corrections = self.scanned_model(), self._paths(ids), self.corrections(ids)
        return [
            track_of(row, model, paths.get(i, []), corrections.get(i, {})) for i, row in zip(ids, rows, strict=True)
        ]

    def track(self, track_id: str, curves: bool = False) -> Track:
        """One track by its id, with its activations where `curves` are wanted; raises NotFound."""
        rows = self._tracks.read_among("track_id", [track_id], self._columns()) if self._tracks is not None else None
        if not rows:
            raise NotFound(track_id, f"not in the catalogue {self.path}", "Give the id of a track that was scanned.")
        track = self._tracks_of(rows.to_pylist())[0]
        if not curves:
            return track
        activations = self.activations(track_id, track.analysis.model_id)
        return replace(track, analysis=replace(track.analysis, activations=activations))

    def _paths(self, track_ids: list[str]) -> dict[str, list[str]]:
        columns = ["track_id", "path"]
        if len(track_ids) > FEW:  # one scan of all paths is cheaper than many look-ups
            table = self._files.read(columns, pc.field("track_id").is_valid())
        else:
            table = self._files.read_among("track_id", track_ids, columns)
        paths: dict[str, list[str]] = {}
        for track_id, path in zip(table["track_id"].to_pylist(), table["path"].to_pylist(), strict=True):
            paths.setdefault(track_id, []).append(path)
        return {track_id: sorted(found) for track_id, found in paths.items()}

    def embedding(self, track_id: str, model_id: str) -> list[float]:
        """The vector of one track, [dim]; NotFound where this model has not analysed it."""
        return self._cell(track_id, embedding_column(model_id), model_id)

    def activations(self, track_id: str, model_id: str) -> Activations:
        """The model's outputs for one track over time (half precision); NotFound as `embedding`."""
        return unpack_activations(self._cell(track_id, activations_column(model_id), model_id))

    def _cell(self, track_id: str, column: str, model_id: str):
        if self._tracks is not None and column in self._tracks.schema.names:
            found = self._tracks.read([column], pc.field("track_id") == track_id)[column].to_pylist()
            if found and found[0] is not None:
                return found[0]
        raise NotFound(track_id, f"not analysed with model {model_id!r}", "Scan with that model first.")

    # -- what a reference means -----------------------------------------------------------------------------------

    def resolve(self, reference: str | os.PathLike) -> str:
        """The track_id meant by an id, the beginning of one, a path, or a title that only one track has.

        Raises
        ------
        NotFound : nothing fits, several tracks do, or the file's analysis failed
        """
        reference = os.fspath(reference)
        key = os.fsencode(os.path.abspath(reference))
        by_path = self._files.read(where=pc.field("key") == key).to_pylist()
        if by_path:
            return _track_of_file(file_of_row(by_path[0]))
        fitting = self._by_prefix(reference) or self._by_title(reference)
        if len(fitting) == 1 or reference in fitting:
            return reference if reference in fitting else fitting[0]
        if fitting:
            raise NotFound(reference, f"fits several tracks ({', '.join(fitting[:3])} ...)", "Name one of them.")
        raise NotFound(reference, f"not in the catalogue {self.path}", "Give a track id, a title, or a scanned path.")

    def _by_prefix(self, reference: str) -> list[str]:
        if len(reference) < MIN_PREFIX or self._tracks is None:
            return []
        column = pc.field("track_id")
        return self._some_ids((column >= reference) & (column < reference + "\U0010ffff"))

    def _by_title(self, title: str) -> list[str]:
        if self._tracks is None:
            return []
        return self._some_ids(filters.to_sql(filters.Compare("title", "eq", title.lower(), "lower")))

    def _some_ids(self, where) -> list[str]:
        return sorted(self._tracks.read(["track_id"], where, limit=AMBIGUOUS)["track_id"].to_pylist())


def _track_of_file(state: FileState) -> str:
    if state.track_id is None:
        raise NotFound(state.path, f"its analysis failed: {state.problem}", state.remedy or "")
    return state.track_id


def _compiled(where: Filter | None) -> str | None:
    return None if where is None else filters.to_sql(where)


def _stored_spelling(column: str, value):
    """A key in the spelling that the column holds: ``Eb major`` is stored as ``D# major``."""
    return " ".join(parse_key(value)) if column == "key" and isinstance(value, str) else value


def _alike(rows: Iterable[dict]) -> list[list[dict]]:
    """Rows that fill the same columns together: a whole analysis, and one of some parts only, are written apart."""
    groups: dict[frozenset, list[dict]] = {}
    for row in rows:
        groups.setdefault(frozenset(row), []).append(row)
    return list(groups.values())
