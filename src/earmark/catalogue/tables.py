"""The Lance tables of a catalogue: opened, read, written, indexed and tidied. No other module imports lance.

Rows are named by Arrow expressions, in which values are bound; what users filter by is compiled by
`earmark.catalogue.filters`. No value is ever pasted into a query.

Every call of Lance goes through `told`, the one place where its errors become ours.
"""

import errno
import math
import os
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import islice

os.environ.setdefault("LANCE_LOG", "error")  # before lance is imported: it warns of its own deprecations

import lance
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from lance.dataset import ColumnOrdering
from lance.query import BooleanQuery, FullTextOperator, FullTextQuery, MatchQuery, Occur, PhraseQuery

from earmark.catalogue.lease import expect_held
from earmark.catalogue.memory import Memory
from earmark.catalogue.objects import REMEDY
from earmark.catalogue.place import Place
from earmark.catalogue.storage import masked
from earmark.catalogue.where import Where, place_of
from earmark.catalogue.words import FORM, MAX_TOKEN, Term, Words
from earmark.errors import CatalogueError, QueryError, printable

FEW = 500  # values named in one expression; more are asked for in several
WORDS_INDEX = f"words_{FORM}"
WORDS_OPTIONS = {
    "base_tokenizer": "whitespace", "max_token_length": 4 * MAX_TOKEN, "with_position": True, "lower_case": False,
    "stem": False, "remove_stop_words": False, "ascii_folding": False,
}  # fmt: skip
"""The index leaves the text as `earmark.catalogue.words` has made it; its length is counted in bytes."""
ALL_WORDS = 9.0  # weight of having all words, above their own: such tracks come first
ROWS = 4096  # of a fragment, in which rows are joined that small batches have left behind;
SCATTERED = 64  # so many smaller ones may lie in a table before they are,
DELETED = 0.1  # and this share of a fragment's rows may be deleted ones
LOOKED_THROUGH = 4  # fragments in which a page is sought before an index is asked
UNINDEXED = 4096  # rows that an index may lack before it is brought up to date; every query looks through these
PARTITION = 4096  # vectors that an index of likeness keeps together,
PROBES = 10  # such partitions that a query looks into,
REFINED, AT_LEAST = 1.25, 4  # and a quarter more candidates that it proposes, or so many: see docs/scale.md
KEEP_VERSIONS = timedelta(minutes=1)  # old versions that another process may still be reading
WRITE_AGAIN = "Free space or mend its permissions, then run the same command again: what was done is kept."
PLACE = re.compile(r",? *(/home|/rustc|/root)/\S*\.rs:[\d:]+.*", re.DOTALL)  # where in its source Lance noticed it
MANIFEST, TRANSACTIONS = ".manifest", "_transactions"
FULL_OR_CLOSED = ("No space left", "Read-only", "Permission denied", "File too large", "Disk quota")


@cache
def _session() -> lance.Session:
    """What Lance keeps of tables in memory, once for all that this process opens."""
    return lance.Session()


