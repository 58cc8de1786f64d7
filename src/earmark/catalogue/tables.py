"""The Lance tables of a catalogue: opened, read, written, indexed and tidied. No other module imports lance.

Rows are named by Arrow expressions, in which values are bound; what users filter by is compiled by
`earmark.catalogue.filters`. No value is ever pasted into a query.
"""

import os
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("LANCE_LOG", "error")  # before lance is imported: it warns of its own deprecations

import lance
import pyarrow as pa
import pyarrow.compute as pc
from lance.dataset import ColumnOrdering

from earmark.errors import CatalogueError, QueryError

FEW = 500  # values named in one expression; more are asked for in several
KEEP_VERSIONS = timedelta(minutes=1)  # old versions that another process may still be reading


class Table:
    """One Lance table, at its newest version as of opening or `refresh`.

    Raises
    ------
    CatalogueError : it cannot be read
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._dataset = lance.dataset(str(path))
        except (ValueError, OSError) as error:
            raise CatalogueError(path, f"cannot be read ({error})", "Scan into a new folder.") from error

    @classmethod
    def create(cls, path: Path, schema: pa.Schema) -> "Table":
        """An empty table with these columns."""
        lance.write_dataset(schema.empty_table(), str(path))
        return cls(path)

    @property
    def schema(self) -> pa.Schema:
        """Names and types of the columns."""
        return self._dataset.schema

    @property
    def metadata(self) -> dict[str, str]:
        """What is noted about the table, by key."""
        return {key.decode(): value.decode() for key, value in (self.schema.metadata or {}).items()}

    def note(self, **entries: str) -> None:
        """Add or replace entries of the metadata."""
        self._dataset.update_schema_metadata(entries)

    def refresh(self) -> None:
        """See what other processes have written since; raises CatalogueError where the table is gone."""
        try:
            self._dataset.checkout_latest()
        except (ValueError, OSError) as error:
            raise CatalogueError(self.path, f"cannot be read ({error})", "Open the catalogue anew.") from error

    def __len__(self) -> int:
        return self._dataset.count_rows()

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
        """
        try:
            return self._dataset.scanner(columns=columns, filter=where, **options).to_table()
        except (ValueError, OSError) as error:
            message = str(error).split(", /", 1)[0].removeprefix("Invalid user input: ").strip(" .")
            remedy = "Write it otherwise, or report this query."
            raise QueryError(where or options.get("full_text_query") or "query", message, remedy) from error

    def read_among(self, column: str, values: Iterable, columns: list[str] | None = None) -> pa.Table:
        """The rows whose `column` is one of `values`, in no order."""
        parts = [self.read(columns, pc.field(column).isin(some)) for some in _chunks(values)]
        return pa.concat_tables(parts) if parts else self.read(columns, limit=0)

    # -- writing --------------------------------------------------------------------------------------------------

    def add_columns(self, schema: pa.Schema) -> None:
        """Give the table every column of `schema` that it lacks, filled with nulls."""
        missing = [field for field in schema if field.name not in self.schema.names]
        if missing:
            self._dataset.add_columns(pa.schema(missing))

    def upsert(self, key: str, rows: list[dict]) -> None:
        """Add rows or replace the columns that they have, matched by the column `key`; all rows have equal columns.

        Raises CatalogueError where the disk refuses.
        """
        schema = pa.schema([field for field in self.schema if field.name in rows[0]])
        merge = self._dataset.merge_insert(key).when_matched_update_all().when_not_matched_insert_all()
        try:
            merge.execute(pa.Table.from_pylist(rows, schema))
        except OSError as error:
            remedy = "Free space or mend its permissions, then run the scan again: it goes on where it stopped."
            raise CatalogueError(self.path, f"cannot be written ({error})", remedy) from error

    def delete_among(self, column: str, values: Iterable) -> None:
        """Drop the rows whose `column` is one of `values`."""
        for some in _chunks(values):
            self._dataset.delete(pc.field(column).isin(some))

    # -- upkeep ---------------------------------------------------------------------------------------------------

    def indexed(self) -> set[str]:
        """The columns that have an index."""
        return {column for index in self._dataset.describe_indices() for column in index.field_names}

    def index(self, column: str, kind: str) -> None:
        """Index a column, where it has no index yet; kind : ``BTREE`` for values, ``INVERTED`` for words."""
        if column not in self.indexed():
            self._dataset.create_scalar_index(column, kind)

    def tidy(self) -> None:
        """Join small fragments, bring indices up to date, drop old versions: small batches leave many of these."""
        self._dataset.optimize.compact_files()
        self._dataset.optimize.optimize_indices()
        self._dataset.cleanup_old_versions(older_than=KEEP_VERSIONS)


def order(column: str, ascending: bool = True) -> ColumnOrdering:
    """An element of the option ``order_by`` of `Table.read`; rows without a value come last."""
    return ColumnOrdering(column, ascending=ascending, nulls_first=False)


def _chunks(values: Iterable) -> Iterator[list]:
    values = list(values)
    return (values[start : start + FEW] for start in range(0, len(values), FEW))
