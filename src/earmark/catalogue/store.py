"""The catalogue: a folder with two Lance tables. This is the only module that knows the store.

``tracks`` holds one row a recording, keyed by the hash of its audio; ``files`` one row a path, which leads to a track
or to the reason why there is none. A track's paths are always read from ``files``, so the two cannot disagree.
Every write is one atomic version of one table, tracks before files: killed in between, a scan finds the file unknown
and the track known, and only adds the path. A third table, ``corrections``, holds what users know better; it
is laid over every new analysis. ``earprints/`` holds the spectrograms, where a scan was told to keep them.
"""

import json
import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("LANCE_LOG", "error")  # before lance is imported: it warns of its own deprecations

import lance
import pyarrow as pa

from earmark.analysis import Analysis, split_versions
from earmark.audio.earprint import SUFFIX as EARPRINT_SUFFIX
from earmark.catalogue.schema import (
    CORRECTABLE,
    corrected_columns,
    embedding_column,
    fact_columns,
    facts_of,
    is_machine,
    row_of,
    schema_for,
    steps_column,
    unpack_steps,
)
from earmark.errors import CatalogueError, NotFound, QueryError, printable
from earmark.tagger.model import Activations, Model
from earmark.tagger.tagset import Tagset

SCHEMA_VERSION = 1
FEW = 500  # ids named in one filter; for more a whole column is read
MIN_PREFIX = 4  # digits of a track_id that are enough where they are unique
KEEP_VERSIONS = timedelta(minutes=1)  # old versions that another process may still be reading

FILES = pa.schema(
    [
        ("key", pa.binary()),  # the path's own bytes: any name that the file system allows
        ("path", pa.string()),  # the same for people
        ("size", pa.int64()),
        ("mtime_ns", pa.int64()),
        ("track_id", pa.string()),  # null: failed
        ("stamp", pa.string()),  # analysis version that saw it
        ("problem", pa.string()),
        ("remedy", pa.string()),
        ("seen_at", pa.timestamp("s", tz="UTC")),
    ]
)


CORRECTIONS = pa.schema(
    [("key", pa.string()), ("track_id", pa.string()), ("field", pa.string()), ("value", pa.string())]
)


@dataclass(frozen=True, slots=True)
class FileState:
    """One path as last seen: it leads to a track, or failed with a problem and a remedy."""

    path: str
    size: int
    mtime_ns: int
    stamp: str
    track_id: str | None = None
    problem: str | None = None
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class ModelRef:
    """The model that a catalogue was made with, as kept in the catalogue itself."""

    name: str
    id: str
    version: str
    tagset: Tagset


