"""What a manifest asks and where a model answers it: labels and columns on one side, tags on the other."""

from dataclasses import dataclass

import numpy as np

from earmark.data.manifest import abbreviate
from earmark.data.targets import Targets
from earmark.errors import DataError
from earmark.tagger.tagset import TagGroup, Tagset


@dataclass(frozen=True)
class Question:
    """One evaluation's truth, lined up with the model's outputs.

    Attributes
    ----------
    exclusive : True for one class a row; False for a column a target
    group : the tag group that answers; "" where the columns' tags are in several
    names : the possible answers (exclusive) or the columns, n of them
    outputs : int64 [n], which of the model's outputs answers each
    rows : int64 [n_kept], rows of the targets that can be answered
    truth : int64 [n_kept], place in `names`, for exclusive; else float32 [n_kept, n]
    ignored : labels or columns that the model does not know and that were left out, with the rows of each
    """

    exclusive: bool
    group: str
    names: tuple[str, ...]
    outputs: np.ndarray
    rows: np.ndarray
    truth: np.ndarray
    ignored: dict[str, int]

    def probabilities(self, tagset: Tagset, logits: np.ndarray) -> np.ndarray:
        """Calibrated answers float32 [..., n] from the model's logits [..., n_tags].

        Where one class is asked for but the model's tags are independent, their probabilities are divided by their
        sum.
        """
        p = tagset.probabilities(logits)[..., self.outputs]
        if self.exclusive and len(self.group) and tagset.group(self.group).kind != "exclusive":
            return p / np.maximum(p.sum(axis=-1, keepdims=True), 1e-9)
        return p


def pose(tagset: Tagset, targets: Targets, columns: list[str], ignore_unknown: bool = False) -> Question:
    """Line up targets with a model's tags.

    One column of labels is answered by the group of its name, else by the group that knows most of its labels. Columns
    of numbers are answered by the tags of their names, written ``tag`` or ``group/tag``. Case, blanks and punctuation
    in names do not count.

    Raises
    ------
    DataError : labels or columns that the model does not know, unless `ignore_unknown` leaves them out
    """
    if targets.kind == "exclusive":
        return _pose_labels(tagset, targets, columns[0], ignore_unknown)
    return _pose_columns(tagset, targets, ignore_unknown)


def answers_one_class(tagset: Tagset, column: str) -> bool:
    """Whether the model has an exclusive group of the column's name: then even numbers in it are labels."""
    return any(plain(g.name) == plain(column) and g.kind == "exclusive" for g in tagset.groups)


def plain(name: str) -> str:
    """A name as compared: small letters and digits alone, or all of it where it has none."""
    return "".join(c for c in name.casefold() if c.isalnum()) or name


def _pose_labels(tagset: Tagset, targets: Targets, column: str, ignore_unknown: bool) -> Question:
    group, part = _group_for(tagset, targets.names, column)
    place = {plain(tag): k for k, tag in enumerate(group.tags)}
    unknown = [name for name in targets.names if plain(name) not in place]
    counts = {name: int((targets.index == targets.names.index(name)).sum()) for name in unknown}
    known = [place[plain(name)] for name in targets.names if plain(name) in place]
    if not known or (unknown and not ignore_unknown):
        raise _unknown_labels(column, counts, group, any_known=bool(known))
    kept = list(range(len(group.tags))) if group.kind == "exclusive" else sorted(set(known))
    to_answer = np.array([kept.index(place[plain(n)]) if plain(n) in place else -1 for n in targets.names])
    truth = to_answer[targets.index]
    rows = np.flatnonzero(truth >= 0)
    names = tuple(group.tags[k] for k in kept)
    return Question(True, group.name, names, part.start + np.array(kept), rows, truth[rows], counts)


def _group_for(tagset: Tagset, labels: tuple[str, ...], column: str) -> tuple[TagGroup, slice]:
    wanted = {plain(label) for label in labels}
    pairs = tagset.slices()
    named = [pair for pair in pairs if plain(pair[0].name) == plain(column)]
    return (named or [max(pairs, key=lambda pair: len(wanted & {plain(tag) for tag in pair[0].tags}))])[0]


def _unknown_labels(column: str, counts: dict[str, int], group: TagGroup, any_known: bool) -> DataError:
    found = abbreviate(f"{name!r} ({n} rows)" for name, n in counts.items())
    remedy = f"Its group {group.name!r} has {abbreviate(group.tags, 30)}."
    remedy += " Rename the labels, or give --ignore-unknown to leave these rows out." if any_known else (
        " Give another --target, or a model that was trained for this one.")  # fmt: skip
    return DataError(f"target {column!r}", f"labels that the model does not know: {found}", remedy)


def _pose_columns(tagset: Tagset, targets: Targets, ignore_unknown: bool) -> Question:
    place = _tag_places(tagset)
    unknown = [name for name in targets.names if plain(name) not in place]
    known = [k for k, name in enumerate(targets.names) if plain(name) in place]
    if not known or (unknown and not ignore_unknown):
        raise DataError("target", f"the model has no tags {abbreviate(unknown)}",
                        f"It has {abbreviate(tagset.names(), 60)}."
                        + (" --ignore-unknown leaves the others out." if known else ""))  # fmt: skip
    outputs = np.array([place[plain(targets.names[k])] for k in known])
    groups = {tagset.names()[i].split("/")[0] for i in outputs}
    n = len(targets.values)
    return Question(False, groups.pop() if len(groups) == 1 else "", tuple(targets.names[k] for k in known), outputs,
                    np.arange(n), targets.values[:, known], {name: n for name in unknown})  # fmt: skip


def _tag_places(tagset: Tagset) -> dict[str, int]:
    """Output of each ``tag`` and ``group/tag``; of tags of one name the one in a group that is not exclusive."""
    place: dict[str, int] = {}
    for only_exclusive in (False, True):
        for group, part in tagset.slices():
            if (group.kind == "exclusive") != only_exclusive:
                continue
            for k, tag in enumerate(group.tags):
                place.setdefault(plain(tag), part.start + k)
                place.setdefault(plain(f"{group.name}/{tag}"), part.start + k)
    return place
