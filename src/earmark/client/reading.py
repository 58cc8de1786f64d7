"""What a server answers -> the same dataclasses that a catalogue here gives back."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from earmark.analysis import Analysis, split_versions
from earmark.audio.decode import SoundFormat
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.audio.incomplete import Incomplete
from earmark.catalogue.files import FileState
from earmark.catalogue.filters import parse_filter
from earmark.catalogue.map import Label, Map
from earmark.catalogue.track import Hit, PassagePair, Track
from earmark.descriptors import from_dicts
from earmark.explore.copies import Copy
from earmark.explore.evidence import Evidence, Passage
from earmark.explore.meaning.finding import Answer, Found
from earmark.explore.meaning.grammar import Chip
from earmark.explore.meaning.passages import Fitting
from earmark.explore.meaning.understanding import Understood
from earmark.explore.playlists.editing import Difference
from earmark.explore.playlists.keeping import Playlist, Row
from earmark.explore.playlists.path import Step
from earmark.explore.playlists.recipe import recipe_from
from earmark.explore.portrait import Window
from earmark.explore.teach import Asked, Lesson
from earmark.explore.why import LikeReason
from earmark.tagger.tags import TagProbability
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.teaching.estimate import Estimate
from earmark.teaching.taught import NONE, Example, Taught


@dataclass(frozen=True)
class ToldAnalysis(Analysis):
    """An analysis that was made elsewhere: its curves are those that were told.

    told : ``times`` and ``tags`` as `curves` gives them
    """

    told: dict = field(default_factory=dict)

    def curves(self) -> dict:
        """Each tag over time, as it was told."""
        return self.told or super().curves()


def read_tagset(told: dict) -> Tagset:
    """The tags of the answer of ``/tags``; they have no calibration, which only the network needs."""
    groups = []
    for group in told["groups"]:
        tags = group["tags"]
        names, lines = [tag["tag"] for tag in tags], tuple(tag["threshold"] for tag in tags)
        meanings = tuple(tag["definition"] for tag in tags)
        groups.append(TagGroup(group["group"], tuple(names), group["kind"], threshold=lines, definition=meanings))
    return Tagset(tuple(groups))


def read_track(told: dict, tagset: Tagset) -> Track:
    """A track of its JSON object; it has no `fields`, which are columns of the store."""
    tags = {group: [TagProbability(**tag) for tag in found] for group, found in told["tags"].items()}
    first = told["files"][0] if told.get("files") else {}
    analysis = ToldAnalysis(
        path=told["path"],
        track_id=told["track_id"],
        duration=told["duration"],
        analysed=told["analysed"],
        model_id=told["model"]["id"],
        model_version=told["model"]["version"],
        versions=split_versions(told["analysis_version"]),
        tagset=tagset,
        tags=tags,
        descriptors=from_dicts(told),
        file_tags=FileTags(told["title"], told["artist"], told["album"], told["year"], first.get("genre") or ""),
        incomplete=Incomplete.from_dict(told["incomplete"]) if "incomplete" in told else None,
        warnings=tuple(told.get("warnings", ())),
        told=told.get("curves", {}),
    )
    files = tuple(_read_file(file, told) for file in told.get("files", ()))
    return Track(analysis, files, told.get("corrections", {}))


def _read_file(told: dict, track: dict) -> FileState:
    tags = FileTags(**{part.name: told[part.name] for part in fields(FileTags)})
    sound = SoundFormat(**{part.name: told[part.name] for part in fields(SoundFormat)})
    versions = track["analysis_version"]
    return FileState(told["path"], told["size"], 0, versions, track["track_id"], info=FileInfo(tags, sound))


def read_hit(told: dict, tagset: Tagset) -> Hit:
    """One answer to a query."""
    numbers = {name: told.get(name) for name in ("similarity", "relevance", "score")}
    pairs = tuple(PassagePair(**pair) for pair in told.get("passages", ()))
    versions, parts = tuple(told.get("versions", ())), told.get("parts", {})
    return Hit(read_track(told, tagset), versions=versions, parts=parts, passages=pairs, **numbers)


def read_copy(told: dict) -> Copy:
    """A file of a song that is there more than once."""
    return Copy(**{part.name: told[part.name] for part in fields(Copy)})


def read_failure(told: dict) -> FileState:
    """A file that failed."""
    return FileState(told["path"], 0, 0, "", problem=told["problem"], remedy=told["remedy"])


# -- search by meaning, and why ---------------------------------------------------------------------------------------


def read_answer(told: dict, tagset: Tagset, kinds: Mapping) -> Answer:
    """What was understood and found of a question in words; kinds : of the fields that a filter may name."""
    heard = told["understood"]
    weights = {one["name"]: one["weight"] for one in (*heard["concepts"], *heard["against"])}
    where = parse_filter(heard["where"], kinds) if heard["where"] else None
    chips, quotes = tuple(Chip(**chip) for chip in heard["chips"]), tuple(heard["quotes"])
    understood = Understood(heard["text"], weights, False, where, chips, quotes, heard.get("note", ""))
    return Answer(understood, [_found(one, tagset) for one in told["items"]], tuple(heard.get("missed", ())))


def _found(told: dict, tagset: Tagset) -> Found:
    score, passage = told.pop("score", None), next(iter(told.pop("passages", ())), None)
    concepts = tuple((one["name"], one["weight"], one["heard"]) for one in told.get("concepts", ()))
    fitting = Fitting(**passage) if passage else None
    return Found(read_hit(told, tagset), told["by"], score, told.get("chance", False), concepts, fitting)


def read_evidence(told: dict) -> Evidence:
    """Why a track has a tag."""
    passages = tuple(Passage(**passage) for passage in told["passages"])
    return Evidence(**told | {"passages": passages})


def read_like(told: dict) -> LikeReason:
    """Why two tracks are alike."""
    window = Window(told["start"], told["end"]) if "start" in told else None
    pairs = tuple(PassagePair(**pair) for pair in told["passages"])
    return LikeReason(told["track_id"], told["other"], window, told["similarity"], told["parts"], pairs)


# -- playlists, lessons, the map --------------------------------------------------------------------------------------


def read_row(told: dict) -> Row:
    """A row of a list."""
    return Row(**{part.name: told[part.name] for part in fields(Row)})


def read_step(told: dict) -> Step:
    """A track of a path."""
    return Step(read_row(told), told["similarity"], told["along"])


def read_kept(told: dict) -> Playlist:
    """A playlist; which rows were removed by hand is not told."""
    recipe = None if told["recipe"] is None else recipe_from(told["recipe"])
    rows = tuple(read_row(row) for row in told["rows"])
    names: dict[str, Any] = {name: told[name] for name in ("created", "changed", "revision")}
    return Playlist(told["id"], told["name"], recipe, rows, undo=tuple(told["undo"]), **names)


def read_difference(told: dict) -> Difference:
    """What a refresh changes."""
    added, removed = (tuple((row["position"], read_row(row)) for row in told[name]) for name in ("added", "removed"))
    moved = tuple((row["from"], row["position"], read_row(row)) for row in told["moved"])
    compatible = (told["compatible"]["before"], told["compatible"]["after"])
    return Difference(added, removed, moved, compatible, read_kept(told["playlist"]))


@dataclass(frozen=True)
class ToldLesson(Lesson):
    """A lesson of a server: its head is there, what it is worth is told.

    told : the JSON object of it
    """

    told: dict = field(default_factory=dict, repr=False)

    def to_dict(self) -> dict:
        """As it was told."""
        return self.told


def read_lesson(told: dict) -> ToldLesson:
    """A tag of one's own, or a group of them."""
    examples = {i: Example(tag) for i, tag in told.pop("examples").items()}
    lines = {tag: of["threshold"] for tag, of in told["tags"].items() if of["threshold"] is not None}
    taught = Taught(
        told["name"], tuple(told["tags"]), told["group"] is not None, examples, told["version"], told["model"],
        thresholds=lines, drawn=told["drawn"], estimate=_read_estimate(told["estimate"]),
    )  # fmt: skip
    named = {tag: of["named"] for tag, of in told["tags"].items()}
    return ToldLesson(taught, named, tuple(told["missing"]), told)


def _read_estimate(told: dict | None) -> Estimate | None:
    if told is None:
        return None
    counts = {NONE if tag == "no" else tag: n for tag, n in told["n_examples"].items()}
    auc, balanced = (told[name] and tuple(told[name]) for name in ("auc", "balanced_accuracy"))
    return Estimate(counts, told["n_artists"], auc, balanced, told["accuracy"], told["majority_rate"])


def read_asked(told: dict, tagset: Tagset) -> Asked:
    """A track whose answer would teach most."""
    return Asked(read_track(told, tagset), told["asked"])


def read_map(told: dict, points: bytes) -> Map:
    """The map, of what is told of it and of the bytes of its points."""
    n = told["tracks"]
    xy = np.frombuffer(points, "<f4", 2 * n).reshape(n, 2)
    ids = [points[i : i + 10].hex() for i in range(8 * n, 18 * n, 10)]
    labels = tuple(Label(one["text"], one["x"], one["y"], one["tracks"]) for one in told["labels"])
    return Map(
        ids, xy, labels, told["version"], told["model"], told["kept"], told["by_chance"], told["placed"],
        told["missing"], told["built_at"],
    )  # fmt: skip
