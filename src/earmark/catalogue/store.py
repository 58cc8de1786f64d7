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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from earmark.analysis import TAGS, Analysis
from earmark.audio.earprint_head import is_track_id
from earmark.catalogue import map as mapping
from earmark.catalogue import own, sung
from earmark.catalogue.checksums import update_sums
from earmark.catalogue.corrections import (
    YES,
    apply_corrections,
    apply_tag_corrections,
    check_correction,
    is_tag,
    rivals,
)
from earmark.catalogue.documents import Document, write_documents
from earmark.catalogue.files import FileState, file_of_row, row_of_file
from earmark.catalogue.jsonl import read_lines, write_lines
from earmark.catalogue.lock import locked, writing
from earmark.catalogue.map import Map
from earmark.catalogue.migrations import VERSION, Tell, migrate
from earmark.catalogue.mirror import MIRRORED, write_mirror, write_notes
from earmark.catalogue.places import DRAFT, has_table, missing_table, rows_of, table_path
from earmark.catalogue.reading import Reading
from earmark.catalogue.recordings import WORDED, after_writing, columns_of_files, shown_text
from earmark.catalogue.schema import (
    CORRECTIONS,
    DOCUMENTS,
    FILES,
    HEARD,
    answer_columns,
    base_schema,
    descriptor_columns,
    embedding_column,
    heard_tags,
    row_of,
    schema_for,
    steps_row,
    steps_schema,
    sure_tags,
)
from earmark.catalogue.shown import with_shown
from earmark.catalogue.tables import Table
from earmark.catalogue.track import Track
from earmark.catalogue.where import Where, place_of
from earmark.catalogue.words import plain_name
from earmark.descriptors import DESCRIPTORS
from earmark.errors import CatalogueError, NotFound
from earmark.tagger.model import Model
from earmark.tagger.tagset import Tagset
from earmark.teaching.taught import Taught

TIDY_EVERY = 64  # writes of one process
INDEXED_FROM = 50_000  # tracks, from which likeness and the columns of `INDEXED` are looked up in an index
INDEXED = {
    "artist": "BTREE", "album": "BTREE", "year": "BTREE", "tempo": "BTREE", "duration": "BTREE",
    "genre": "BITMAP", "key": "BITMAP",
}  # fmt: skip
"""Columns that filters name most, and the kind of their index. Ranges that half of all tracks fit are found sooner
without one, so loudness, energy and probabilities have none.
"""
CORRECTING = "correcting.jsonl"  # names the track of a correction while it is written
MANY = 1000  # tracks that are settled together, where most of a catalogue is


class Store(Reading):
    """Opens a catalogue folder, or makes one where `create` is given.

    Raises
    ------
    CatalogueError : there is no catalogue, it was made by a newer earmark, or it cannot be read
    """

    def __init__(self, path: Where, create: bool = False) -> None:
        self.path = place_of(path)
        if create:
            self._create()
        self._alone, self._n_writes = False, 0
        super().__init__(self.path)

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

    def set_model(self, model: Model, name: str) -> None:
        """Note the model that the next analyses are made with, and the name that it is found by."""
        info = model.info
        note = json.dumps({"name": name, "id": info.id, "version": info.version, "tagset": info.tagset.to_dict()})
        if self._files.metadata.get("model") != note:
            self._files.note(model=note)

    def note_roots(self, folders: Iterable[str]) -> None:
        """Add to `roots`."""
        roots = sorted({*self.roots(), *folders})
        if roots != self.roots():
            self._files.note(roots=json.dumps(roots))

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
        tagset = self.scanned_model().tagset
        if value is not None:
            check_correction(field, value, tagset)
        self._finish_corrections()
        write_lines(self.path / CORRECTING, [{"track_id": track_id}])
        self._note_correction(track_id, field, value, tagset)
        self._lay_corrections(track_id)
        (self.path / CORRECTING).remove()

    def _note_correction(self, track_id: str, field: str, value: str | None, tagset: Tagset) -> None:
        self._corrections = self._grown("corrections", CORRECTIONS)
        key = f"{track_id} {field}"
        if value is None:
            self._corrections.delete_among("key", [key])
        else:
            if value == YES:
                said = self.corrections([track_id]).get(track_id, {})
                former = [f"{track_id} {other}" for other in rivals(field, tagset) if said.get(other) == YES]
                self._corrections.delete_among("key", former)
            self._corrections.upsert("key", [{"key": key, "track_id": track_id, "field": field, "value": value}])
        write_mirror(self._corrections, "corrections")

    def _finish_corrections(self) -> None:
        """Lay what a process that was killed meanwhile has noted, and perhaps not laid over its track."""
        begun = read_lines(self.path / CORRECTING)
        for track_id in filter(is_track_id, (row.get("track_id") for row in begun)):
            with suppress(NotFound):
                self._lay_corrections(track_id)
        if begun:
            (self.path / CORRECTING).remove()

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

    def keep_map(self, made: Map) -> None:
        """Write a map in place of the one that there is."""
        with self._writing():
            self._tracks.add_columns(mapping.SCHEMA)
            places = {"track_id": made.ids} | dict(zip(mapping.COLUMNS, made.xy.T.astype(np.float32), strict=True))
            self._tracks.update("track_id", pa.table(places))
            with self.changing_documents(mapping.KIND) as documents:
                documents[mapping.KIND] = made.to_document()

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

    def tidy(self) -> None:
        """Index what is searched, join small fragments and drop old versions, which small batches leave behind.

        Each only as far as there is need of it; the caller holds the lock of scans.
        """
        with self._writing():
            self._finish_corrections()
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

    def keep_lyrics_vectors(self, made: list[tuple[str, str | None, np.ndarray | None]]) -> None:
        """Write vectors of lyrics: id, what it was made of, float [dim]; both None to take it away."""
        with self._writing():
            self._tracks.add_columns(sung.SCHEMA)
            self._tracks.update("track_id", sung.rows_of(made))


def _with_word(analysis: Analysis, said: dict[str, str]) -> Analysis:
    """The analysis with the user's word on its tags."""
    if TAGS not in analysis.versions:
        return analysis
    return replace(analysis, tags=apply_tag_corrections(analysis.tags, said, analysis.tagset))


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