class Table:
    """One Lance table, at its newest version as of opening or `refresh`.

    Raises
    ------
    CatalogueError : it cannot be read
    """

    def __init__(self, path: Where, version: int | None = None) -> None:
        self.path = place_of(path)
        with told(self.path):
            self._dataset = lance.dataset(
                self.path.uri, version=version, storage_options=self.path.options, session=_session()
            )
            self._place = self.path.identity()
        self._memories: dict[str, Memory] = {}
        self._schema: tuple[int, pa.Schema] | None = None  # with the version that it is of
        self._indexed: tuple[int, set[str]] | None = None  # the same
        self._late: _Late | None = None

    @classmethod
    def create(cls, path: Where, schema: pa.Schema) -> "Table":
        """An empty table with these columns, in a folder that is there; one that another process just made is taken."""
        path = place_of(path)
        expect_held(path.parent)
        if path.parent.identity() is None:
            raise _moved(path)
        try:
            with told(path, writing=True):
                lance.write_dataset(schema.empty_table(), path.uri, storage_options=path.options)
        except CatalogueError:
            if not is_table(path):
                raise
        return cls(path)

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the columns."""
        if self._schema is None or self._schema[0] != self.version:  # Lance makes it anew each time
            self._schema = self.version, self._dataset.schema
        return self._schema[1]

    @property
    def metadata(self) -> dict[str, str]:
        """What is noted about the table, by key."""
        return {key.decode(): value.decode() for key, value in (self.schema.metadata or {}).items()}

    def note(self, **entries: str) -> None:
        """Add or replace entries of the metadata."""
        with self._writing():
            self._dataset.update_schema_metadata(entries)

    def replace_notes(self, entries: dict[str, str]) -> None:
        """Let these be all entries of the metadata."""
        with self._writing():
            self._dataset.replace_schema_metadata(entries)

    def refresh(self) -> None:
        """See what other processes have written since; raises CatalogueError where the table is gone."""
        with told(self.path):
            self._dataset.checkout_latest()

    def __len__(self) -> int:
        with told(self.path):
            return self._dataset.count_rows()

    def count(self, where: str | None = None) -> int:
        """How many rows fit the compiled filter."""
        with told(self.path):
            return self._dataset.count_rows(where)

    # -- reading --------------------------------------------------------------------------------------------------

    def read(self, columns: list[str] | None = None, where: str | pc.Expression | None = None, **options) -> pa.Table:
        """One scan.

        Parameters
        ----------
        columns : all by default
        where : an expression, or the text of a compiled filter
        options : of `lance.LanceDataset.scanner`: limit, offset, order_by, nearest, full_text_query ...

        Raises
        ------
        QueryError : the store refuses the filter or the words
        CatalogueError : the table is damaged
        """
        try:
            with told(self.path):
                return self._dataset.scanner(columns=columns, filter=where, **options).to_table()
        except CatalogueError as error:
            typed = where if isinstance(where, str) else options.get("full_text_query")
            if typed is None or not str(error.__cause__).startswith("Invalid user input"):
                raise
            message = _brief(error.__cause__).removeprefix("Invalid user input: ")
            raise QueryError(typed, message, "Write it otherwise, or report this query.") from error

    def read_among(self, column: str, values: Iterable, columns: list[str] | None = None) -> pa.Table:
        """The rows whose `column` is one of `values`, in no order."""
        if column in self._memories:
            values = self._memories[column].among(values)
        parts = [self.read(columns, pc.field(column).isin(some)) for some in chunks(values)]
        return pa.concat_tables(parts) if parts else _without_rows(self.schema, columns)

    def places(self, where: str | pc.Expression | None = None, **options) -> list[int]:
        """Where the rows lie that `read` would find: for `take`, until something is written."""
        return self.read([], where, with_row_id=True, **options)["_rowid"].to_pylist()

    def first_places(self, where: str | None, limit: int, offset: int) -> list[int]:
        """As `places`, of a page of rows in no wanted order.

        An index finds all rows that fit, which may be half of a million, before the first of them is told. So a few
        fragments are looked through before any index is asked.
        """
        page = {"limit": limit, "offset": offset}
        if where is not None and self.indexed():
            with told(self.path):
                some = list(islice(self._dataset.get_fragments(), LOOKED_THROUGH))
            found = self.places(where, **page, fragments=some, use_scalar_index=False)
            if len(found) == limit:
                return found
        return self.places(where, **page)

    def places_among(self, column: str, values: Iterable) -> list[int]:
        """As `places`, of the rows whose `column` is one of `values`."""
        return [place for some in chunks(values) for place in self.places(pc.field(column).isin(some))]

    def take(self, places: list[int], columns: list[str]) -> pa.Table:
        """The rows at these places, in their order: ten times as fast as to look them up by a value."""
        if not places:
            return _without_rows(self.schema, columns)
        with told(self.path):
            return self._dataset._take_rows(places, columns)

    def remember(self, *columns: str) -> None:
        """From now on ask the table for no value of these columns that it does not hold.

        For the only process that adds rows: what others add is not noticed.
        """
        for column in columns:
            self._memories[column] = Memory(self.read([column])[column].to_pylist())

    def forget(self) -> None:
        """Take `remember` back: other processes may add rows again."""
        self._memories.clear()

    # -- writing --------------------------------------------------------------------------------------------------

    def add_columns(self, schema: pa.Schema) -> None:
        """Give the table every column of `schema` that it lacks, filled with nulls."""
        names = set(self.schema.names)
        missing = [field for field in schema if field.name not in names]
        if missing:
            with self._writing():
                self._dataset.add_columns(pa.schema(missing))

    def drop_columns(self, names: Iterable[str]) -> None:
        """Take columns away, where the table has them; no data is rewritten."""
        known = set(self.schema.names)
        if present := [name for name in names if name in known]:
            with self._writing():
                self._dataset.drop_columns(present)

    def upsert(self, key: str, rows: list[dict], finish: Callable[[pa.Table], pa.Table] | None = None) -> None:
        """Add rows or replace the columns that they have, matched by the column `key`; one version of the table.

        What it costs depends on these rows alone: whole rows are written, never columns of all rows beside them.

        finish : told the whole rows, it returns them with whatever follows from their other columns

        Raises CatalogueError where the disk refuses, or the table is no longer where it was.
        """
        present = {row[key]: row for row in self.read_among(key, [row[key] for row in rows]).to_pylist()}
        whole = pa.Table.from_pylist([present.get(row[key], {}) | row for row in rows], pa.schema(list(self.schema)))
        whole = finish(whole) if finish else whole
        with self._adding():
            if present:
                self._dataset.merge_insert(key).when_matched_update_all().when_not_matched_insert_all().execute(whole)
            else:
                self._dataset.insert(whole)
        for column, memory in self._memories.items():
            memory.add(whole[column].to_pylist())

    def update(self, key: str, rows: pa.Table) -> None:
        """Replace some columns of rows that are there; meant for most rows of a table at once.

        Fragments get new files for these columns, whatever the number of rows.
        """
        with self._adding(every=True):
            self._dataset.merge_insert(key).when_matched_update_all().execute(rows)

    def append(self, rows: pa.Table) -> None:
        """Add rows whose keys are not there yet."""
        with self._adding():
            self._dataset.insert(rows)

    def replace(self, batches: Iterable[pa.RecordBatch], schema: pa.Schema) -> None:
        """Other rows and columns in place of all that is there, as one version; it has no index any more."""
        reader = pa.RecordBatchReader.from_batches(schema, batches)
        with self._adding():
            how = {"mode": "overwrite", "max_rows_per_file": ROWS, "storage_options": self.path.options}
            self._dataset = lance.write_dataset(reader, self.path.uri, **how)

    def batches(self, columns: list[str], size: int, where: str | None = None, **options) -> Iterator[pa.RecordBatch]:
        """All rows that fit the compiled filter, `size` at a time; as they are now, whatever is written meanwhile."""
        options = {"columns": columns, "filter": where, "batch_size": size, "batch_readahead": 1, **options}
        with told(self.path):
            yield from self._dataset.scanner(**options).to_batches()

    @contextmanager
    def _adding(self, every: bool = False) -> Iterator[None]:
        """Take the new version back where a file of it is shorter than was written: so Lance meets a full disk.

        every : look at the files of former fragments too, which may have got new ones
        """
        with self._writing():
            before, known = self.version, {part.fragment_id for part in self._dataset.get_fragments()}
            yield
            if not self.path.is_local:  # objects are written whole or not at all
                return
            new = [part for part in self._dataset.get_fragments() if every or part.fragment_id not in known]
            files = [file for part in new for file in part.data_files()]
            if any((self.path / "data" / file.path).look().size < (file.file_size_bytes or 0) for file in files):
                self._dataset = self._dataset.checkout_version(before)
                self._dataset.restore()
                raise OSError(errno.ENOSPC, "No space left on device")

    def delete_among(self, column: str, values: Iterable) -> None:
        """Drop the rows whose `column` is one of `values`."""
        for some in chunks(values):
            with self._writing():
                self._dataset.delete(pc.field(column).isin(some))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Lance would make a folder anew that was moved away or unmounted meanwhile: nothing is written then."""
        self.check_place()
        with told(self.path, writing=True):
            yield

    def check_place(self) -> None:
        """Raise CatalogueError where the table is no longer where it was opened, or may not be written to any more."""
        expect_held(self.path.parent)
        if self.path.identity() != self._place:
            raise _moved(self.path)

    # -- upkeep ---------------------------------------------------------------------------------------------------

    def indexed(self) -> set[str]:
        """The columns that have an index."""
        if self._indexed is None or self._indexed[0] != self.version:
            with told(self.path):
                found = {column for index in self._dataset.describe_indices() for column in index.field_names}
            self._indexed = self.version, found
        return self._indexed[1]

    def index(self, column: str, kind: str) -> None:
        """Index a column, where it has no index yet; kind : ``BTREE`` for values, ``BITMAP`` for few different ones."""
        if column not in self.indexed():
            with self._writing():
                self._dataset.create_scalar_index(column, kind)

    def has_words(self) -> bool | None:
        """Whether the index of words is of today's form; None where there is none."""
        with told(self.path):
            names = {index.name for index in self._dataset.describe_indices() if "Inverted" in index.type_url}
        return WORDS_INDEX in names if names else None

    def index_words(self, column: str) -> None:
        """Index a column of `search_text` in place of any former index of it."""
        with self._writing():
            for index in self._dataset.describe_indices():
                if column in index.field_names:
                    self._dataset.drop_index(index.name)
            self._dataset.create_scalar_index(column, "INVERTED", name=WORDS_INDEX, **WORDS_OPTIONS)

    def index_vectors(self, column: str) -> None:
        """Index vectors for `nearest` by cosine, where there is no index yet or there are four times as many by now.

        One byte a dimension: candidates come from these, and are compared by the vectors themselves.
        """
        wanted = max(len(self) // PARTITION, 1)
        with self._writing():
            found = next((i.name for i in self._dataset.describe_indices() if column in i.field_names), None)
            if found is not None and wanted < 4 * self._n_partitions(found):
                return
            options = {"name": found, "replace": True, "num_partitions": wanted}
            self._dataset.create_index(column, "IVF_SQ", metric="cosine", **options)

    def _n_partitions(self, name: str) -> int:
        return self._dataset.stats.index_stats(name)["indices"][0].get("num_partitions", 1)

    def nearest(self, column: str, vector: list[float], k: int, where: str | None) -> list[int]:
        """Where the k rows lie whose vectors are most alike by cosine, nearest first, for `take`; `where` holds before.

        Rows that no index has yet are looked through. Without an index all are, and the answer is exact. An index
        measures by what it keeps of vectors: it proposes more than k, among which the caller compares.
        """
        q, options = np.asarray(vector, np.float32), {"prefilter": True, "with_row_id": True}
        asked = {"column": column, "q": q, "k": k, "metric": "cosine"}
        if column not in self.indexed():
            found = self.read(["_distance"], where, nearest=asked | {"use_index": False}, **options)
            return found.filter(found["_distance"].is_valid())["_rowid"].to_pylist()
        more = max(math.ceil(REFINED * k), k + AT_LEAST)
        asked |= {"k": more, "minimum_nprobes": PROBES}  # more of these where few rows fit
        found = self.read(["_distance"], where, nearest=asked, fast_search=True, **options)
        places, vectors = self._lately(column, where)
        places = np.r_[found["_rowid"].to_numpy(), places]
        distances = np.r_[found["_distance"].to_numpy(), 1 - vectors @ (q / max(float(np.linalg.norm(q)), 1e-9))]
        return places[np.argsort(distances, kind="stable")[:more]].tolist()

    def _lately(self, column: str, where: str | None) -> tuple[np.ndarray, np.ndarray]:
        """Where the rows lie that the index of vectors lacks, and these to length 1: uint64 [n], float32 [n, dim].

        They are few, and kept until something is written: for Lance to look through three costs more than its index.
        """
        if self._late is None or self._late.of != (self.version, column):
            self._late = self._read_late(column)
        late = self._late
        if where is None or not late.parts:
            return late.places, late.vectors
        fits = np.isin(late.places, self.places(where, fragments=late.parts))
        return late.places[fits], late.vectors[fits]

    def _read_late(self, column: str) -> "_Late":
        with told(self.path):
            indices = [index for index in self._dataset.describe_indices() if column in index.field_names]
            known = {number for index in indices for part in index.segments for number in part.fragment_ids}
            parts = [part for part in self._dataset.get_fragments() if part.fragment_id not in known]
        if not parts:
            return _Late((self.version, column), parts, np.zeros(0, np.uint64), np.zeros((0, self._dim(column)), "f4"))
        found = self.read([column], fragments=parts, with_row_id=True)
        found = found.filter(found[column].is_valid())
        vectors = pc.list_flatten(found[column]).to_numpy().reshape(-1, self._dim(column)).astype(np.float32)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return _Late((self.version, column), parts, found["_rowid"].to_numpy(), vectors)

    def _dim(self, column: str) -> int:
        return self.schema.field(column).type.list_size

    def recall(self, column: str, n: int, k: int) -> float | None:
        """The share of the k nearest that the index proposes, over n of the table's own vectors; None without index."""
        if column not in self.indexed():
            return None
        own, found, right = self._some_vectors(column, n), 0, 0
        for vector in own:
            asked = {"column": column, "q": vector, "k": k, "metric": "cosine", "use_index": False}
            exact = set(self.places(nearest=asked))
            found, right = found + len(exact & set(self.nearest(column, vector, k, None))), right + len(exact)
        return found / right if right else None

    def _some_vectors(self, column: str, n: int) -> list[list[float]]:
        """At even distances among those that there are."""
        total = self.count(f"{column} IS NOT NULL")
        every = max(total // n, 1)
        rows = (
            self.read([column], f"{column} IS NOT NULL", offset=start, limit=1)[column].to_pylist()
            for start in range(0, min(total, n * every), every)
        )
        return [vector for some in rows for vector in some]

    def tidy(self, rows: int = ROWS) -> None:
        """Join small fragments, bring indices up to date, drop old versions: each only where there is need of it.

        So a scan of one new song rewrites nothing. Nobody else may be writing: what no version has is dropped as well,
        since a writer that was killed has left it.

        rows : of the fragments that smaller ones are joined to; larger ones are left alone
        """
        with self._adding():
            if self._is_scattered(rows):
                self._dataset.optimize.compact_files(target_rows_per_fragment=rows)
            if behind := [name for name in self._index_names() if self._unindexed(name) >= UNINDEXED]:
                self._dataset.optimize.optimize_indices(index_names=behind)
            self._drop_versions(KEEP_VERSIONS)

    def _is_scattered(self, rows: int) -> bool:
        parts = [fragment.metadata for fragment in self._dataset.get_fragments()]
        deleted = [part.deletion_file.num_deleted_rows if part.deletion_file else 0 for part in parts]
        holed = any(n > DELETED * part.physical_rows for n, part in zip(deleted, parts, strict=True))
        return holed or sum(part.physical_rows < rows for part in parts) > SCATTERED

    def _index_names(self) -> list[str]:
        return [index.name for index in self._dataset.describe_indices()]

    def _unindexed(self, name: str) -> int:
        return self._dataset.stats.index_stats(name)["num_unindexed_rows"]

    def _drop_versions(self, older_than: timedelta | None) -> None:
        """Those older than this, or all but the newest, whatever the clock says."""
        local = self.path.is_local  # elsewhere a former holder of the lease may still be deleting: see `lease`
        last = 1 if older_than is None else None
        self._dataset.cleanup_old_versions(older_than, last, delete_unverified=local)
        if len(self._dataset.version_refs()) < 2:  # a second list of the same files, should one be damaged
            self.touch()

    def touch(self) -> None:
        """A new version with the same files."""
        with self._writing():
            self._dataset.update_schema_metadata({})

    def fence(self) -> None:
        """A version with the same rows that no write which began before goes with: Lance refuses all of these."""
        with self._writing():
            self._dataset.restore()

    def sweep(self, rows: int = ROWS) -> None:
        """`tidy` without waiting for need, and without any old version; the caller holds the lock of scans."""
        with self._adding():
            self._dataset.optimize.optimize_indices()  # first: only what the same indices have is joined
            self._dataset.optimize.compact_files(target_rows_per_fragment=rows)
            self._drop_versions(None)

    @property
    def version(self) -> int:
        """The number of the version that is read."""
        return self._dataset.version

    @property
    def identity(self) -> tuple:
        """What no other table has, nor another version of this one."""
        return str(self.path), *(self._place or ()), self.version

    def file_names(self) -> list[str]:
        """Every file that this version is made of, below the table's folder; no other version is looked at."""
        lists = [f"_versions/{number}.manifest" for number in (2**64 - 1 - self.version, self.version)]
        names = {name for name in lists if (self.path / name).exists()}
        names |= {name for fragment in self.fragments().values() for name in fragment.files}
        folders = [folder for found in self.index_files().values() for folder in found.split()]
        names |= {f"{folder}/{name}" for folder in folders for name, _ in (self.path / folder).files()}
        written = [name for name in (self.path / TRANSACTIONS).entries() if name.startswith(f"{self.version - 1}-")]
        return sorted(names | {f"{TRANSACTIONS}/{name}" for name in written if name.endswith(".txn")})

    def fragments(self) -> dict[int, "Fragment"]:
        """The fragments of this version by number."""
        with told(self.path):
            return {fragment.fragment_id: _described(fragment) for fragment in self._dataset.get_fragments()}

    def read_fragment(self, number: int) -> None:
        """Read every value of a fragment, and keep none; raises CatalogueError where it is damaged."""
        with told(self.path):
            for _ in self._dataset.get_fragment(number).to_batches(batch_size=256):
                pass

    def index_files(self) -> dict[str, str]:
        """Name -> the folders of every index's files, below the table's folder, joined by spaces."""
        with told(self.path):
            found = self._dataset.describe_indices()
            return {i.name: " ".join(f"_indices/{part.uuid}" for part in i.segments) for i in found}

    def read_index(self, name: str) -> None:
        """Read a whole index; raises CatalogueError where it is damaged."""
        with told(self.path):
            self._dataset.prewarm_index(name)

    def drop_fragments(self, numbers: list[int]) -> None:
        """A new version without these fragments; their files are not opened, so they may be damaged."""
        with self._writing():
            dropping = lance.LanceOperation.Delete([], numbers, "damaged")
            self._dataset = lance.LanceDataset.commit(self._dataset, dropping, read_version=self.version)

    def drop_index(self, name: str) -> None:
        """A new version without this index."""
        with self._writing():
            self._dataset.drop_index(name)


def is_table(path: Place) -> bool:
    """Whether a table is there, whole or not. One whose first version was never finished is not."""
    return any(name.endswith(MANIFEST) for name in (path / "_versions").entries())


@dataclass(frozen=True)
class Fragment:
    """A part of a table's rows: how many, and the files that hold them."""

    n_rows: int
    files: tuple[str, ...]


@dataclass(frozen=True)
class _Late:
    """The rows that an index of vectors lacks: of which version and column, in which fragments; see `Table._lately`."""

    of: tuple[int, str]
    parts: list
    places: np.ndarray
    vectors: np.ndarray


def _described(fragment) -> Fragment:
    deletions = fragment.deletion_file()
    files = [f"data/{file.path}" for file in fragment.data_files()] + ([deletions] if deletions else [])
    deleted = fragment.metadata.deletion_file.num_deleted_rows if deletions else 0
    return Fragment(fragment.metadata.physical_rows - deleted, tuple(files))


def full_text(words: Words, column: str) -> FullTextQuery:
    """The option ``full_text_query`` of `Table.read`: every phrase and, without one, any word; all words count most."""
    required = [(Occur.MUST, _any_form(term, column)) for term in words.terms if term.required]
    optional = [term for term in words.terms if not term.required]
    some = [(Occur.SHOULD, _any_form(term, column)) for term in optional]
    every = [(Occur.MUST, _any_form(term, column, ALL_WORDS)) for term in optional]
    return BooleanQuery([*required, *some, *([(Occur.SHOULD, BooleanQuery(every))] if len(every) > 1 else [])])


def _any_form(term: Term, column: str, boost: float = 1.0) -> FullTextQuery:
    return BooleanQuery([(Occur.SHOULD, _one_form(form, column, boost)) for form in term.forms])


def _one_form(form: str, column: str, boost: float) -> FullTextQuery:
    """Lance weighs no phrases, so the words of one bring the weight."""
    words = MatchQuery(form, column, boost=boost, operator=FullTextOperator.AND)
    return BooleanQuery([(Occur.MUST, words), (Occur.MUST, PhraseQuery(form, column))]) if " " in form else words


def order(column: str, ascending: bool = True) -> ColumnOrdering:
    """An element of the option ``order_by`` of `Table.read`; rows without a value come last."""
    return ColumnOrdering(column, ascending=ascending, nulls_first=False)


def _without_rows(schema: pa.Schema, columns: list[str] | None) -> pa.Table:
    return pa.schema([schema.field(name) for name in (columns or schema.names)]).empty_table()


def chunks(values: Iterable, n: int = FEW) -> Iterator[list]:
    """Values, n at a time."""
    values = list(values)
    return (values[start : start + n] for start in range(0, len(values), n))


# -- errors -------------------------------------------------------------------------------------------------------


@contextmanager
def told(path: Place, writing: bool = False) -> Iterator[None]:
    """Errors of Lance, Arrow and the disk, and panics of Lance's Rust code, as one CatalogueError with its remedy.

    path : of a table, in the folder of its catalogue
    """
    try:
        yield
    except CatalogueError:
        raise
    except BaseException as error:
        if not _is_of_lance(error):
            raise
        if writing and _is_of_disk(error):
            raise CatalogueError(path, f"cannot be written ({_brief(error)})", WRITE_AGAIN) from error
        if writing and not path.is_local:
            expect_held(path.parent)  # the next holder has fenced what was under way
            raise CatalogueError(path, f"cannot be written ({_brief(error, path)})", REMEDY) from error
        if not path.is_folder():
            raise _moved(path) from error
        raise CatalogueError(path, f"cannot be read ({_brief(error, path)})", repair_remedy(path.parent)) from error


@contextmanager
def decoded(path: Place) -> Iterator[None]:
    """What cannot be made of a table's JSON or bytes, though its columns could be read, is damage too."""
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, zlib.error) as error:
        problem = f"holds what earmark did not write ({type(error).__name__}: {_brief(error)})"
        raise CatalogueError(path, problem, repair_remedy(path.parent)) from error


def repair_remedy(folder: Place) -> str:
    """What to do about a damaged catalogue."""
    return f"Run `earmark catalogue repair {printable(str(folder))}`."


def _is_of_lance(error: BaseException) -> bool:
    """Arrow's errors are of these kinds too; a panic is a BaseException of a module that cannot be imported."""
    return isinstance(error, OSError | ValueError | RuntimeError) or type(error).__name__ == "PanicException"


def _is_of_disk(error: BaseException) -> bool:
    refused = getattr(error, "errno", None) in (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EPERM, errno.EDQUOT)
    return refused or any(word in str(error) for word in FULL_OR_CLOSED)


def _brief(error: BaseException, path: Place | None = None) -> str:
    """What Lance says, in one line without the lines of its source and without keys."""
    text = (
        PLACE.sub("", masked(str(error), path and path.options))
        .removeprefix("External error: ")
        .removeprefix("LanceError(IO): ")
    )
    return " ".join(text.split())[:200].strip(" .,") or type(error).__name__


def _moved(path: Place) -> CatalogueError:
    remedy = "Bring the folder back to its place, then run the same command again: what was done is kept."
    return CatalogueError(path, "was moved, deleted or unmounted", remedy)
