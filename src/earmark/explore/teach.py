"""Tags of the user's own: taught by examples, estimated, and what to judge next."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from earmark.catalogue import own
from earmark.catalogue.filters import Filter, Has
from earmark.catalogue.own import TAGS, answer_column, columns_of
from earmark.catalogue.store import Store
from earmark.catalogue.track import Track
from earmark.errors import ConfigError, NotFound
from earmark.explore.sources import tracks_of
from earmark.teaching.asking import ask_next
from earmark.teaching.fit import Space
from earmark.teaching.taught import NONE, OWN, SPACE_ROWS, Example, Taught, check_name

Reference = str | os.PathLike


@dataclass(frozen=True)
class Lesson:
    """What is taught under a name, and what came of the last examples.

    Attributes
    ----------
    taught : the tag or the group, with its head and estimate
    n_named : tag -> tracks that have it, the user's examples among them
    missing : entries of playlists that the catalogue does not hold
    """

    taught: Taught
    n_named: dict[str, int]
    missing: tuple[str, ...] = ()

    def to_dict(self) -> dict:
        """The JSON object of ``teach --json``; examples without any of the tags are counted under ``no``."""
        taught = self.taught
        found = taught.estimate.to_dict() if taught.estimate else None
        if found:
            found["n_examples"] = {tag or "no": n for tag, n in found["n_examples"].items()}
        return {
            "name": taught.name, "group": taught.name if taught.is_group else None, "version": taught.version,
            "tags": {tag: self._tag(tag, column) for tag, column in columns_of(taught).items()},
            "no": self._n(NONE), "drawn": taught.drawn, "model": taught.model_id, "fitted": taught.head is not None,
            "answer": answer_column(taught) if taught.is_group else None, "estimate": found,
            "missing": list(self.missing),
        }  # fmt: skip

    def _tag(self, tag: str, column: str) -> dict:
        line = self.taught.thresholds.get(tag)
        return {
            "yes": self._n(tag), "column": column, "named": self.n_named[tag],
            "threshold": None if line is None or line > 1 else round(line, 4),
        }  # fmt: skip

    def _n(self, tag: str) -> int:
        return sum(one.tag == tag for one in self.taught.examples.values())


@dataclass(frozen=True)
class Asked:
    """A track whose answer would tell most: it, and the probability of each tag by now; none without a head."""

    track: Track
    probabilities: dict[str, float]

    def to_dict(self) -> dict:
        """The JSON object of ``teach --next --json``."""
        return self.track.to_dict() | {"asked": {tag: round(p, 4) for tag, p in self.probabilities.items()}}


def teach(
    store: Store,
    tag: str,
    yes: Iterable[Reference] = (),
    no: Iterable[Reference] = (),
    drop: Iterable[Reference] = (),
    yes_from: Iterable[Reference] = (),
    no_from: Iterable[Reference] = (),
    group: str | None = None,
) -> Lesson:
    """Give examples of a tag, fit its head to all that there are, and write the tag to every track.

    Parameters
    ----------
    tag : its name, or ``group/tag``
    yes, no, drop : tracks (id, path, title) with the tag, without it, and examples to be taken back; in a group,
        ``no`` means none of its tags
    yes_from, no_from : playlists, folders or tags of files, see `earmark.explore.sources.tracks_of`
    group : of tags of which a track has one at most

    Raises
    ------
    NotFound, FileError, QueryError, CatalogueError
    ConfigError : no name of a tag, or one that is taken; a track that is to have the tag and not to have it
    """
    store.scanned_model()
    name, tag = place_of(tag, group)
    judged, missing = _judged(store, (yes, no, drop), (yes_from, no_from))
    classes = (tag, NONE, None)
    names = _names(store, [i for ids in judged for i in ids])
    examples = {i: None if what is None else Example(what, names.get(i, ""))
                for what, ids in zip(classes, judged, strict=True) for i in ids}  # fmt: skip
    if len(examples) < sum(map(len, judged)):
        raise ConfigError(tag, "a track is given as having it and as not having it", "Decide for one.")

    def change(before: Taught | None) -> Taught:
        start = before or Taught(name, () if name != tag else (tag,), is_group=name != tag)
        _check_free(store, start, tag)
        return _grown(start, tag).with_examples(examples)

    return lesson(store, store.teach(name, change), missing)


def place_of(tag: str, group: str | None = None) -> tuple[str, str]:
    """The name that a tag is kept under, its group's or its own, and the tag; ``own/x`` is ``x``.

    Raises ConfigError.
    """
    before, slash, after = tag.partition("/")
    tag = check_name(after if slash else tag)
    group = check_name(group or before if slash or group else OWN)
    if group == tag:
        raise ConfigError(tag, "names a tag and its group", "Call the group otherwise.")
    return (tag if group == OWN else group), tag


def find(store: Store, tag: str, group: str | None = None) -> Taught:
    """What is taught under the name of a tag or a group; raises NotFound that lists what there is."""
    many, name = store.taught(), tag.partition("/")[0] if "/" in tag and not tag.startswith(f"{OWN}/") else None
    wanted = group or name or tag.removeprefix(f"{OWN}/")
    found = many.get(wanted) or next((one for one in many.values() if wanted in one.tags), None)
    if found is None:
        known = ", ".join(many) or "nothing yet"
        remedy = f"There is: {known}. Teach it with `earmark teach {tag} --yes TRACK ...`."
        raise NotFound(tag, "was not taught", remedy)
    return found


def forget(store: Store, tag: str) -> None:
    """Forget a tag with its examples, or ``group/tag`` of a group, or a whole group; raises NotFound."""
    found = find(store, tag)
    one = tag.partition("/")[2] if found.is_group and "/" in tag else ""
    if one and one not in found.tags:
        raise NotFound(tag, "was not taught", f"The group has: {', '.join(found.tags)}.")
    if found.is_group and not one and tag != found.name:
        one = tag
    if one and len(found.tags) > 1:
        store.teach(found.name, lambda before: (before or found).without_tag(one))
    else:
        store.unteach(found.name)


def lessons(store: Store) -> list[Lesson]:
    """All that was taught, by name."""
    return [lesson(store, taught) for taught in store.taught().values()]


def lesson(store: Store, taught: Taught, missing: Sequence[str] = ()) -> Lesson:
    """What is taught, with the number of tracks that have each tag."""
    return Lesson(taught, {tag: _n_with(store, tag) for tag in taught.tags}, tuple(missing))


def ask(store: Store, tag: str, n: int, where: Filter | None = None) -> list[Asked]:
    """The n tracks whose answer would teach most, none like another; without a head, tracks that differ.

    where : only tracks that fit

    Raises
    ------
    NotFound : nothing was taught under that name, see `find`
    """
    taught = find(store, tag)
    fitting = set(store.columns(["track_id"], where)["track_id"].to_pylist())
    ids, vectors = store.vectors(store.scanned_model().id)
    rows = np.flatnonzero(np.fromiter((i in fitting for i in ids), bool, len(ids)))
    if not len(rows):
        return []
    ids, vectors = [ids[row] for row in rows], vectors[rows]
    space = Space.of(vectors[:: max(1, len(vectors) // SPACE_ROWS)])
    known = np.fromiter((i in taught.examples for i in ids), bool, len(ids))
    p = None if taught.head is None else taught.head.probabilities(vectors)
    chosen = ask_next(space.place(vectors), p, known, n)
    told = taught.probabilities(vectors[chosen]) if chosen else None
    return [
        Asked(store.track(ids[row]), _told(taught.tags, None if told is None else told[k]))
        for k, row in enumerate(chosen)
    ]


def _told(tags: Sequence[str], p: np.ndarray | None) -> dict[str, float]:
    return {} if p is None else {tag: float(value) for tag, value in zip(tags, p, strict=True) if value == value}


def _judged(store: Store, given, sources) -> tuple[list[list[str]], list[str]]:
    judged = [list(dict.fromkeys(store.resolve(one) for one in some)) for some in given]
    missing: list[str] = []
    for ids, some in zip(judged, sources, strict=False):
        for source in some:
            found, lacking = tracks_of(store, source)
            ids += [i for i in found if i not in ids]
            missing += lacking
    return judged, missing


def _grown(taught: Taught, tag: str) -> Taught:
    return replace(taught, tags=tuple(dict.fromkeys((*taught.tags, tag))))


def _check_free(store: Store, taught: Taught, tag: str) -> None:
    """Raise ConfigError where a name or a column is another's."""
    if taught.is_group and taught.name in {group.name for group in store.scanned_model().tagset.groups}:
        raise ConfigError(taught.name, "the model has a group of that name", "Call yours otherwise.")
    if not taught.is_group and taught.tags != (tag,):
        raise ConfigError(taught.name, "is a tag and no group", "Call the group otherwise.")
    others = [one for one in store.taught().values() if one.name != taught.name]
    columns = columns_of(_grown(taught, tag))
    taken = {TAGS, *own.schema_of(others).names}
    if {*columns.values(), answer_column(taught)} & taken or any(tag in one.tags for one in others):
        raise ConfigError(tag, "another tag of yours has that name", "Call it otherwise.")
    if len({*columns.values()}) < len(columns):
        raise ConfigError(tag, f"cannot be told apart from a tag of {taught.name}", "Call it otherwise.")


def _names(store: Store, ids: Sequence[str]) -> dict[str, str]:
    """track_id -> ``artist: title``, for people who read the mirror."""
    wanted = set(ids)
    if not wanted:
        return {}
    table = store.columns(["track_id", "artist", "title"])
    rows = zip(*(table[name].to_pylist() for name in ("track_id", "artist", "title")), strict=True)
    return {i: f"{artist}: {title}" if artist else title or "" for i, artist, title in rows if i in wanted}


def _n_with(store: Store, tag: str) -> int:
    return len(store.columns(["track_id"], Has(TAGS, tag)))