class CatalogueStore:
    """Opens a catalogue folder, or makes one where `create` is given.

    Raises
    ------
    CatalogueError : there is no catalogue, it was made by a newer earmark, or it cannot be read
    """

    def __init__(self, path: str | os.PathLike, create: bool = False) -> None:
        self.path = Path(path)
        if not self._uri("files").exists():
            if not create:
                raise CatalogueError(path, "no catalogue here", "Make one with `earmark scan FOLDER --catalogue DIR`.")
            self._create()
        self._files = self._open("files")
        self._tracks = self._open("tracks") if self._uri("tracks").exists() else None
        self._check_version()

    def _uri(self, table: str) -> Path:
        return self.path / f"{table}.lance"

    def _create(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CatalogueError(self.path, f"cannot be made ({error.strerror})", "Choose another folder.") from error
        strangers = [entry.name for entry in self.path.iterdir() if not entry.name.startswith("scan.lock")]
        if strangers and not any(name.endswith(".lance") for name in strangers):
            problem = f"the folder holds other things ({', '.join(sorted(strangers)[:3])})"
            raise CatalogueError(self.path, problem, "Name a new or an empty folder.")
        meta = {"schema_version": str(SCHEMA_VERSION)}
        lance.write_dataset(FILES.with_metadata(meta).empty_table(), str(self._uri("files")))

    def _open(self, table: str) -> lance.LanceDataset:
        try:
            return lance.dataset(str(self._uri(table)))
        except (ValueError, OSError) as error:
            raise CatalogueError(self._uri(table), f"cannot be read ({error})", "Scan into a new folder.") from error

    def _check_version(self) -> None:
        found = int(self._meta().get("schema_version", "0"))
        if found > SCHEMA_VERSION:
            raise CatalogueError(self.path, f"made by a newer earmark (schema {found})", "Update earmark to open it.")

    def _meta(self) -> dict[str, str]:
        return {key.decode(): value.decode() for key, value in (self._files.schema.metadata or {}).items()}

    # -- what model made it ---------------------------------------------------------------------------------------

    def model(self) -> ModelRef | None:
        """The model of the last scan; None while nothing was scanned."""
        meta = self._meta()
        if "model" not in meta:
            return None
        values = json.loads(meta["model"])
        return ModelRef(values["name"], values["id"], values["version"], Tagset.from_dict(values["tagset"]))

    def set_model(self, model: Model, name: str) -> None:
        """Note the model and give the tracks table a column for everything that it says."""
        info = model.info
        note = json.dumps({"name": name, "id": info.id, "version": info.version, "tagset": info.tagset.to_dict()})
        if self._meta().get("model") != note:
            self._files.update_schema_metadata({"model": note})

    def _grow_schema(self, schema: pa.Schema) -> None:
        if self._tracks is None:
            self._tracks = lance.write_dataset(schema.empty_table(), str(self._uri("tracks")))
            return
        missing = [field for field in schema if field.name not in self._tracks.schema.names]
        if missing:
            self._tracks.add_columns(pa.schema(missing))

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self, analyses: Iterable[Analysis], files: Iterable[FileState], tagset: Tagset) -> None:
        """Add or replace tracks (by track_id) and files (by path), tracks first.

        An analysis of some parts only replaces the columns of these parts; the others stay as they are.
        """
        analyses = list(analyses)
        if analyses:
            self._write_tracks(analyses, tagset)
        by_key = {os.fsencode(file.path): file for file in files}
        if by_key:
            _upsert(self._files, "key", pa.Table.from_pylist([_file_row(*pair) for pair in by_key.items()], FILES))

    def _write_tracks(self, analyses: list[Analysis], tagset: Tagset) -> None:
        kept, corrections = self.versions([analysis.track_id for analysis in analyses]), self.corrections()
        rows = {analysis.track_id: row_of(analysis, tagset, kept.get(analysis.track_id, {})) for analysis in analyses}
        for track_id, row in rows.items():
            for field, value in corrections.get(track_id, {}).items():
                row |= {name: v for name, v in corrected_columns(field, value).items() if name in row}
        tagged = next((analysis for analysis in analyses if analysis.activations is not None), None)
        if tagged is not None:
            self._grow_schema(schema_for(tagset, tagged.model_id, tagged.embedding.size))
        for group in _alike(rows.values()):
            self._upsert_tracks(group)

    def _upsert_tracks(self, rows: list[dict]) -> None:
        """Rows that fill the same columns; other columns of known tracks stay as they are."""
        schema = pa.schema([field for field in self._tracks.schema if field.name in rows[0]])
        _upsert(self._tracks, "track_id", pa.Table.from_pylist(rows, schema))

    def correct(self, track_id: str, field: str, value: str | None) -> None:
        """Let a user's word win over the estimate, now and in every later scan; None takes it back.

        Raises
        ------
        QueryError : the field cannot be corrected, or not to that value
        """
        key = f"{track_id} {field}"
        if value is None:
            self._correction_table().delete(f"key = '{key}'")
            columns = self._estimates(track_id, field)
        else:
            columns = corrected_columns(field, value)
            row = {"key": key, "track_id": track_id, "field": field, "value": value}
            _upsert(self._correction_table(), "key", pa.Table.from_pylist([row], CORRECTIONS))
        schema = pa.schema(
            [field for field in self._tracks.schema if field.name in columns or field.name == "track_id"]
        )
        _upsert(self._tracks, "track_id", pa.Table.from_pylist([{"track_id": track_id} | columns], schema))

    def _estimates(self, track_id: str, field: str) -> dict:
        """The columns of one field as the analysis had them."""
        part = "tempo" if field == "metre" else field
        estimated = fact_columns(part, self.facts(track_id).get(part))
        return {name: estimated[name] for name in CORRECTABLE.get(field, ())}

    def corrections(self) -> dict[str, dict[str, str]]:
        """track_id -> field -> the user's value."""
        found: dict[str, dict[str, str]] = {}
        if self._uri("corrections").exists():
            for row in self._correction_table().to_table().to_pylist():
                found.setdefault(row["track_id"], {})[row["field"]] = row["value"]
        return found

    def _correction_table(self) -> lance.LanceDataset:
        if not self._uri("corrections").exists():
            return lance.write_dataset(CORRECTIONS.empty_table(), str(self._uri("corrections")))
        return self._open("corrections")

    def forget(self, paths: Iterable[str]) -> int:
        """Drop paths, and then every track that no path leads to any more; returns how many tracks went."""
        keys = [f"X'{os.fsencode(path).hex()}'" for path in paths]
        for start in range(0, len(keys), 500):
            self._files.delete(f"key IN ({', '.join(keys[start : start + 500])})")
        if self._tracks is None:
            return 0
        orphans = sorted(self.track_ids() - set(self._paths_by_track()))
        for start in range(0, len(orphans), 500):
            self._tracks.delete(_among("track_id", orphans[start : start + 500]))
        for track_id in orphans:
            self.earprint_path(track_id).unlink(missing_ok=True)
        return len(orphans)

    def earprint_path(self, track_id: str) -> Path:
        """Where a track's earprint lies, if it is kept."""
        return self.path / "earprints" / f"{track_id}{EARPRINT_SUFFIX}"

    def tidy(self) -> None:
        """Index the text, join small fragments, drop old versions: small batches leave many of these behind."""
        self._index_text()
        for table in filter(None, (self._files, self._tracks)):
            table.optimize.compact_files()
            table.optimize.optimize_indices()
            table.cleanup_old_versions(older_than=KEEP_VERSIONS)

    def _index_text(self) -> None:
        if self._tracks is not None and not any(
            "text" in index.field_names for index in self._tracks.describe_indices()
        ):
            self._tracks.create_scalar_index("text", "INVERTED")

    # -- reading --------------------------------------------------------------------------------------------------

    def __len__(self) -> int:
        """How many tracks."""
        return self._tracks.count_rows() if self._tracks is not None else 0

    def files(self) -> dict[str, FileState]:
        """Every path that was ever seen, by path."""
        rows = self._files.to_table().to_pylist()
        return {os.fsdecode(row["key"]): _file_state(row) for row in rows}

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, by path."""
        rows = self._files.to_table(filter="track_id IS NULL").to_pylist()
        return sorted((_file_state(row) for row in rows), key=lambda state: state.path)

    def track_ids(self) -> set[str]:
        """The ids of all tracks."""
        if self._tracks is None:
            return set()
        return set(self._tracks.to_table(columns=["track_id"])["track_id"].to_pylist())

    def versions(self, track_ids: list[str] | None = None) -> dict[str, dict[str, str]]:
        """track_id -> part -> version of the analysis that is stored; of these tracks, or of all."""
        if self._tracks is None:
            return {}
        where = _among("track_id", track_ids) if track_ids is not None else None
        table = self._tracks.to_table(columns=["track_id", "analysis_version"], filter=where)
        pairs = zip(table["track_id"].to_pylist(), table["analysis_version"].to_pylist(), strict=True)
        return {track_id: split_versions(stamp) for track_id, stamp in pairs}

    def facts(self, track_id: str) -> dict[str, dict]:
        """Part -> the whole fact as estimated: candidates, beats, segments, curves."""
        columns = [name for name in self._tracks.schema.names if name.endswith("_json")]
        rows = self._query(columns=columns, filter=f"track_id = '{track_id}'").to_pylist()
        return facts_of(rows[0]) if rows else {}

    def tracks(self, where: str | None = None) -> pa.Table:
        """All tracks that fit an SQL filter: ``track_id``, ``paths``, ``title`` ... and a column for every field."""
        columns = self.fields()
        if self._tracks is None:
            return pa.table({"track_id": pa.array([], pa.string()), "paths": pa.array([], pa.list_(pa.string()))})
        return self._with_paths(self._query(columns=columns, filter=where))

    def fields(self) -> list[str]:
        """The columns that can be filtered."""
        if self._tracks is None:
            return []
        return [name for name in self._tracks.schema.names if not is_machine(name)]

    def nearest(self, vector: list[float], model_id: str, n: int, where: str | None = None) -> pa.Table:
        """The n tracks whose embedding is most like `vector`, best first, with ``similarity`` (cosine, -1..1).

        The filter holds before the ranking: n tracks come back if n fit. The search is exact.
        """
        column = embedding_column(model_id)
        if self._tracks is None or column not in self._tracks.schema.names:
            raise CatalogueError(self.path, f"no track analysed with model {model_id!r}", "Scan with that model.")
        nearest = {"column": column, "q": vector, "k": n, "metric": "cosine", "use_index": False}
        where = f"({where}) AND {column} IS NOT NULL" if where else f"{column} IS NOT NULL"
        found = self._query(columns=[*self.fields(), "_distance"], nearest=nearest, filter=where, prefilter=True)
        similarity = pa.array([1 - d for d in found["_distance"].to_pylist()], pa.float32())
        return self._with_paths(found.drop_columns("_distance").append_column("similarity", similarity))

    def matching(self, text: str, n: int, where: str | None = None) -> pa.Table:
        """The n tracks whose title, artist, album or tags fit the words best, best first, with ``relevance`` (BM25)."""
        if self._tracks is None:
            return self.tracks()
        self._index_text()
        query = {"full_text_query": text, "limit": n, "filter": where, "prefilter": True}
        found = self._query(columns=[*self.fields(), "_score"], **query)
        return self._with_paths(found.rename_columns({"_score": "relevance"}))

    def embedding(self, track_id: str, model_id: str) -> list[float]:
        """The vector of one track; NotFound where this model has not heard it."""
        return self._cell(track_id, embedding_column(model_id), model_id)

    def activations(self, track_id: str, model_id: str) -> Activations:
        """What the model said of one track over time (half precision)."""
        return unpack_steps(self._cell(track_id, steps_column(model_id), model_id))

    def resolve(self, reference: str) -> str:
        """The track_id meant by an id, the beginning of one, a path, or a title that only one track has."""
        reference = os.fspath(reference)
        key = os.fsencode(os.path.abspath(reference)).hex()
        by_path = self._files.to_table(filter=f"key = X'{key}'").to_pylist()
        if by_path:
            return self._of_file(_file_state(by_path[0]))
        ids = self.track_ids()
        if reference in ids:
            return reference
        fitting = sorted(i for i in ids if i.startswith(reference)) if len(reference) >= MIN_PREFIX else []
        if not fitting and ids:
            quoted = reference.casefold().replace("'", "''")
            fitting = self.tracks(f"lower(title) = '{quoted}'")["track_id"].to_pylist()
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise NotFound(reference, f"fits {len(fitting)} tracks ({', '.join(fitting[:3])} ...)", "Name one of them.")
        raise NotFound(reference, f"not in the catalogue {self.path}", "Give a track id, a title, or a scanned path.")

    def _of_file(self, state: FileState) -> str:
        if state.track_id is None:
            raise NotFound(state.path, f"its analysis failed: {state.problem}", state.remedy or "")
        return state.track_id

    def _cell(self, track_id: str, column: str, model_id: str):
        if self._tracks is not None and column in self._tracks.schema.names:
            found = self._query(columns=[column], filter=f"track_id = '{track_id}'")[column].to_pylist()
            if found and found[0] is not None:
                return found[0]
        raise NotFound(track_id, f"not analysed with model {model_id!r}", "Scan with that model first.")

    def _query(self, columns: list[str], **query) -> pa.Table:
        """One scan of the tracks table; what is wrong with a filter becomes a QueryError."""
        try:
            return self._tracks.scanner(columns=columns, **query).to_table()
        except (ValueError, OSError) as error:
            message = str(error).split(", /", 1)[0].split(" Valid fields are", 1)[0]
            message = message.removeprefix("Invalid user input: ").strip(" .")
            remedy = f"The fields are: {', '.join(self.fields())}."
            raise QueryError(query.get("filter") or query.get("full_text_query") or "query", message, remedy) from error

    def _paths_by_track(self, track_ids: list[str] | None = None) -> dict[str, list[str]]:
        paths: dict[str, list[str]] = {}
        few = track_ids is not None and len(track_ids) <= FEW
        where = _among("track_id", track_ids) if few else "track_id IS NOT NULL"
        table = self._files.to_table(columns=["track_id", "path"], filter=where)
        for track_id, path in zip(table["track_id"].to_pylist(), table["path"].to_pylist(), strict=True):
            paths.setdefault(track_id, []).append(path)
        return {track_id: sorted(found) for track_id, found in paths.items()}

    def _with_paths(self, table: pa.Table) -> pa.Table:
        track_ids = table["track_id"].to_pylist()
        by_track = self._paths_by_track(track_ids)
        paths = [by_track.get(track_id, []) for track_id in track_ids]
        return table.add_column(1, "paths", pa.array(paths, pa.list_(pa.string())))


def _among(column: str, values: list[str]) -> str:
    """The filter that `column` is one of `values`; nothing is one of none."""
    names = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({names})" if names else "false"


def _alike(rows: Iterable[dict]) -> list[list[dict]]:
    """Rows that fill the same columns together: a whole analysis, and one of some parts only, are written apart."""
    groups: dict[frozenset, list[dict]] = {}
    for row in rows:
        groups.setdefault(frozenset(row), []).append(row)
    return list(groups.values())


def _upsert(table: lance.LanceDataset, key: str, rows: pa.Table) -> None:
    try:
        table.merge_insert(key).when_matched_update_all().when_not_matched_insert_all().execute(rows)
    except OSError as error:
        remedy = "Free space or mend its permissions, then run the scan again: it goes on where it stopped."
        raise CatalogueError(table.uri, f"cannot be written ({error})", remedy) from error


def _file_row(key: bytes, state: FileState) -> dict:
    return asdict(state) | {"key": key, "path": printable(state.path), "seen_at": int(time.time())}


def _file_state(row: dict) -> FileState:
    path = os.fsdecode(row["key"])
    fields = ("size", "mtime_ns", "stamp", "track_id", "problem", "remedy")
    return FileState(path, **{name: row[name] for name in fields})
