"""Train, valid and test: the published parts where the manifest has them, else a stratified and grouped split.

No group (song, artist, duplicate audio; see `Manifest.groups`) is ever divided, except by `random_split` and
`random_folds`, which exist to show by how much dividing them inflates a figure.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from earmark.data.manifest import Manifest, abbreviate
from earmark.data.targets import Targets
from earmark.errors import DataError

PARTS = ("train", "valid", "test")
ALIASES = {"training": "train", "validation": "valid", "val": "valid", "dev": "valid", "testing": "test"}


@dataclass(frozen=True)
class Split:
    """Three disjoint sets of rows.

    Attributes
    ----------
    train, valid, test : row numbers, int64, sorted; `valid` and `test` may be empty
    source : where they come from: ``manifest split``, ``manifest fold``, ``grouped`` or ``random``
    """

    train: np.ndarray
    valid: np.ndarray
    test: np.ndarray
    source: str

    def parts(self) -> dict[str, np.ndarray]:
        """The rows of each part by its name."""
        return {"train": self.train, "valid": self.valid, "test": self.test}

    def describe(self) -> str:
        """``grouped: 40 train, 10 valid, 12 test``, for people to read."""
        sizes = (f"{len(rows)} {part}" for part, rows in self.parts().items() if len(rows))
        return f"{self.source}: {', '.join(sizes)}"


def split_of(manifest: Manifest, targets: Targets | None = None, seed: int = 0) -> Split:
    """The manifest's own parts where it has them, else a grouped split of about 64 : 16 : 20.

    - Column ``split``: as written. Where no row is ``valid``, a grouped fifth of the training part becomes it; where
      no row is ``test``, `test` is empty. Rows with a blank split are left out.
    - Column ``fold``: the first fold is `test`, a fifth of the others `valid`.
    - Neither: `grouped_split`.

    Raises
    ------
    DataError : unknown part names, a split without a training part, or too few groups
    """
    if _has_values(manifest, "split"):
        return _published_split(manifest, targets, seed)
    if _has_values(manifest, "fold"):
        return folds_of(manifest, targets, seed=seed)[0]
    return grouped_split(manifest, targets, seed)


def grouped_split(manifest: Manifest, targets: Targets | None = None, seed: int = 0, n: int = 5) -> Split:
    """One of `n` grouped, stratified parts as `test`, one fifth of the rest as `valid`.

    Raises DataError where there are fewer than two groups.
    """
    rows = np.arange(len(manifest))
    test = _most_even(manifest, targets, _group_parts(manifest, targets, rows, n, seed))
    return _split_around(manifest, targets, test, seed, "grouped")


def folds_of(manifest: Manifest, targets: Targets | None = None, n: int = 5, seed: int = 0) -> list[Split]:
    """Cross-validation: one Split a fold, each row in `test` exactly once.

    The manifest's ``fold`` column decides where it is there (and `n` does not count), else `grouped_folds`. `valid`
    is a grouped fifth of the rows outside the fold.

    Raises DataError for a fold column with blanks or one fold only, and for too few groups.
    """
    if not _has_values(manifest, "fold"):
        return grouped_folds(manifest, targets, n, seed)
    fold = np.array(manifest.column("fold"))
    blank = np.flatnonzero(fold == "")
    if len(blank):
        found = abbreviate(manifest.where(int(i)) for i in blank)
        raise DataError("column 'fold'", f"blank in {found}", "Give every row a fold, or delete the column.")
    if len(set(fold)) < 2:
        raise DataError("column 'fold'", f"one fold only, {str(fold[0])!r}", "Cross-validation needs two or more.")
    tests = [np.flatnonzero(fold == name) for name in sorted(set(fold), key=_fold_order)]
    return [_split_around(manifest, targets, test, seed, "manifest fold") for test in tests]


def grouped_folds(manifest: Manifest, targets: Targets | None = None, n: int = 5, seed: int = 0) -> list[Split]:
    """`n` stratified folds that divide no group, by scikit-learn's StratifiedGroupKFold.

    Raises DataError where there are fewer than two groups.
    """
    rows = np.arange(len(manifest))
    tests = _group_parts(manifest, targets, rows, n, seed)
    return [_split_around(manifest, targets, test, seed, "grouped") for test in tests]


def inner_valid(
    manifest: Manifest, targets: Targets | None, rows: np.ndarray, seed: int = 0, n: int = 5
) -> tuple[np.ndarray, np.ndarray]:
    """Divide `rows` into a part to fit on and a grouped, stratified 1/n to choose on (early stopping, settings).

    Returns
    -------
    Both as row numbers int64, sorted; raises DataError where `rows` are of one group
    """
    valid = _most_even(manifest, targets, _group_parts(manifest, targets, rows, n, seed))
    return np.setdiff1d(rows, valid), valid


def random_split(manifest: Manifest, targets: Targets | None = None, seed: int = 0, like: Split | None = None) -> Split:
    """A split that ignores songs and artists, stratified by class; parts as large as those of `like`.

    Its figures are inflated. They are printed beside those of a grouped split to show by how much, never alone.
    """
    like = like or split_of(manifest, targets, seed)
    rows = np.sort(np.concatenate(list(like.parts().values())))
    order = _shuffle_within_strata(strata(manifest, targets)[rows], seed)
    n_test, n_valid = len(like.test), len(like.valid)
    # Taking evenly spaced rows from an order sorted by class keeps the classes in proportion.
    held = np.zeros(len(rows), bool)
    held[_evenly_spaced(len(rows), n_test + n_valid)] = True
    chosen = rows[order[held]]
    test_mask = np.zeros(len(chosen), bool)
    test_mask[_evenly_spaced(len(chosen), n_test)] = True
    return Split(np.sort(rows[order[~held]]), np.sort(chosen[~test_mask]), np.sort(chosen[test_mask]), "random")


def random_folds(manifest: Manifest, targets: Targets | None = None, n: int = 5, seed: int = 0) -> list[Split]:
    """Cross-validation with `n` stratified folds of single files, whatever song or artist they belong to."""
    order = _shuffle_within_strata(strata(manifest, targets), seed)
    splits = []
    for k in range(n):
        test, valid = np.sort(order[k::n]), np.sort(order[(k + 1) % n :: n])
        valid = valid[: max(1, len(order) * (n - 1) // (5 * n))]
        train = np.setdiff1d(np.arange(len(order)), np.concatenate([test, valid]))
        splits.append(Split(train, valid, test, "random"))
    return splits


def strata(manifest: Manifest, targets: Targets | None) -> np.ndarray:
    """What a split keeps in proportion, int [n_rows]: the class; the rarest tag that holds; the quarter of the mean."""
    if targets is None:
        return np.zeros(len(manifest), np.int64)
    if targets.kind == "exclusive":
        return targets.index
    if targets.kind == "independent" and np.isin(targets.values, (0, 1)).all():
        rarest = np.argsort(np.argsort(targets.values.sum(axis=0)))  # rank of each tag, 0 for the rarest
        rank = np.where(targets.values > 0, rarest, len(targets.names)).min(axis=1)
        return rank.astype(np.int64)
    mean = (targets.values / np.maximum(targets.values.std(axis=0), 1e-9)).mean(axis=1)
    return np.searchsorted(np.quantile(mean, [0.25, 0.5, 0.75]), mean)


# ---------------------------------------------------------------- parts


def _published_split(manifest: Manifest, targets: Targets | None, seed: int) -> Split:
    part = np.array([ALIASES.get(text.lower(), text.lower()) for text in manifest.column("split")])
    unknown = np.flatnonzero(~np.isin(part, (*PARTS, "")))
    if len(unknown):
        found = abbreviate(f"{str(part[i])!r} in {manifest.where(int(i))}" for i in unknown)
        raise DataError("column 'split'", f"unknown parts: {found}", "Write train, valid or test.")
    train, valid, test = (np.flatnonzero(part == name) for name in PARTS)
    if not len(train):
        raise DataError("column 'split'", "no row is `train`", "Mark the training rows, or delete the column.")
    if not len(valid):
        train, valid = inner_valid(manifest, targets, train, seed)
    return Split(train, valid, test, "manifest split")


def _split_around(manifest: Manifest, targets: Targets | None, test: np.ndarray, seed: int, source: str) -> Split:
    rest = np.setdiff1d(np.arange(len(manifest)), test)
    train, valid = inner_valid(manifest, targets, rest, seed)
    return Split(train, valid, test, source)


def _group_parts(manifest: Manifest, targets: Targets | None, rows: np.ndarray, n: int, seed: int) -> list[np.ndarray]:
    """`rows` in up to `n` parts that divide no group; fewer parts where there are fewer groups."""
    from sklearn.model_selection import StratifiedGroupKFold

    _, groups = np.unique(np.array(manifest.groups())[rows], return_inverse=True)
    n = min(n, int(groups.max(initial=-1)) + 1)
    if n < 2:
        raise DataError(manifest.name, f"{len(rows)} rows of one song or artist cannot be divided honestly",
                        "Add rows of other songs and artists, or a column `split`.")  # fmt: skip
    stratum = _join_rare_strata(strata(manifest, targets)[rows], n)
    folds = StratifiedGroupKFold(n, shuffle=True, random_state=seed)
    with warnings.catch_warnings():  # of classes with fewer rows than parts: `_join_rare_strata` has seen to them
        warnings.simplefilter("ignore", UserWarning)
        tests = [rows[test] for _, test in folds.split(rows, stratum, groups)]
    tests = [test for test in tests if len(test)]
    if len(tests) < 2:  # one group outweighs all others: cut by groups alone
        tests = [np.sort(rows[groups % n == k]) for k in range(n)]
    return tests


def _most_even(manifest: Manifest, targets: Targets | None, parts: list[np.ndarray]) -> np.ndarray:
    """The part whose classes are nearest to the proportions of all parts together."""
    stratum = strata(manifest, targets)
    shares = [np.bincount(stratum[part], minlength=stratum.max() + 1) / len(part) for part in parts]
    whole = np.bincount(stratum[np.concatenate(parts)]) / sum(map(len, parts))
    whole = np.pad(whole, (0, stratum.max() + 1 - len(whole)))
    return min(zip(parts, shares, strict=True), key=lambda pair: np.abs(pair[1] - whole).sum())[0]


def _join_rare_strata(stratum: np.ndarray, n: int) -> np.ndarray:
    """Strata of fewer than `n` rows joined into one, since they cannot be in every part anyway."""
    names, index, counts = np.unique(stratum, return_inverse=True, return_counts=True)
    joined = np.where(counts >= n, np.arange(len(names)), -1)[index]
    return joined if (counts >= n).any() else np.zeros(len(stratum), np.int64)


def _shuffle_within_strata(stratum: np.ndarray, seed: int) -> np.ndarray:
    """Row numbers sorted by stratum, shuffled within each."""
    return np.lexsort((np.random.default_rng(seed).random(len(stratum)), stratum))


def _evenly_spaced(n: int, k: int) -> np.ndarray:
    """`k` evenly spaced positions out of `n`."""
    return (np.arange(k) * n // max(k, 1)).astype(np.int64)


def _has_values(manifest: Manifest, column: str) -> bool:
    return column in manifest.columns and any(manifest.column(column))


def _fold_order(text: str) -> tuple[bool, float, str]:
    """Folds in the order of their numbers, those without a number after them."""
    return (not text.lstrip("-").isdigit(), float(text) if text.lstrip("-").isdigit() else 0.0, text)
