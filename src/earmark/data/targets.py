"""Columns of a manifest -> the targets that a network learns."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np

from earmark.data.manifest import Manifest, abbreviate
from earmark.errors import DataError

TargetKind = Literal["exclusive", "independent", "value"]
"""Those of `earmark.tagger.tagset.Kind` that columns are learned as; a model file may also hold ``share``, a value that
is kept within 0 and 1."""


@dataclass(frozen=True)
class Targets:
    """What a network learns from one or more columns.

    Attributes
    ----------
    kind : ``exclusive`` one class a row; ``independent`` each name holds or not, or to a share;
        ``value`` real numbers on scales of their own
    names : the classes, or the columns
    values : float32 [n_rows, n]: one-hot for ``exclusive``, else the numbers
    index : int64 [n_rows], the class of each row; empty unless ``exclusive``
    """

    kind: TargetKind
    names: tuple[str, ...]
    values: np.ndarray
    index: np.ndarray


def read_targets(
    manifest: Manifest, columns: list[str], kind: TargetKind | None = None, for_training: bool = True
) -> Targets:
    """Turn columns of a manifest into targets.

    Parameters
    ----------
    columns : names or patterns such as ``genre---*``. One column of text gives exclusive classes, sorted; columns of
        numbers within 0..1 give independent targets, other numbers values.
    kind : overrides that guess, e.g. ``exclusive`` for a column of numbered classes
    for_training : also refuse what nothing can be learned from: one class only, one song a class, a constant column

    Raises
    ------
    DataError : unknown column, blanks, text among numbers, or what `for_training` refuses
    """
    columns = expand_columns(manifest, columns)
    cells = [manifest.column(name) for name in columns]
    for name, texts in zip(columns, cells, strict=True):
        _refuse_rows(manifest, name, [not text for text in texts], "blank")
    numbers = [[_number(text) for text in texts] for texts in cells]
    numeric = all(any(x is not None for x in column) for column in numbers)
    if kind == "exclusive" or (kind is None and len(columns) == 1 and not numeric):
        targets = _exclusive(columns, cells)
    else:
        for name, column in zip(columns, numbers, strict=True):
            _refuse_rows(manifest, name, [x is None for x in column], "not a number")
        targets = _numeric(columns, np.array(numbers, np.float32).T, kind)
    if for_training:
        check_learnable(manifest, targets, columns)
    return targets


def expand_columns(manifest: Manifest, columns: list[str]) -> list[str]:
    """The columns that the names and patterns stand for, each once; raises DataError where one fits none."""
    found: list[str] = []
    for pattern in columns:
        exact = pattern in manifest.columns
        fits = [pattern] if exact else [name for name in manifest.columns if fnmatchcase(name, pattern)]
        if not fits:
            manifest.column(pattern)  # raises, with the columns there are
        found += [name for name in fits if name not in found]
    if not found:
        raise DataError("target", "no column given", f"{manifest.name} has {', '.join(manifest.columns)}.")
    return found


def check_learnable(manifest: Manifest, targets: Targets, columns: list[str]) -> None:
    """Raise DataError for one class only, a class of one song, or a column that never changes."""
    what = f"target {','.join(columns)}"
    if targets.kind != "exclusive":
        same = [name for name, x in zip(targets.names, targets.values.T, strict=True) if np.ptp(x) == 0]
        if same:
            raise DataError(what, f"the same value in every row: {abbreviate(same)}", "Leave these columns out.")
        return
    if len(targets.names) < 2:
        raise DataError(what, f"one class only, {targets.names[0]!r}", "Training needs at least two classes.")
    song = np.array(manifest.songs())
    single = [k for k in range(len(targets.names)) if len(set(song[targets.index == k])) < 2]
    if single:
        rows = [manifest.where(int(np.flatnonzero(targets.index == k)[0])) for k in single]
        found = abbreviate(f"{targets.names[k]!r}, {row}" for k, row in zip(single, rows, strict=True))
        raise DataError(what, f"classes of one song: {found}",
                        "Such a class cannot be both learned and tested: add songs or delete its rows.")  # fmt: skip


def _exclusive(columns: list[str], cells: list[list[str]]) -> Targets:
    if len(columns) > 1:
        raise DataError(f"target {','.join(columns)}", "exclusive classes come from one column",
                        "Give one column, or leave --kind out.")  # fmt: skip
    names, index = np.unique(cells[0], return_inverse=True)
    return Targets("exclusive", tuple(str(n) for n in names), np.eye(len(names), dtype=np.float32)[index], index)


def _numeric(columns: list[str], values: np.ndarray, kind: TargetKind | None) -> Targets:
    share = values.min() >= 0 and values.max() <= 1
    if kind == "independent" and not share:
        raise DataError(f"target {','.join(columns)}", f"values from {values.min():g} to {values.max():g}",
                        "Independent targets lie within 0..1; use --kind value for a scale of their own.")  # fmt: skip
    kind = kind or ("independent" if share else "value")
    return Targets(kind, tuple(columns), values, np.zeros(0, np.int64))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _refuse_rows(manifest: Manifest, column: str, bad: list[bool], problem: str) -> None:
    rows = np.flatnonzero(bad)
    if len(rows):
        found = abbreviate(manifest.where(int(i)) for i in rows)
        raise DataError(f"target {column!r}", f"{problem} in {len(rows)} of {len(manifest)} rows: {found}",
                        "Fill these cells in or delete the rows.")  # fmt: skip
