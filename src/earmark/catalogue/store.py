"""The store of a catalogue: a folder with its tables, what is written to them and what is asked of them.

``tracks`` holds one row a recording, keyed by the hash of its audio; ``files`` one row a path, which leads to a track
or to the reason why there is none. What a track shows, its files included, is also in one column of its row
(`earmark.catalogue.shown`); ``files`` decides, and every write of files packs the rows of their tracks anew.
What is large and read for one track at a time, the activations over time, is in ``steps``. Every write is one atomic
version of one table, steps before tracks before files: killed in between, a scan finds the file unknown and the track
known, and only adds the path. A fourth table, ``corrections``, holds what users know better; it is laid over every new
analysis. ``documents`` holds what users make, such as playlists. ``earprints/`` holds the spectrograms, where a scan
was told to keep them.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from earmark.analysis import TAGS, Analysis, split_versions
from earmark.audio import addresses
from earmark.audio.discover import SUFFIXES
from earmark.audio.earprint import earprint_name
from earmark.audio.earprint_head import is_track_id
from earmark.catalogue import filters, own, sung
from earmark.catalogue import map as mapping
from earmark.catalogue.checksums import update_sums
from earmark.catalogue.corrections import (
    YES,
    apply_corrections,
    apply_tag_corrections,
    check_correction,
    is_tag,
    rivals,
)
from earmark.catalogue.documents import Document, read_documents, write_documents
from earmark.catalogue.files import SEEN, FileState, SeenFiles, file_of_row, row_of_file
from earmark.catalogue.filters import Filter
from earmark.catalogue.filters.expression import Kind
from earmark.catalogue.keys import either_spelling, stored_value
from earmark.catalogue.lock import locked, writing
from earmark.catalogue.map import Map
from earmark.catalogue.migrations import VERSION, Tell, migrate, version_of
from earmark.catalogue.mirror import MIRRORED, write_mirror, write_notes
from earmark.catalogue.place import Place
from earmark.catalogue.places import (
    DRAFT,
    EARPRINTS,
    check_place,
    has_table,
    look_over,
    missing_table,
    rows_of,
    table_path,
)
from earmark.catalogue.query import Query
from earmark.catalogue.recent import RECENT
from earmark.catalogue.recordings import (
    WORDED,
    after_writing,
    columns_of_files,
    in_any_file,
    lyrics_of,
    shown_text,
)
from earmark.catalogue.schema import (
    CORRECTIONS,
    DOCUMENTS,
    FILES,
    HEARD,
    SHOWN,
    activations_column,
    answer_columns,
    base_schema,
    descriptor_columns,
    embedding_column,
    heard_tags,
    is_machine,
    is_own,
    kind_of,
    row_of,
    schema_for,
    steps_row,
    steps_schema,
    sure_tags,
)
from earmark.catalogue.shown import (
    Found,
    Shown,
    listed_columns,
    packed_columns,
    shown_of,
    unpack_shown,
    vector_in,
    vectors_of,
    with_shown,
)
from earmark.catalogue.steps import unpack_activations, unpack_embedding, unpack_movement
from earmark.catalogue.tables import FEW, Table, decoded, full_text, order
from earmark.catalogue.track import Hit, ModelRef, Track, Warned, track_of
from earmark.catalogue.where import Where, place_of
from earmark.catalogue.words import parse_words, plain_name
from earmark.descriptors import DESCRIPTORS
from earmark.errors import CatalogueError, NotFound, QueryError
from earmark.formats import clock
from earmark.tagger.model import Activations, Model
from earmark.tagger.tagset import Tagset
from earmark.teaching.taught import Taught

MIN_PREFIX = 4  # digits of a track_id that are enough where they are unique
TIDY_EVERY = 64  # writes of one process
INDEXED_FROM = 50_000  # tracks, from which likeness and the columns of `INDEXED` are looked up in an index
INDEXED = {
    "artist": "BTREE", "album": "BTREE", "year": "BTREE", "tempo": "BTREE", "duration": "BTREE",
    "genre": "BITMAP", "key": "BITMAP",
}  # fmt: skip
"""Columns that filters name most, and the kind of their index. Ranges that half of all tracks fit are found sooner
without one, so loudness, energy and probabilities have none.
"""
MANY = 1000  # tracks that are settled together, where most of a catalogue is
AMBIGUOUS = 8  # tracks that are named where a reference fits several


class Store:
    """Opens a catalogue folder, or makes one where `create` is given.

    Raises
    ------
    CatalogueError : there is no catalogue, it was made by a newer earmark, or it cannot be read
    """

    def __init__(self, path: Where, create: bool = False) -> None:
        self.path = place_of(path)
        if create:
            self._create()
        check_place(self.path)
        self._files = Table(table_path(self.path, "files"))
        version_of(self._files)
        self._tracks = self._open("tracks")
        self._corrections = self._open("corrections")
        self._documents = self._open("documents")
        self._steps = self._open("steps")
        self._alone, self._n_writes = False, 0
        self._hiding: tuple[int, bool] | None = None  # version of the table of tracks, `_hides_some`
        self._corrected: tuple[int, dict] | None = None  # version of the table of corrections, all of them
        self._taught: tuple[int, dict[str, Taught]] | None = None  # version of the table, `taught`
        look_over(self.path, self._tables().values())

    def _tables(self) -> dict[str, Table]:
        """Those that are there, by name."""
        named = {
            "files": self._files,
            "tracks": self._tracks,
            "corrections": self._corrections,
            "documents": self._documents,
            "steps": self._steps,
        }
        return {name: table for name, table in named.items() if table is not None}

    def _open(self, table: str) -> Table | None:
        return Table(table_path(self.path, table)) if has_table(self.path, table) else None

    def _create(self) -> None:
        """An empty catalogue, where there is none yet."""
        if has_table(self.path, "files") or missing_table(self.path):
            return
        try:
            self.path.make_folder()
        except OSError as error:
            raise CatalogueError(self.path, f"cannot be made ({error.strerror})", "Choose another folder.") from error
        strangers = [name for name in self.path.entries() if not name.startswith("scan.lock")]
        if strangers and not any(name.endswith(".lance") for name in strangers):
            problem = f"the folder holds other things ({', '.join(sorted(strangers)[:3])})"
            raise CatalogueError(self.path, problem, "Name a new or an empty folder.")
        with locked(self.path):
            Table.create(table_path(self.path, "files"), FILES.with_metadata({"schema_version": str(VERSION)}))

    def refresh(self) -> None:
        """See what other processes have written since."""
        for table in self._tables().values():
            table.refresh()
        for name in ("tracks", "corrections", "documents", "steps"):
            if getattr(self, f"_{name}") is None:
                setattr(self, f"_{name}", self._open(name))

    def migrate(self, tell: Tell = lambda what, share: None) -> None:
        """Bring a catalogue of an older earmark up to date; the caller holds the lock of scans."""
        migrate(self._files, self._tracks, tell)
        self.refresh()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While the caller holds the lock of scans and adds much: what a table does not hold, it is not asked for."""
        self._alone = True
        try:
            self._remember()
            yield
        finally:
            self._alone = False
            for table in self._tables().values():
                table.forget()

    def _remember(self) -> None:
        if self._alone:
            self._files.remember("key", "track_id")
            for table in filter(None, (self._tracks, self._steps)):
                table.remember("track_id")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Nobody else writes meanwhile, and what was written before is seen."""
        self._files.check_place()  # a lock would make the folder anew
        with writing(self.path):
            self.refresh()
            yield

    # -- what model made it ---------------------------------------------------------------------------------------

    def model(self) -> ModelRef | None:
        """The model of the last scan; None while nothing was scanned."""
        note = self._files.metadata.get("model")
        if note is None:
            return None
        with decoded(self._files.path):
            return _model_of(note)

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

    def roots(self) -> list[str]:
        """The folders that were scanned into it."""
        with decoded(self._files.path):
            return [str(root) for root in json.loads(self._files.metadata.get("roots", "[]"))]

    def note_roots(self, folders: Iterable[str]) -> None:
        """Add to `roots`."""
        roots = sorted({*self.roots(), *folders})
        if roots != self.roots():
            self._files.note(roots=json.dumps(roots))

    # -- writing --------------------------------------------------------------------------------------------------

    def write(self, analyses: Iterable[Analysis], files: Iterable[FileState]) -> None:
        """Add or replace tracks (by track_id) and files (by path), tracks first.

        An analysis of some parts only replaces the columns of these parts; the others stay as they are. What a track
        shows of its files follows, also for tracks that a file no longer leads to. Tables are tidied at times, so that
        the thousandth write costs what the first one did.
        """
        with self._writing():
            self._write(analyses, files)
            self._n_writes += 1
            if self._n_writes % TIDY_EVERY == 0:
                self._tidy_tables()

    def _write(self, analyses: Iterable[Analysis], files: Iterable[FileState]) -> None:
        analyses, files = {analysis.track_id: analysis for analysis in analyses}, {file.path: file for file in files}
        before = self._files_among("key", map(os.fsencode, files))
        touched = {file.track_id for file in (*before, *files.values())} | analyses.keys()
        self._settle(touched - {None}, analyses, files.values())

    def _settle(
        self, track_ids: set[str], analyses: dict[str, Analysis] | None = None, files: Iterable[FileState] = ()
    ) -> None:
        """Write files, analyses, and what these tracks show of all their files."""
        kept = self._files_among("track_id", track_ids)
        after = after_writing(kept, files)
        self._write_tracks(analyses or {}, {track_id: after.get(track_id, []) for track_id in track_ids})
        failed = [file for file in files if file.track_id is None]
        changed = {file for holders in after.values() for file in holders} - set(kept)
        if failed or changed:
            self._files.upsert("key", [row_of_file(file) for file in (*failed, *changed)])

    def _files_among(self, column: str, values: Iterable) -> list[FileState]:
        return [file_of_row(row) for row in self._files.read_among(column, values).to_pylist()]

    def _write_tracks(self, analyses: dict[str, Analysis], files: dict[str, list[FileState]]) -> None:
        if analyses:
            self._grow_for(analyses.values())
            self._write_steps(analyses.values())
        if self._tracks is None:
            return
        kept, corrections = self.versions(list(analyses)), self.corrections(list(analyses))
        taught, rows = self.taught(), {}
        self._tracks.add_columns(own.schema_of(taught.values()))
        for track_id, analysis in analyses.items():
            said = corrections.get(track_id, {})
            corrected = apply_corrections(analysis.descriptors, said)
            row = row_of(_with_word(analysis, said), kept.get(track_id, {}), corrected)
            rows[track_id] = row | self._heard(analysis, said) | _own_row(analysis, taught)
        sure = self._sure_tags(files) | {i: _sure_of(row) for i, row in rows.items() if "tags" in row}
        for track_id in sure.keys() | rows.keys():
            row = rows.setdefault(track_id, {"track_id": track_id})
            row |= columns_of_files(files[track_id], *sure.get(track_id, ((), ())))
        if rows:
            self._tracks.upsert("track_id", list(rows.values()), lambda whole: with_shown(whole, files))

    def _write_steps(self, analyses: Iterable[Analysis]) -> None:
        if rows := [steps_row(analysis) for analysis in analyses if analysis.activations is not None]:
            self._steps.upsert("track_id", rows)

    def _sure_tags(self, track_ids: Iterable[str]) -> dict[str, tuple[list[str], list[str]]]:
        """track_id -> the tags that the tagger was sure of, and the user's own, of those tracks that are kept."""
        columns = [name for name in ("track_id", "tags", own.TAGS) if name in self._tracks.schema.names]
        rows = self._tracks.read_among("track_id", track_ids, columns).to_pylist()
        return {row["track_id"]: _sure_of(row) for row in rows}

    def _grow_for(self, analyses: Iterable[Analysis]) -> None:
        """Make the table of tracks, or give it the columns that these analyses fill."""
        tagged = next((analysis for analysis in analyses if analysis.activations is not None), None)
        if tagged:
            self._steps = self._grown("steps", steps_schema(tagged.model_id))
        schema = schema_for(tagged.tagset, tagged.model_id, tagged.embedding.size) if tagged else base_schema()
        is_new = self._tracks is None
        self._tracks = self._grown("tracks", schema)
        if is_new:
            self._tracks.index_words("text")

    def _grown(self, name: str, schema: pa.Schema) -> Table:
        """A table that has these columns at least, made where there is none."""
        table = self._tables().get(name)
        if table is None:
            self._files.check_place()
            table = Table.create(table_path(self.path, name), schema)
            if self._alone:
                table.remember("track_id")
        table.add_columns(schema)
        return table

    def correct(self, track_id: str, field: str, value: str | None) -> None:
        """Let a user's word win over the estimate, now and in every later scan; None takes it back.

        Raises
        ------
        QueryError : the field cannot be corrected, or not to that value
        NotFound : there is no such track
        """
        self.track(track_id)  # raises NotFound
        with self._writing():
            self._correct(track_id, field, value)

    def _correct(self, track_id: str, field: str, value: str | None) -> None:
        self._corrections = self._grown("corrections", CORRECTIONS)
        key = f"{track_id} {field}"
        if value is None:
            self._corrections.delete_among("key", [key])
        else:
            tagset = self.scanned_model().tagset
            check_correction(field, value, tagset)
            if value == YES:
                said = self.corrections([track_id]).get(track_id, {})
                former = [f"{track_id} {other}" for other in rivals(field, tagset) if said.get(other) == YES]
                self._corrections.delete_among("key", former)
            self._corrections.upsert("key", [{"key": key, "track_id": track_id, "field": field, "value": value}])
        write_mirror(self._corrections, "corrections")
        self._lay_corrections(track_id)

    def lay_corrections(self) -> None:
        """Lay every correction over its track anew, where the track is there."""
        if self._corrections is not None:
            corrected = set(self._corrections.read(["track_id"])["track_id"].to_pylist())
            for track_id in sorted(corrected & self.track_ids() - set(self.without_files())):
                self._lay_corrections(track_id)

    def _lay_corrections(self, track_id: str) -> None:
        track, columns = self.track(track_id), {"track_id": track_id}
        for name in DESCRIPTORS:
            columns |= descriptor_columns(name, track.descriptors.get(name))
        columns |= self._tag_columns(track)
        self._tracks.upsert("track_id", [columns], lambda whole: with_shown(whole, {track_id: track.files}))

    def _tag_columns(self, track: Track) -> dict:
        """What follows from a track's tags where a user has said something on them, now or before."""
        is_said = any(map(is_tag, track.corrections))
        if not is_said and HEARD not in self._tracks.schema.names:
            return {}
        self._tracks.add_columns(pa.schema([(HEARD, pa.string())]))
        row = self._tracks.read_among("track_id", [track.track_id]).to_pylist()[0]
        heard = heard_tags(row)
        if heard is None and not is_said:
            return {}
        answers = answer_columns(track.analysis)
        text = columns_of_files(list(track.files), answers["tags"], row.get(own.TAGS) or ())
        return answers | {HEARD: json.dumps(heard or []) if is_said else None} | text

    def _heard(self, analysis: Analysis, said: dict[str, str]) -> dict:
        """What the model alone was sure of, where a user's word is written in its place."""
        is_said = TAGS in analysis.versions and any(map(is_tag, said))
        if is_said:
            self._tracks.add_columns(pa.schema([(HEARD, pa.string())]))
        elif TAGS not in analysis.versions or HEARD not in self._tracks.schema.names:
            return {}
        return {HEARD: json.dumps(sure_tags(analysis)) if is_said else None}

    def corrections(self, track_ids: list[str]) -> dict[str, dict[str, str]]:
        """track_id -> field -> the user's value, of those tracks that have any."""
        every = self._all_corrections()
        return {track_id: dict(every[track_id]) for track_id in track_ids if track_id in every}

    def _all_corrections(self) -> dict[str, dict[str, str]]:
        """As `corrections`: people make few, so that all are kept at hand while their table has one version."""
        if self._corrections is None:
            return {}
        if self._corrected is None or self._corrected[0] != self._corrections.version:
            found: dict[str, dict[str, str]] = {}
            for row in self._corrections.read(["track_id", "field", "value"]).to_pylist():
                found.setdefault(row["track_id"], {})[row["field"]] = row["value"]
            self._corrected = self._corrections.version, found
        return self._corrected[1]

    def documents(self, kind: str) -> dict[str, Document]:
        """Id -> what users made of one kind, by name; a copy."""
        return read_documents(self._documents, kind)

    @contextmanager
    def changing_documents(self, kind: str) -> Iterator[dict[str, Document]]:
        """All documents of a kind, to be added to, changed or dropped; written in the end, as one change.

        Nobody else writes meanwhile, so what the block reads is the newest, and it should be short.
        """
        with self._writing():
            before, now = self.documents(kind), self.documents(kind)
            yield now
            self._documents = self._grown("documents", DOCUMENTS)
            if write_documents(self._documents, kind, before, now):
                write_mirror(self._documents, "documents")

    # -- the map --------------------------------------------------------------------------------------------------

    def map(self) -> Map | None:
        """The map as it was last kept; None where there is none."""
        document = self.documents(mapping.KIND).get(mapping.KIND)
        if document is None or self._tracks is None or mapping.COLUMNS[0] not in self._tracks.schema.names:
            return None
        table = self._tracks.read(["track_id", *mapping.COLUMNS], self._sql(None))
        with decoded(table_path(self.path, "documents")):
            return mapping.map_of(document, table)

    def keep_map(self, made: Map) -> None:
        """Write a map in place of the one that there is."""
        with self._writing():
            self._tracks.add_columns(mapping.SCHEMA)
            places = {"track_id": made.ids} | dict(zip(mapping.COLUMNS, made.xy.T.astype(np.float32), strict=True))
            self._tracks.update("track_id", pa.table(places))
            with self.changing_documents(mapping.KIND) as documents:
                documents[mapping.KIND] = made.to_document()

    # -- what users have taught -----------------------------------------------------------------------------------

    def taught(self) -> dict[str, Taught]:
        """Name -> what the user has taught: tags of their own, and groups of them."""
        if self._documents is None:
            return {}
        if self._taught is None or self._taught[0] != self._documents.version:
            self._taught = self._documents.version, self._read_taught(self.documents(own.KIND))
        return self._taught[1]

    def _read_taught(self, documents: dict[str, Document]) -> dict[str, Taught]:
        with decoded(table_path(self.path, "documents")):
            return {name: Taught.from_dict(values) for name, values in documents.items()}

    def teach(self, name: str, change: Callable[[Taught | None], Taught]) -> Taught:
        """Change what is taught under a name, fit it to its examples, and write it to every track.

        change : is given what there is now, None where nothing is
        """
        with self.changing_documents(own.KIND) as documents:
            before = self._read_taught(documents).get(name)
            after = self._fitted(change(before))
            documents[name] = after.to_dict()
        self._lay_own(own.schema_of([before] if before else []).names)
        return after

    def unteach(self, name: str) -> None:
        """Forget what is taught under a name, and drop its columns."""
        with self.changing_documents(own.KIND) as documents:
            before = self._read_taught(documents).get(name)
            documents.pop(name, None)
        self._lay_own(own.schema_of([before] if before else []).names)

    def renew_taught(self, lay: bool = False) -> list[str]:
        """Fit anew what was fitted to the embeddings of another model; returns their names.

        lay : write every tag to every track, too, as after a repair
        """
        model, old = self.model(), []
        if model is None or not self.taught():
            return old
        if any(one.model_id != model.id for one in self.taught().values()):
            with self.changing_documents(own.KIND) as documents:
                old = [one for one in self._read_taught(documents).values() if one.model_id != model.id]
                documents |= {one.name: self._fitted(replace(one, version=one.version + 1)).to_dict() for one in old}
        if old or lay:
            self._lay_own()
        return [one.name for one in old]

    def _fitted(self, taught: Taught) -> Taught:
        model_id = self.scanned_model().id
        ids, vectors = self.vectors(model_id)
        if not ids:
            return replace(taught, model_id=model_id, head=None)
        artists = self._tracks.read(["track_id", "artist"])
        named = dict(zip(artists["track_id"].to_pylist(), artists["artist"].to_pylist(), strict=True))
        return taught.fitted(ids, vectors, lambda i: plain_name(named.get(i)), model_id)

    def _lay_own(self, former: Iterable[str] = ()) -> None:
        """Write the user's own tags to every track; former : columns that there may be no tag for any more."""
        with self._writing():
            if self._tracks is None:
                return
            many, model_id = list(self.taught().values()), self.scanned_model().id
            schema = own.schema_of(many)
            self._tracks.add_columns(schema)
            rows = self._tracks.read(["track_id", "text"])
            ids = rows["track_id"].to_pylist()
            values = own.values_in_order(many, ids, *self.vectors(model_id), model_id)
            self._lay_own_words(ids, rows["text"].to_pylist(), values[own.TAGS])
            if many and ids:
                told = {name: pa.array(values[name], schema.field(name).type) for name in schema.names}
                self._tracks.update("track_id", pa.table({"track_id": ids} | told))
            self._tracks.drop_columns(set(former) - set(schema.names))
            self._tidy_tables()

    def _lay_own_words(self, ids: list[str], texts: list[str | None], names: list[list[str]]) -> None:
        words = [own.with_own_words(text, some) for text, some in zip(texts, names, strict=True)]
        changed = [i for i, (text, new) in enumerate(zip(texts, words, strict=True)) if (text or "") != new]
        if changed:
            told = {"track_id": [ids[i] for i in changed], "text": [words[i] for i in changed]}
            self._tracks.update("track_id", pa.table(told))

    def forget(self, paths: Iterable[str]) -> None:
        """Drop paths; a track that no other path leads to is kept, but is no answer any more."""
        keys = [os.fsencode(path) for path in paths]
        if not keys:
            return
        with self._writing():
            led_to = {file.track_id for file in self._files_among("key", keys)}
            self._files.delete_among("key", keys)
            self._settle_many(led_to - {None})

    def _settle_many(self, track_ids: Iterable[str]) -> None:
        track_ids = sorted(track_ids)
        for start in range(0, len(track_ids), MANY):
            self._settle(set(track_ids[start : start + MANY]))

    def reconcile(self) -> None:
        """Count the files of every track anew, should a scan have been killed between two tables."""
        if self._tracks is None:
            return
        led_to = self._files.read(["track_id"], pc.field("track_id").is_valid())["track_id"].combine_chunks()
        paths, counted = led_to.value_counts(), self._tracks.read(["track_id", "n_files"])
        right = paths.field("counts").take(pc.index_in(counted["track_id"], paths.field("values")))
        differs = pc.not_equal(pc.fill_null(right, 0), pc.fill_null(counted["n_files"], -1))
        if wrong := counted["track_id"].filter(differs).to_pylist():
            with self._writing():
                self._settle_many(wrong)

    def without_files(self) -> list[str]:
        """The ids of the tracks that no path leads to: they wait for the return of their file."""
        if self._tracks is None:
            return []
        return sorted(self._tracks.read(["track_id"], pc.field("n_files") == 0)["track_id"].to_pylist())

    def drop(self, track_ids: Iterable[str]) -> None:
        """Drop tracks for good, with their earprints; corrections stay, should the music come back."""
        track_ids = list(track_ids)
        with self._writing():
            for table in filter(None, (self._tracks, self._steps)):  # in this order: see `check`
                table.delete_among("track_id", track_ids)
        for track_id in filter(is_track_id, track_ids):
            self.earprint_path(track_id).remove()

    @property
    def earprints(self) -> Place:
        """The folder of the earprints that are kept; it may not be there."""
        return self.path / EARPRINTS

    def earprint_path(self, track_id: str) -> Place:
        """Where a track's earprint lies, if it is kept; raises AudioError for what is no id of a track."""
        return self.earprints / earprint_name(track_id)

    def tidy(self) -> None:
        """Index what is searched, join small fragments and drop old versions, which small batches leave behind.

        Each only as far as there is need of it; the caller holds the lock of scans.
        """
        with self._writing():
            self._tidy_tables()
            self._index_vectors()
            for name in MIRRORED.keys() & self._tables().keys():
                write_mirror(self._tables()[name], name)
        write_notes(self._files)
        update_sums(self.path)

    def _tidy_tables(self) -> None:
        self._files.index("key", "BTREE")
        for table in filter(None, (self._files, self._tracks, self._steps)):
            table.index("track_id", "BTREE")
        if self._tracks is not None:
            self._renew_words()
            self._index_columns()
        for name, table in self._tables().items():
            table.tidy(rows_of(name))

    def _index_columns(self) -> None:
        if len(self._tracks) < INDEXED_FROM:
            return
        for column in INDEXED.keys() & set(self._tracks.schema.names):
            self._tracks.index(column, INDEXED[column])
        if "differs" in self._files.schema.names:  # which every filter by names asks for
            self._files.index("differs", "BITMAP")

    def _index_vectors(self) -> None:
        """Once exact search is too slow: seconds for 100,000 tracks, and again whenever there are four times as many.

        In between, new tracks join the index that is there.
        """
        model = self.model()
        if self._tracks is None or model is None or len(self._tracks) < INDEXED_FROM:
            return
        column = embedding_column(model.id)
        if column in self._tracks.schema.names:
            self._tracks.index_vectors(column)

    def sweep(self) -> None:
        """Drop all versions but the newest, and what killed scans left; the caller holds the lock of scans."""
        with self._writing():
            for name, table in self._tables().items():
                table.sweep(rows_of(name))
        for folder in (self.path, self.earprints):
            for draft in filter(lambda name: name.startswith(DRAFT), folder.entries()):
                (folder / draft).remove()
        update_sums(self.path)

    def _renew_words(self) -> None:
        """Text of a former form is made and indexed anew."""
        if self._tracks.has_words():
            return
        names = self._tracks.schema.names
        rows = self._tracks.read(["track_id", *WORDED, *(name for name in ("tags", own.TAGS) if name in names)])
        if len(rows):
            texts = [shown_text(row) for row in rows.to_pylist()]
            self._tracks.update("track_id", pa.table({"track_id": rows["track_id"], "text": texts}))
            self._settle_many(rows["track_id"].to_pylist())
        self._tracks.index_words("text")

    # -- files ----------------------------------------------------------------------------------------------------

    def files(self) -> dict[str, FileState]:
        """Every path that was ever seen, by path."""
        states = map(file_of_row, self._files.read().to_pylist())
        return {state.path: state for state in states}

    def seen(self, folders: Iterable[str]) -> Mapping[str, FileState]:
        """How every path in these folders was last seen, by path, without its tags: a tenth of what `files` costs."""
        names, where = self._files.schema.names, _any_below("key", folders)
        return SeenFiles(self._files.read([name for name in SEEN if name in names], where, use_scalar_index=False))

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

    # -- tracks ---------------------------------------------------------------------------------------------------

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

    def compared(self, names: list[str], model_id: str, where: Filter | None = None) -> tuple[pa.Table, np.ndarray]:
        """Id and some fields of all tracks that fit and that a model has analysed; their vectors, float32 [n, dim].

        ``_rowid`` is where the row of a track lies, as long as `state` stays the same.

        Raises CatalogueError where that model has analysed none.
        """
        column = self._embedding_column(model_id)
        table = self._tracks.read(["track_id", *names, column], self._sql(where), with_row_id=True)
        table = table.filter(pc.field(column).is_valid()) if table[column].null_count else table
        vectors = pc.list_flatten(table[column]).to_numpy().reshape(len(table), -1)
        return table.drop_columns([column]), vectors.astype(np.float32)

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

    def keep_lyrics_vectors(self, made: list[tuple[str, str | None, np.ndarray | None]]) -> None:
        """Write vectors of lyrics: id, what it was made of, float [dim]; both None to take it away."""
        with self._writing():
            self._tracks.add_columns(sung.SCHEMA)
            self._tracks.update("track_id", sung.rows_of(made))

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

    # -- what a reference means -----------------------------------------------------------------------------------

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


