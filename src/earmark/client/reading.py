"""What a server answers -> the same dataclasses that a catalogue here gives back."""

from dataclasses import dataclass, field, fields

from earmark.analysis import Analysis, split_versions
from earmark.audio.decode import SoundFormat
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.audio.incomplete import Incomplete
from earmark.catalogue.files import FileState
from earmark.catalogue.track import Hit, PassagePair, Track
from earmark.descriptors import from_dicts
from earmark.explore.copies import Copy
from earmark.tagger.tags import TagProbability
from earmark.tagger.tagset import TagGroup, Tagset


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
