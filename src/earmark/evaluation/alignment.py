"""Labels and columns of a manifest, lined up with the tags of a model."""

from dataclasses import dataclass

import numpy as np

from earmark.data.manifest import abbreviate
from earmark.data.targets import Targets
from earmark.errors import DataError
from earmark.tagger.tagset import TagGroup, Tagset


@dataclass(frozen=True)
class Alignment:
    """The truth of one evaluation, lined up with the model's outputs.

    Attributes
    ----------
    exclusive : True for one class a row; False for a column a target
    group : name of the tag group that holds the outputs; "" where they are in several
    names : the classes of the group (exclusive) or the columns, n of them
    outputs : int64 [n], the model's output for each name
    rows : int64 [n_kept], rows of the targets that the model has a tag for
    truth : int64 [n_kept], index into `names`, where exclusive; else float32 [n_kept, n]
    ignored : labels or columns that the model has no tag for and that were left out, with the number of rows of each
    """

    exclusive: bool
    group: str
    names: tuple[str, ...]
    outputs: np.ndarray
    rows: np.ndarray
    truth: np.ndarray
    ignored: dict[str, int]

    def probabilities(self, tagset: Tagset, logits: np.ndarray) -> np.ndarray:
        """Calibrated probabilities (or values) of `names`.

        Where the target has one class a row but the model's tags are independent, their probabilities are divided by
        their sum.

        Parameters
        ----------
        logits : float32 [..., n_tags], all outputs of the model

        Returns
        -------
        float32 [..., n]

        Raises
        ------
        ModelError : the logits do not have a column for every tag
        """
        p = tagset.probabilities(logits)[..., self.outputs]
        if self.exclusive and len(self.group) and tagset.group(self.group).kind != "exclusive":
            return p / np.maximum(p.sum(axis=-1, keepdims=True), 1e-9)
        return p


def align_labels(tagset: Tagset, targets: Targets, columns: list[str], ignore_unknown: bool = False) -> Alignment:
    """Line up targets with the tags of a model.

    One column of labels goes to the group of its name, else to the group that has most of its labels. Columns of
    numbers go to the tags of their names, written ``tag`` or ``group/tag``. Case, blanks and punctuation in names do
    not count.

    Parameters
    ----------
    columns : names of the manifest's columns that `targets` were read from

    Raises
    ------
    DataError : labels or columns that the model has no tag for, unless `ignore_unknown` leaves them out
    """
    if targets.kind == "exclusive":
        return _align_classes(tagset, targets, columns[0], ignore_unknown)
    return _align_columns(tagset, targets, ignore_unknown)


def has_exclusive_group(tagset: Tagset, column: str) -> bool:
    """Whether the model has an exclusive group of the column's name: then even numbers in it are labels."""
    return any(normalise_tag(g.name) == normalise_tag(column) and g.kind == "exclusive" for g in tagset.groups)


def normalise_tag(name: str) -> str:
    """A label or tag as compared: small letters and digits alone, or all of it where it has none."""
    return "".join(c for c in name.casefold() if c.isalnum()) or name


def _align_classes(tagset: Tagset, targets: Targets, column: str, ignore_unknown: bool) -> Alignment:
    group, part = _group_for(tagset, targets.names, column)
    place = {normalise_tag(tag): k for k, tag in enumerate(group.tags)}
    tag_of = [place.get(normalise_tag(name), -1) for name in targets.names]  # a label of the data -> tag of the group
    unknown = [name for name, tag in zip(targets.names, tag_of, strict=True) if tag < 0]
    counts = {name: int((targets.index == targets.names.index(name)).sum()) for name in unknown}
    known = sorted(set(tag_of) - {-1})
    if not known or (unknown and not ignore_unknown):
        raise _unknown_labels(column, counts, group, any_known=bool(known))
    kept = list(range(len(group.tags))) if group.kind == "exclusive" else known
    class_of = np.array([kept.index(tag) if tag >= 0 else -1 for tag in tag_of])
    truth = class_of[targets.index]
    rows = np.flatnonzero(truth >= 0)
    names = tuple(group.tags[k] for k in kept)
    return Alignment(True, group.name, names, part.start + np.array(kept), rows, truth[rows], counts)


def _group_for(tagset: Tagset, labels: tuple[str, ...], column: str) -> tuple[TagGroup, slice]:
    """The group of the column's name, else the one that has most of the labels; with its part of the outputs."""
    wanted = {normalise_tag(label) for label in labels}
    pairs = tagset.slices()
    named = [pair for pair in pairs if normalise_tag(pair[0].name) == normalise_tag(column)]
    return (named or [max(pairs, key=lambda pair: len(wanted & set(map(normalise_tag, pair[0].tags))))])[0]


def _unknown_labels(column: str, counts: dict[str, int], group: TagGroup, any_known: bool) -> DataError:
    found = abbreviate(f"{name!r} ({n} rows)" for name, n in counts.items())
    remedy = f"Its group {group.name!r} has {abbreviate(group.tags, 30)}."
    remedy += " Rename the labels, or give --ignore-unknown to leave these rows out." if any_known else (
        " Give another --target, or a model that was trained for this one.")  # fmt: skip
    return DataError(f"target {column!r}", f"labels that the model does not know: {found}", remedy)


def _align_columns(tagset: Tagset, targets: Targets, ignore_unknown: bool) -> Alignment:
    place = _tag_places(tagset)
    unknown = [name for name in targets.names if normalise_tag(name) not in place]
    known = [k for k, name in enumerate(targets.names) if normalise_tag(name) in place]
    if not known or (unknown and not ignore_unknown):
        raise DataError("target", f"the model has no tags {abbreviate(unknown)}",
                        f"It has {abbreviate(tagset.names(), 60)}."
                        + (" --ignore-unknown leaves the others out." if known else ""))  # fmt: skip
    outputs = np.array([place[normalise_tag(targets.names[k])] for k in known])
    groups = {tagset.names()[i].split("/")[0] for i in outputs}
    n = len(targets.values)
    return Alignment(False, groups.pop() if len(groups) == 1 else "", tuple(targets.names[k] for k in known), outputs,
                     np.arange(n), targets.values[:, known], {name: n for name in unknown})  # fmt: skip


def _tag_places(tagset: Tagset) -> dict[str, int]:
    """Output of each ``tag`` and ``group/tag``; of tags of one name the one in a group that is not exclusive."""
    place: dict[str, int] = {}
    for only_exclusive in (False, True):
        for group, part in tagset.slices():
            if (group.kind == "exclusive") != only_exclusive:
                continue
            for k, tag in enumerate(group.tags):
                place.setdefault(normalise_tag(tag), part.start + k)
                place.setdefault(normalise_tag(f"{group.name}/{tag}"), part.start + k)
    return place