@lru_cache(maxsize=4)
def _model_of(note: str) -> ModelRef:
    values = json.loads(note)
    return ModelRef(values["name"], values["id"], values["version"], Tagset.from_dict(values["tagset"]))


def _with_word(analysis: Analysis, said: dict[str, str]) -> Analysis:
    """The analysis with the user's word on its tags."""
    if TAGS not in analysis.versions:
        return analysis
    return replace(analysis, tags=apply_tag_corrections(analysis.tags, said, analysis.tagset))


@lru_cache(maxsize=16)
def _own_columns(names: tuple[str, ...]) -> list[str]:
    return [name for name in names if is_own(name)]


def _own_row(analysis: Analysis, taught: dict[str, Taught]) -> dict:
    """The columns of the user's own tags, where the analysis has told tags."""
    if TAGS not in analysis.versions or not taught:
        return {}
    vectors = None if analysis.activations is None else analysis.embedding[None].astype(np.float16)
    values = own.values_of(list(taught.values()), [analysis.track_id], vectors, analysis.model_id)
    return {column: many[0] for column, many in values.items()}


def _sure_of(row: dict) -> tuple[list[str], list[str]]:
    """The tagger's sure tags and the user's own, of a row of tracks."""
    return row["tags"] or [], row.get(own.TAGS) or []


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


def _any_below(column: str, folders: Iterable[str]) -> pc.Expression:
    """Rows whose path, as bytes, is one of the folders or lies in one."""
    fits, key = pc.scalar(False), pc.field(column)
    for folder in folders:
        first = os.fsencode(os.path.join(folder, ""))
        fits |= (key == os.fsencode(folder)) | ((key >= first) & (key < first[:-1] + b"0"))  # 0 follows the slash
    return fits
