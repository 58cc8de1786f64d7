"""Which rows are judged, and whether the model can have met them before."""

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
MOST_COMPARED = 3000  # rows up to which every pair is compared by sound, not by equal files alone


def training_parts(model: Path, manifest: Manifest) -> list[str] | None:
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


def rows_of(manifest: Manifest, split: str | None, own: list[str] | None) -> tuple[np.ndarray, str]:
    """Rows of a part, int64, and where the part comes from.

    Looked for in the column ``split``, then ``fold``, then in the model's own split.csv; every row without `split`.

    Raises DataError where no row is in that part; it names the parts there are.
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


def what_was_checked(
    info: ModelInfo, manifest: Manifest, rows: np.ndarray, own: list[str] | None, cache: FeatureCache | None
) -> dict:
    """``leakage`` of metrics.json: what the judged rows share with those that the model was or may have been fitted on.

    Parameters
    ----------
    rows : the judged rows
    own : from `training_parts`
    cache : of the whole manifest; None compares files by their audio packets only

    Returns
    -------
    The keys of `earmark.data.check.leakage`, and ``compared_with`` in words, ``judged_training_rows``,
    ``training_data`` (as the model file states it) and ``warnings``
    """
    split, compared_with = _parts_compared(manifest, rows, own)
    if split is None:
        nothing = ["song", "artist", "content", "sound"]
        found = {"checked": [], "not_checked": [f"{what}: nothing to compare with" for what in nothing],
                 "shared_songs": 0, "shared_artists": 0, "shared_audio": 0, "examples": [], "honest": None}  # fmt: skip
    else:
        found = leakage(manifest, split, cache)
    met = 0 if own is None else int(np.isin(np.array(own)[rows], ("train", "valid")).sum())
    sources = [str(entry.get("name", entry)) if isinstance(entry, dict) else str(entry) for entry in info.training_data]
    warnings = _warnings(manifest, sources, found, met, len(rows), own is not None, split is not None)
    shared = found["shared_songs"] + found["shared_artists"] + found["shared_audio"]
    honest = False if met or shared else found["honest"]
    if honest and own is None and any(_names(source, manifest.name) for source in sources):
        honest = None
    return {**found, "honest": honest, "compared_with": compared_with, "judged_training_rows": met,
            "training_data": sources, "warnings": warnings}  # fmt: skip


def _parts_compared(manifest: Manifest, rows: np.ndarray, own: list[str] | None) -> tuple[Split | None, str]:
    """The judged rows as `test`, the others that were or may have been fitted on as `train` and `valid`."""
    nobody = np.zeros(0, np.int64)
    rest = np.setdiff1d(np.arange(len(manifest)), rows)
    if own is not None:
        part = np.array(own)
        train, valid = (np.intersect1d(rest, np.flatnonzero(part == name)) for name in ("train", "valid"))
        if len(train) + len(valid):
            return Split(train, valid, rows, "model"), "the rows that the model was trained and chosen on"
        return None, "nothing: every row that the model was trained on is judged"
    if len(rest):
        return Split(rest, nobody, rows, "manifest"), "the other rows of the manifest"
    parts = manifest_parts(manifest)
    if parts is not None and set(parts) & set(PARTS):
        train, valid, test = (np.flatnonzero(np.array(parts) == name) for name in PARTS)
        return Split(train, valid, test, "manifest"), "the manifest's parts with each other, all of which are judged"
    return None, "nothing: every row is judged, and the model's training rows are not known"


def _warnings(
    manifest: Manifest, sources: list[str], found: dict, met: int, n: int, own_known: bool, compared: bool
) -> list[str]:
    said = []
    if met:
        said.append(f"{met} of the {n} judged rows were in the model's own training: these are no held-out figures.")
    named = [source for source in sources if _names(source, manifest.name)]
    if named and not own_known:
        said.append(f"The model file says that it was trained on {named[0]!r}, which may be this data set: "
                    "the judged rows may have been in its training.")  # fmt: skip
    if not sources:
        said.append("The model file does not say what it was trained on.")
    shared = found["shared_songs"] + found["shared_artists"] + found["shared_audio"]
    if shared and compared:
        said.append(f"{shared} songs, artists or recordings are on both sides: the figures are too good.")
    return said


def _names(source: str, name: str) -> bool:
    """Whether a stated source may mean this manifest: one holds the other's first word."""
    a, b = source.casefold(), name.casefold()
    words = [word for word in "".join(c if c.isalnum() else " " for c in b).split() if len(word) > 3]
    return bool(words) and words[0] in a
