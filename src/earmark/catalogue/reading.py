"""What is asked of a catalogue: its files, its tracks, what fits a query, what a reference means."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache, partial, reduce
from operator import or_

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from earmark.analysis import split_versions
from earmark.audio import addresses
from earmark.audio.discover import SUFFIXES
from earmark.audio.earprint_head import is_track_id
from earmark.catalogue import filters, own, sung
from earmark.catalogue.files import SEEN, FileState, SeenFiles, file_of_row
from earmark.catalogue.filters import Filter
from earmark.catalogue.filters.expression import Kind
from earmark.catalogue.keys import either_spelling, stored_value
from earmark.catalogue.opened import Opened
from earmark.catalogue.places import table_path
from earmark.catalogue.query import Query
from earmark.catalogue.recent import RECENT
from earmark.catalogue.recordings import after_writing, in_any_file, lyrics_of
from earmark.catalogue.schema import SHOWN, activations_column, embedding_column, is_machine, is_own, kind_of
from earmark.catalogue.shown import (
    Found,
    Shown,
    listed_columns,
    packed_columns,
    shown_of,
    unpack_shown,
    vector_in,
    vectors_of,
)
from earmark.catalogue.steps import unpack_activations, unpack_embedding, unpack_movement
from earmark.catalogue.tables import FEW, Table, chunks, decoded, full_text, order
from earmark.catalogue.track import Hit, Track, Warned, track_of
from earmark.catalogue.words import parse_words
from earmark.errors import CatalogueError, NotFound, QueryError
from earmark.formats import clock
from earmark.tagger.model import Activations

MIN_PREFIX = 4  # digits of a track_id that are enough where they are unique
AT_ONCE = 4096  # rows that are compared and in memory
FOLDERS = 6  # that are looked into at once
AMBIGUOUS = 8  # tracks that are named where a reference fits several


class Reading(Opened):
    """A catalogue that is read."""

    def files(self) -> dict[str, FileState]:
        """Every path that was ever seen, by path."""
        states = map(file_of_row, self._files.read().to_pylist())
        return {state.path: state for state in states}

    def seen(self, folders: Iterable[str]) -> Mapping[str, FileState]:
        """How every path in these folders was last seen, by path, without its tags: a tenth of what `files` costs."""
        names = [name for name in SEEN if name in self._files.schema.names]
        wanted = [*_rows_below("key", folders)] or [pc.scalar(False)]
        return SeenFiles(pa.concat_tables(self._files.read(names, some, use_scalar_index=False) for some in wanted))

    def sizes(self) -> set[int]:
        """The bytes of every file that was ever seen."""
        return set(pc.unique(self._files.read(["size"])["size"]).to_pylist())

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, by path."""
        rows = self._files.read(where=pc.field("track_id").is_null()).to_pylist()
        return sorted(map(file_of_row, rows), key=lambda state: state.path)

    def warnings(self) -> list[Warned]:
        """Every file that was analysed with a warning, by path."""
        if self._tracks is None or "warnings" not in self._tracks.schema.names:
            return []
        rows = self._tracks.read(["track_id", "warnings"], pc.field("warnings").is_valid()).to_pylist()
        warned = {row["track_id"]: tuple(row["warnings"]) for row in rows}
        files = self._files.read_among("track_id", warned, ["key", "track_id"]).to_pylist()
        found = [Warned(os.fsdecode(file["key"]), i := file["track_id"], warned[i]) for file in files]
        return sorted(found, key=lambda one: one.path)

    def __len__(self) -> int:
        """How many tracks, of those that a path leads to."""
        return 0 if self._tracks is None else self._tracks.count(self._sql(None))

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
        texts = table["analysis_version"].to_pylist()
        known = {text: split_versions(text) for text in set(texts)}  # few, whatever the number of tracks
        return {track_id: known[text] for track_id, text in zip(table["track_id"].to_pylist(), texts, strict=True)}

    def kinds(self) -> dict[str, Kind]:
        """Column -> ``text``, ``number``, ``time``, ``flag`` or ``list``, of everything that can be filtered."""
        schema = self._tracks.schema if self._tracks is not None else []
        return {column.name: kind_of(column) for column in schema if not is_machine(column.name)}

    def filter(self, where: str | Filter | None) -> Filter | None:
        """The filter that a text means; raises QueryError that names the nearest columns."""
        if where is None or not isinstance(where, str):
            return where
        return filters.parse_filter(where, self.kinds(), normalise=stored_value)

    def _sql(self, where: Filter | None, exact: Filter | None = None) -> str | None:
        """The filter as the table of tracks understands it; a track that no path leads to is no answer.

        exact : of the columns of that table as they are
        """
        where = in_any_file(where, self._tracks_with)
        if self._hides_some():
            where = filters.both(where, filters.Compare("n_files", "gt", 0))
        if own.TAGS in self._tracks.schema.names:
            where = own.in_own_tags(where)
        where = filters.both(where and either_spelling(where), exact)
        return None if where is None else filters.to_sql(where)

    def _hides_some(self) -> bool:
        """Whether there are tracks that no path leads to; most catalogues have none, and then nothing is filtered."""
        if "n_files" not in self._tracks.schema.names:  # of an older earmark
            return False
        if self._hiding is None or self._hiding[0] != self._tracks.version:
            self._hiding = self._tracks.version, self._tracks.count("n_files > 0") < len(self._tracks)
        return self._hiding[1]

    def _tracks_with(self, condition: Filter) -> list[str]:
        """The tracks that have a file which fits and whose tags they do not show."""
        if "differs" not in self._files.schema.names:
            return []
        where = filters.to_sql(filters.both(filters.Compare("differs", "eq", 1), condition))
        return sorted(set(self._files.read(["track_id"], where)["track_id"].to_pylist()))

    def table(self, where: str | Filter | None = None) -> pa.Table:
        """All tracks that fit, as an Arrow table: ``track_id``, ``paths``, ``title`` ... a column for every field."""
        if self._tracks is None:
            return pa.table({"track_id": pa.array([], pa.string()), "paths": pa.array([], pa.list_(pa.string()))})
        found = self._tracks.read(list(self.kinds()), self._sql(self.filter(where)))
        ids = found["track_id"].to_pylist()
        by_track = self._paths(ids)
        paths = [by_track.get(track_id, []) for track_id in ids]
        return found.add_column(1, "paths", pa.array(paths, pa.list_(pa.string())))

    def columns(self, names: list[str], where: Filter | None = None) -> pa.Table:
        """Some fields of all tracks that fit; raises QueryError where there is no such field."""
        kinds = self.kinds()
        for name in names:
            if name not in kinds:
                raise QueryError(name, "no field of the catalogue", filters.nearest_fields(name, kinds))
        return self._tracks.read(names, self._sql(where)) if self._tracks is not None else pa.table({})

    @property
    def state(self) -> tuple:
        """What changes whenever the table of tracks does: for what is kept of it in memory."""
        return self._tracks.identity if self._tracks is not None else (str(self.path),)

    def compared(
        self, names: list[str], model_id: str, where: Filter | None = None
    ) -> Iterator[tuple[pa.RecordBatch, np.ndarray]]:
        """Id and some fields of all tracks that fit and that a model has analysed, and their vectors, some at a time.

        ``_rowid`` is where the row of a track lies, as long as `state` stays the same. Vectors are [n, dim], of the
        type that they are stored in.

        Raises CatalogueError where that model has analysed none.
        """
        column = self._embedding_column(model_id)
        names = ["track_id", *names, column]
        for rows in self._tracks.batches(names, AT_ONCE, self._sql(where), with_row_id=True):
            known = rows.filter(pc.field(column).is_valid()) if rows[column].null_count else rows
            vectors = pc.list_flatten(known[column]).to_numpy().reshape(len(known), -1)
            yield known.drop_columns([column]), vectors

    def _embedding_column(self, model_id: str) -> str:
        column = embedding_column(model_id)
        if self._tracks is None or column not in self._tracks.schema.names:
            problem = f"no track analysed with model {model_id!r}"
            raise CatalogueError(self.path, problem, "Scan with that model.")
        return column

    def found_at(self, places: list[int], model_id: str) -> list[Found]:
        """What the tracks at these places of `compared` show, with their vectors of a model, in this order."""
        return self._found(places, model_id)

    def courses(self, track_ids: list[str], model_id: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
        """track_id -> times, float32 [steps], and embedding over time, float32 [steps, dim], of those that are kept."""
        return self._over_time(track_ids, model_id, unpack_embedding)

    def movements(
        self, track_ids: list[str], model_id: str
    ) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
        """track_id -> times, weights and directions as of `earmark.catalogue.steps.unpack_movement`, as `courses`."""
        return self._over_time(track_ids, model_id, unpack_movement)

    def _over_time(self, track_ids: list[str], model_id: str, unpack: Callable[[bytes], tuple]) -> dict[str, tuple]:
        column, left, found = activations_column(model_id), list(track_ids), {}
        for table in (self._steps, self._tracks):  # in the second up to version 4, as in `activations`
            if table is None or column not in table.schema.names or not left:
                continue
            rows = table.read_among("track_id", left, ["track_id", column])
            pairs = zip(rows["track_id"].to_pylist(), rows[column].to_pylist(), strict=True)
            with decoded(table.path):
                found |= {track_id: unpack(packed) for track_id, packed in pairs if packed is not None}
            left = [track_id for track_id in left if track_id not in found]
        return found

    def select(self, query: Query) -> list[Hit]:
        """The page that a query asks for.

        Raises
        ------
        QueryError : the words or the field to sort by are not understood
        CatalogueError : no track was analysed with the model of the likeness
        """
        return self.hits(self.find(query))

    def find(self, query: Query, model_id: str | None = None) -> list[Found]:
        """`select` before the tracks are made of what was found, which costs more than to find it.

        model_id : whose vectors are wanted as well
        """
        if self._tracks is None:
            return []
        if query.like is not None:
            return self._nearest(query, model_id)
        if query.words.strip():
            return self._fitting(query, model_id)
        if query.sort is not None:
            return self._found(self._sorted(query), model_id)
        page = self._tracks.first_places(self._sql(query.where), query.limit, query.offset)
        return self._found(page, model_id)

    def hits(self, found: Iterable[Found]) -> list[Hit]:
        """The answers that were found, as tracks."""
        found = list(found)
        tracks = self._tracks_of(found)
        return [Hit(track, one.similarity, one.relevance) for track, one in zip(tracks, found, strict=True)]

    def _found(self, places: list[int], model_id: str | None = None) -> list[Found]:
        """What the rows of tracks at these places show, in their order."""
        return self._opened(places, self._packed(places), model_id)

    def _packed(self, places: list[int]) -> list[bytes | None]:
        if SHOWN not in self._tracks.schema.names:
            return [None] * len(places)
        return RECENT.read(
            self._tracks.identity, places, lambda some: self._tracks.take(some, [SHOWN])[SHOWN].to_pylist()
        )

    def _opened(self, places: list[int], packed: list[bytes | None], model_id: str | None) -> list[Found]:
        names = self._tracks.schema.names
        listed, vector = listed_columns(names), embedding_column(model_id) if model_id is not None else None
        with decoded(self._tracks.path):
            shown = [None if data is None else unpack_shown(data, listed) for data in packed]
        lacking = [place for place, one in zip(places, shown, strict=True) if one is None]
        rest = iter(self._from_columns(lacking, packed_columns(names)) if lacking else ())
        shown = [next(rest) if one is None else one for one in shown]
        if owned := _own_columns(tuple(names)):  # these change for all tracks at once: packed in none
            told = self._tracks.take(places, owned).to_pylist()
            shown = [replace(one, row=one.row | more) for one, more in zip(shown, told, strict=True)]
        return [Found(one, one.vectors.get(vector)) for one in shown]

    def _from_columns(self, places: list[int], columns: list[str]) -> Iterator[Shown]:
        """What rows show that were not packed yet: of a catalogue of an older earmark."""
        rows = self._tracks.take(places, columns)
        files = after_writing(self._files_among("track_id", rows["track_id"].to_pylist()), ())
        return shown_of(rows, files)

    def _fitting(self, query: Query, model_id: str | None) -> list[Found]:
        """By BM25; a catalogue that was indexed by an older earmark takes the text as it is."""
        words = parse_words(query.words)
        if not words.terms:
            return []
        asked = words.text if self._tracks.has_words() is False else full_text(words, "text")
        options = {"full_text_query": asked, "limit": query.last, "prefilter": True, "with_row_id": True}
        rows = self._tracks.read(["_score"], self._sql(query.where), **options)
        found = self._found(rows["_rowid"].to_pylist(), model_id)
        found = [replace(one, relevance=x) for one, x in zip(found, rows["_score"].to_pylist(), strict=True)]
        return sorted(found, key=lambda one: (-one.relevance, one.track_id))[query.offset :]

    def _nearest(self, query: Query, model_id: str | None) -> list[Found]:
        """By cosine; the filter holds before the ranking, so that n tracks come back if n fit."""
        column = self._embedding_column(query.like.model_id)
        own = query.like.besides  # left out afterwards: a filter would look at every id
        likely = self._tracks.nearest(column, query.like.vector, query.last + len(own), self._sql(query.where))
        packed = self._packed(likely)
        cosines = cosines_with(query.like.vector, self._vectors(likely, packed, column))
        best = [i for i in np.argsort(-cosines, kind="stable").tolist() if not np.isnan(cosines[i])]
        best = best[: query.last + len(own)]
        found = self._opened([likely[i] for i in best], [packed[i] for i in best], model_id)
        found = [Found(one.shown, one.vector, float(cosines[i])) for one, i in zip(found, best, strict=True)]
        return [one for one in found if one.track_id not in own][query.offset : query.last]

    def _vectors(self, places: list[int], packed: list[bytes | None], column: str) -> list[np.ndarray | None]:
        if None in packed:
            return vectors_of(self._tracks.take(places, [column])[column])
        with decoded(self._tracks.path):
            return [vector_in(data, column) for data in packed]

    def _sorted(self, query: Query) -> list[int]:
        """Where the rows of the page lie, in order."""
        column = query.sort.removeprefix("-")
        if column not in self.kinds():
            raise QueryError(query.sort, "no field to sort by", filters.nearest_fields(column, self.kinds()))
        by = [order(column, column == query.sort)] + ([order("track_id")] if column != "track_id" else [])
        page = {"order_by": by, "limit": query.limit, "offset": query.offset, "with_row_id": True}
        columns, where = list({"track_id": 0, column: 0}), self._sql(query.where, query.beyond)
        return self._tracks.read(columns, where, **page)["_rowid"].to_pylist()

    def _tracks_of(self, found: list[Found]) -> list[Track]:
        if not found:
            return []
        model, corrections = self.scanned_model(), self.corrections([one.track_id for one in found])
        taught, told = self.taught().values(), partial(decoded, self._tracks.path)
        with told():
            return [
                track_of(
                    one.row, model, one.files, corrections.get(one.track_id, {}), own.told_tags(one.row, taught), told
                )
                for one in found
            ]

    def one(self, track_id: str, model_id: str | None = None) -> Found | None:
        """What a track shows, and its vector of a model; None where there is no such track."""
        if self._tracks is None:
            return None
        places = self._tracks.places(filters.to_sql(filters.Compare("track_id", "eq", track_id)))
        return next(iter(self._found(places, model_id)), None)

    def named(self, reference: str | os.PathLike, model_id: str | None = None) -> Found:
        """What the track shows that `resolve` means, and its vector of a model: most often in one look-up.

        Raises NotFound as `resolve` and `embedding` do.
        """
        found = self.one(os.fspath(reference), model_id) if is_track_id(os.fspath(reference)) else None
        if found is None or not found.files:
            found = self.one(self.resolve(reference), model_id)
        if model_id is not None and found.vector is None:
            raise _not_analysed(found.track_id, model_id)
        return found

    def track(self, track_id: str, curves: bool = False) -> Track:
        """One track by its id, with its activations where `curves` are wanted; raises NotFound."""
        found = self.one(track_id)
        if found is None:
            raise NotFound(track_id, f"not in the catalogue {self.path}", "Give the id of a track that was scanned.")
        if not found.files:
            raise NotFound(track_id, "none of its files is there any more", "Scan the folder that they are in now.")
        return self._track_of(found, curves)

    def meant(self, reference: str | os.PathLike, curves: bool = False) -> Track:
        """`track` of what `resolve` means, most often in one look-up; raises NotFound as both do."""
        found = self.one(os.fspath(reference)) if is_track_id(os.fspath(reference)) else None
        if found is None or not found.files:
            return self.track(self.resolve(reference), curves)
        return self._track_of(found, curves)

    def _track_of(self, found: Found, curves: bool) -> Track:
        track = self._tracks_of([found])[0]
        if not curves:
            return track
        activations = self.activations(found.track_id, track.analysis.model_id)
        return replace(track, analysis=replace(track.analysis, activations=activations))

    def tracks(self, track_ids: Sequence[str]) -> list[Track]:
        """Tracks by their ids, in this order, read at once; raises NotFound as `track` does."""
        places = self._tracks.places_among("track_id", track_ids) if self._tracks is not None else []
        known = {track.track_id: track for track in self._tracks_of(self._found(places)) if track.files}
        return [known.get(track_id) or self.track(track_id) for track_id in track_ids]

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
        return _cell(self._tracks, track_id, embedding_column(model_id), model_id)

    def activations(self, track_id: str, model_id: str) -> Activations:
        """The model's outputs for one track over time (half precision); NotFound as `embedding`."""
        column = activations_column(model_id)
        with decoded(table_path(self.path, "steps")):
            try:
                return unpack_activations(_cell(self._steps, track_id, column, model_id))
            except NotFound:  # up to version 4, and while that is brought up to date, it is with the track
                return unpack_activations(_cell(self._tracks, track_id, column, model_id))

    def has_lyrics(self) -> bool:
        """Whether the catalogue has room for lyrics: those of an older earmark have not, until a scan."""
        return self._tracks is not None and "lyrics" in self._tracks.schema.names

    def lyrics(self, track_id: str) -> str:
        """The words of a song as its files bring them; empty where none does."""
        return lyrics_of(self._files_among("track_id", [track_id]))

    def unread_lyrics(self, encoder: str) -> dict[str, str | None]:
        """track_id -> what its vector of lyrics is to be made of, where it is not; None: its words are gone."""
        if not self.has_lyrics():
            return {}
        has = sung.VECTOR in self._tracks.schema.names
        condition = f"lyrics IS NOT NULL OR {sung.OF} IS NOT NULL" if has else "lyrics IS NOT NULL"
        rows = self._tracks.read(["track_id", "lyrics", *([sung.OF] if has else [])], condition)
        if not has:
            rows = rows.append_column(sung.OF, pa.nulls(len(rows), pa.string()))
        return dict(sung.stale_in(rows, encoder))

    def texts(self, track_ids: list[str]) -> dict[str, str]:
        """track_id -> the words of its song, of those that have any."""
        files: dict[str, list[FileState]] = {}
        for file in self._files_among("track_id", track_ids):
            files.setdefault(file.track_id, []).append(file)
        return {track_id: text for track_id, some in files.items() if (text := lyrics_of(some))}

    def has_lyrics_vectors(self) -> bool:
        """Whether any track has one."""
        if self._tracks is None or sung.VECTOR not in self._tracks.schema.names:
            return False
        return len(self._tracks.read(["track_id"], f"{sung.OF} IS NOT NULL", limit=1)) > 0

    def some_lyrics_vectors(self, n: int) -> np.ndarray:
        """The vectors of the n tracks with the lowest ids of those that have one, float32 [m, dim]."""
        if not self.has_lyrics_vectors():
            return np.zeros((0, sung.DIM), np.float32)
        ids = self._tracks.read(["track_id"], f"{sung.OF} IS NOT NULL")["track_id"].to_pylist()
        return self.lyrics_vectors(sorted(ids)[:n])[1]

    def lyrics_vectors(self, track_ids: list[str] | None = None) -> tuple[list[str], np.ndarray]:
        """The ids, and the vectors float32 [n, dim], of these tracks or of all that have one."""
        if self._tracks is None or sung.VECTOR not in self._tracks.schema.names:
            return [], np.zeros((0, sung.DIM), np.float32)
        names = ["track_id", sung.VECTOR]
        if track_ids is not None:
            return sung.vectors_in(self._tracks.read_among("track_id", track_ids, names))
        return sung.vectors_in(self._tracks.read(names, f"{sung.VECTOR} IS NOT NULL"))

    def tracks_at(self, paths: Iterable[str]) -> dict[str, str]:
        """Path -> the track that it leads to, of those of these paths that lead to one."""
        found = self._files.read_among("key", [os.fsencode(path) for path in paths], ["key", "track_id"])
        pairs = zip(found["key"].to_pylist(), found["track_id"].to_pylist(), strict=True)
        return {os.fsdecode(key): track_id for key, track_id in pairs if track_id is not None}

    def embeddings(self, model_id: str, track_ids: list[str] | None = None) -> dict[str, np.ndarray]:
        """track_id -> vector, float [dim], of these tracks or of all that this model has analysed."""
        return dict(zip(*self.vectors(model_id, track_ids), strict=True))

    def vectors(self, model_id: str, track_ids: list[str] | None = None) -> tuple[list[str], np.ndarray]:
        """The ids, and the vectors float16 [n, dim], of these tracks or of all that this model has analysed."""
        column = embedding_column(model_id)
        if self._tracks is None or column not in self._tracks.schema.names:
            return [], np.zeros((0, 0), np.float16)
        names = ["track_id", column]
        table = self._tracks.read(names) if track_ids is None else self._tracks.read_among("track_id", track_ids, names)
        table = table.filter(pc.field(column).is_valid())
        vectors = pc.list_flatten(table[column]).to_numpy().reshape(len(table), table[column].type.list_size)
        return table["track_id"].to_pylist(), vectors

    def resolve(self, reference: str | os.PathLike) -> str:
        """The track_id meant by an id, the beginning of one, a path, or a title that only one track has.

        Raises
        ------
        NotFound : nothing fits, several tracks do, or the file's analysis failed
        """
        reference = os.fspath(reference)
        if is_track_id(reference) and self._some_ids(filters.Compare("track_id", "eq", reference)):
            return reference
        key = os.fsencode(addresses.place_of(reference))
        by_path = self._files.read(where=pc.field("key") == key).to_pylist()
        if by_path:
            return _track_of_file(file_of_row(by_path[0]))
        fitting = self._by_prefix(reference) or self._by_title(reference)
        if len(fitting) == 1 or reference in fitting:
            return reference if reference in fitting else fitting[0]
        if fitting:
            raise NotFound(reference, f"fits several tracks: {self._listed(fitting)}", "Name one by its id or path.")
        remedy = "Give a track id, a title, or a scanned path."
        if _is_path(reference) and not os.path.exists(reference):
            raise NotFound(reference, f"no such file, and no track of that name in the catalogue {self.path}", remedy)
        raise NotFound(reference, f"not in the catalogue {self.path}", remedy)

    def _listed(self, track_ids: list[str]) -> str:
        """What tells tracks of one name apart: ids, paths, albums and lengths."""
        tracks = self._tracks_of(self._found(self._tracks.places_among("track_id", track_ids)))
        told = [
            ", ".join(filter(None, (track.path, track.analysis.file_tags.album, clock(track.duration))))
            for track in tracks
        ]
        listed = sorted(f"{track.track_id[:8]} ({text})" for track, text in zip(tracks, told, strict=True))
        return "; ".join(listed) + (" ..." if len(listed) == AMBIGUOUS else "")

    def _by_prefix(self, reference: str) -> list[str]:
        if len(reference) < MIN_PREFIX:
            return []
        return self._some_ids(filters.Between("track_id", reference, reference + "\U0010ffff"))

    def _by_title(self, title: str) -> list[str]:
        return self._some_ids(filters.Compare("title", "eq", title.lower(), "lower"))

    def _some_ids(self, where: Filter) -> list[str]:
        if self._tracks is None:
            return []
        return sorted(self._tracks.read(["track_id"], self._sql(where), limit=AMBIGUOUS)["track_id"].to_pylist())


@lru_cache(maxsize=16)
def _own_columns(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if is_own(name)]


def _is_path(reference: str) -> bool:
    """Whether someone who wrote this meant a file."""
    suffix = os.path.splitext(reference)[1].lower()
    return suffix in SUFFIXES or os.path.basename(reference) != reference


def _track_of_file(state: FileState) -> str:
    if state.track_id is None:
        raise NotFound(state.path, f"its analysis failed: {state.problem}", state.remedy or "")
    return state.track_id


def _cell(table: Table | None, track_id: str, column: str, model_id: str):
    if table is not None and column in table.schema.names:
        found = table.read([column], pc.field("track_id") == track_id)[column].to_pylist()
        if found and found[0] is not None:
            return found[0]
    raise _not_analysed(track_id, model_id)


def _not_analysed(track_id: str, model_id: str) -> NotFound:
    return NotFound(track_id, f"not analysed with model {model_id!r}", "Scan with that model first.")


def cosines_with(vector: list[float], others: list[np.ndarray | None]) -> np.ndarray:
    """The cosine of a vector with each of others, [n]; NaN for None."""
    one, found = np.asarray(vector, np.float32), np.full(len(others), np.nan)
    known = [i for i, other in enumerate(others) if other is not None]
    if known:
        matrix = np.stack([others[i] for i in known]).astype(np.float32)
        lengths = np.sqrt((matrix * matrix).sum(axis=1)) * np.linalg.norm(one)
        found[known] = matrix @ one / np.maximum(lengths, 1e-9)
    return found


def _rows_below(column: str, roots: Iterable[str]) -> Iterator[pc.Expression]:
    """Expressions that no row fits two of: rows whose path, as bytes, is one of the roots or lies in one.

    What Lance is sent of conditions that stand in each other doubles with each of them, 679 MB for 18 folders; so few
    folders go into one expression, and files, which may be thousands, into a list.
    """
    key, files, folders = pc.field(column), [], []
    for root in _apart(roots):
        (files if os.path.isfile(root) else folders).append(root)
    for some in chunks(map(os.fsencode, files)):
        yield key.isin(some)
    for some in chunks(folders, FOLDERS):
        yield reduce(or_, (_below(key, folder) for folder in some))


def _apart(roots: Iterable[str]) -> list[str]:
    """Those that lie in no other."""
    kept: list[str] = []
    for root in sorted(set(roots), key=lambda root: os.path.join(root, "")):
        if not kept or not root.startswith(os.path.join(kept[-1], "")):
            kept.append(root)
    return kept


def _below(key: pc.Expression, folder: str) -> pc.Expression:
    first = os.fsencode(os.path.join(folder, ""))
    return (key == os.fsencode(folder)) | ((key >= first) & (key < first[:-1] + b"0"))  # 0 follows the slash
