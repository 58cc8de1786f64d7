"""The manifest: one data set as rows of text.

A manifest on disk is a UTF-8 CSV with the column ``path`` (relative to the file) and any label columns; ``split``
(train, valid, test), ``fold``, ``song``, ``artist`` and ``duplicate`` are optional and mean what their names say.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from earmark.errors import DataError

GROUPING = ("song", "artist", "artist_id", "artist_name", "duplicate")  # rows that share one are never divided
PLACEHOLDERS = {"", "unknown", "unknown artist", "various", "various artists", "va", "n/a", "na", "nan", "none", "-"}
SHOWN = 8  # rows or columns that an error message lists before the number of the others


@dataclass(frozen=True)
class Manifest:
    """One data set in memory: its rows, in order, as text.

    Attributes
    ----------
    root : the folder that the paths are relative to
    name : of the data set
    rows : one dict a file; every one has ``path`` and all have the same keys
    licence, citation, version : as the data set's publishers state them, "" where unknown
    """

    root: Path
    name: str
    rows: list[dict[str, str]]
    licence: str = ""
    citation: str = ""
    version: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def columns(self) -> list[str]:
        """Names of the columns, ``path`` first as a rule."""
        return list(self.rows[0]) if self.rows else []

    def paths(self) -> list[Path]:
        """The file of each row."""
        return [self.root / row["path"] for row in self.rows]

    def column(self, name: str) -> list[str]:
        """The column's text, one entry a row; raises DataError that lists the columns there are."""
        if name not in self.columns:
            raise DataError(f"column {name!r}", f"not in {self.name}", f"It has {', '.join(self.columns)}.")
        return [row[name] for row in self.rows]

    def groups(self) -> list[str]:
        """One id a row, the same for rows that share a song, artist, duplicate mark or file, directly or in a chain.

        Blank and placeholder names ("unknown", "various artists") join nothing. Without any of these columns
        every file is a group of its own.
        """
        parent = list(range(len(self.rows)))
        for name in ("path", *(name for name in GROUPING if name in self.columns)):
            first: dict[str, int] = {}
            for i, row in enumerate(self.rows):
                key = row["path"] if name == "path" else normalise_name(row[name])
                if name == "path" or key not in PLACEHOLDERS:
                    _union(parent, first.setdefault(key, i), i)
        return [str(_find(parent, i)) for i in range(len(parent))]

    def songs(self) -> list[str]:
        """The song of each row: the column ``song`` where it is there and filled in, else the file."""
        return [normalise_name(row.get("song", "")) or row["path"] for row in self.rows]

    def subset(self, indices: Iterable[int]) -> "Manifest":
        """The rows at `indices`, in that order."""
        return replace(self, rows=[self.rows[int(i)] for i in indices])

    def where(self, i: int) -> str:
        """Row `i` as a spreadsheet counts (the header is row 1), with its path: for error messages."""
        return f"row {i + 2} ({self.rows[i]['path']})"


def abbreviate(items: Iterable[object], shown: int = SHOWN) -> str:
    """The first `shown` items, joined by commas, and how many more there are."""
    items = [str(item) for item in items]
    more = f" and {len(items) - shown} more" if len(items) > shown else ""
    return ", ".join(items[:shown]) + more


def normalise_name(name: str) -> str:
    """A name as it is compared: case, width of letters and spacing do not count."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _find(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _union(parent: list[int], a: int, b: int) -> None:
    a, b = _find(parent, a), _find(parent, b)
    parent[max(a, b)] = min(a, b)
