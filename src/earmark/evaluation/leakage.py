"""Which rows are evaluated, and whether the model can have been trained on them or on rows that share something."""

import csv
from pathlib import Path

import numpy as np

from earmark.data.cache import FeatureCache
from earmark.data.check import leakage, manifest_parts
from earmark.data.manifest import Manifest
from earmark.data.splits import ALIASES, PARTS, Split
from earmark.errors import DataError
from earmark.tagger.model import ModelInfo

SPLIT_FILE = "split.csv"  # beside a model that `earmark train` made
MAX_COMPARED = 3000  # rows up to which every pair is compared by sound, not by equal files alone
FITTED = ("train", "valid")  # parts that a training fits on or chooses by
UNCHECKED = {
    "checked": [],
    "not_checked": [f"{what}: nothing to compare with" for what in ("song", "artist", "content", "sound")],
    "shared_songs": 0,
    "shared_artists": 0,
    "shared_audio": 0,
    "examples": [],
    "honest": None,
}  # what `earmark.data.check.leakage` returns, for rows that nothing can be compared with


def own_parts(model: Path, manifest: Manifest) -> list[str] | None:
    """The part that each row had in the model's own training, "" for rows it does not name.

    Rows are known by their path. None where the model has no split.csv beside it or it names none of these rows.
    """
    file = model.parent / SPLIT_FILE
    if not file.is_file():
        return None
    with open(file, encoding="utf-8", newline="") as lines:
        part_of = {row["path"]: row["part"] for row in csv.DictReader(lines) if row.get("path") and row.get("part")}
    parts = [part_of.get(row["path"], "") for row in manifest.rows]
    return parts if any(parts) else None


def select_rows(manifest: Manifest, split: str | None, own: list[str] | None) -> tuple[np.ndarray, str]:
    """Rows of a part, int64 [n_rows], and where the part comes from.

    Looked for in the column ``split``, then ``fold``, then in the model's own split.csv; every row without `split`.

    Parameters
    ----------
    own : from `own_parts`

    Raises
    ------
    DataError : no row is in that part; it names the parts there are
    """
    if split is None:
        return np.arange(len(manifest)), "all"
    wanted, parts_seen = ALIASES.get(split.lower(), split.lower()), {}
    for source, parts in (("manifest split", _column(manifest, "split")), ("manifest fold", _column(manifest, "fold")),
                          ("the model's training", own or [])):  # fmt: skip
        rows = np.flatnonzero([part == wanted for part in parts])
        if len(rows):
            return rows, source
        parts_seen |= {part: None for part in parts if part}
    known = f"It knows {', '.join(sorted(parts_seen))}." if parts_seen else "It names no parts: leave --split out."
    raise DataError(f"--split {split}", f"no row of {manifest.name} is in that part", known)


def _column(manifest: Manifest, name: str) -> list[str]:
    cells = manifest.column(name) if name in manifest.columns else []
    return [ALIASES.get(cell.lower(), cell.lower()) for cell in cells]


def check_leakage(
    info: ModelInfo, manifest: Manifest, rows: np.ndarray, own: list[str] | None, cache: FeatureCache | None
) -> dict:
    """``leakage`` of metrics.json: what the evaluated rows share with those that the model was or may be fitted on.

    Parameters
    ----------
    rows : int64 [n_rows], the evaluated rows of the manifest
    own : from `own_parts`
    cache : of the whole manifest; None compares files by their audio packets only

    Returns
    -------
    The keys of `earmark.data.check.leakage`, and ``compared_with`` in words, ``judged_training_rows``,
    ``training_data`` (as the model file states it) and ``warnings``
    """
    split, compared_with = _parts_compared(manifest, rows, own)
    found = UNCHECKED if split is None else leakage(manifest, split, cache)
    n_fitted = 0 if own is None else int(np.isin(np.array(own)[rows], FITTED).sum())
    sources = [str(entry.get("name", entry)) if isinstance(entry, dict) else str(entry) for entry in info.training_data]
    suspects = [source for source in sources if _may_name(source, manifest.name)] if own is None else []
    honest = False if n_fitted or _n_shared(found) else found["honest"]
    return {
        **found,
        "honest": None if honest and suspects else honest,
        "compared_with": compared_with,
        "judged_training_rows": n_fitted,
        "training_data": sources,
        "warnings": _warnings(n_fitted, len(rows), suspects, bool(sources), _n_shared(found)),
    }


def _parts_compared(manifest: Manifest, rows: np.ndarray, own: list[str] | None) -> tuple[Split | None, str]:
    """The evaluated rows as `test`, the others that were or may have been fitted on as `train` and `valid`.

    None where there are no such others; the words tell which case it is.
    """
    rest = np.setdiff1d(np.arange(len(manifest)), rows)
    if own is not None:
        train, valid = (np.intersect1d(rest, np.flatnonzero(np.array(own) == name)) for name in FITTED)
        if len(train) + len(valid):
            return Split(train, valid, rows, "model"), "the rows that the model was trained and chosen on"
        return None, "nothing: every row that the model was trained on is judged"
    if len(rest):
        return Split(rest, np.zeros(0, np.int64), rows, "manifest"), "the other rows of the manifest"
    parts = manifest_parts(manifest)
    if parts is not None and set(parts) & set(PARTS):
        train, valid, test = (np.flatnonzero(np.array(parts) == name) for name in PARTS)
        return Split(train, valid, test, "manifest"), "the manifest's parts with each other, all of which are judged"
    return None, "nothing: every row is judged, and the model's training rows are not known"


def _n_shared(found: dict) -> int:
    return found["shared_songs"] + found["shared_artists"] + found["shared_audio"]


def _warnings(n_fitted: int, n: int, suspects: list[str], source_known: bool, n_shared: int) -> list[str]:
    """Sentences for the reader, worst first.

    Parameters
    ----------
    n_fitted, n : evaluated rows that were in the model's own training, and all of them
    suspects : stated training sets that may be this data set
    source_known : whether the model file states what it was trained on
    n_shared : songs, artists and recordings on both sides
    """
    lines = []
    if n_fitted:
        lines.append(f"{n_fitted} of the {n} judged rows were in the model's own training: these are no held-out "
                     "figures.")  # fmt: skip
    if suspects:
        lines.append(f"The model file says that it was trained on {suspects[0]!r}, which may be this data set: "
                     "the judged rows may have been in its training.")  # fmt: skip
    if not source_known:
        lines.append("The model file does not say what it was trained on.")
    if n_shared:
        lines.append(f"{n_shared} songs, artists or recordings are on both sides: the figures are too good.")
    return lines


def _may_name(source: str, name: str) -> bool:
    """Whether a stated source may mean the manifest `name`: it holds the first word of more than three letters."""
    words = "".join(c if c.isalnum() else " " for c in name.casefold()).split()
    first = next((word for word in words if len(word) > 3), None)
    return first is not None and first in source.casefold()
