"""What would be written into which file: made of a catalogue, kept as JSON that a person can read, and done later."""

import hashlib
import json
import os
import re
import stat
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from earmark import __version__
from earmark.audio.fileinfo import checksum
from earmark.catalogue.files import FileState
from earmark.catalogue.track import Track
from earmark.errors import ConfigError, EarmarkError, FileError, printable
from earmark.files import whole_file
from earmark.interop.fields import FIELDS, SUFFIXES, Field
from earmark.interop.mutagen_files import TagFile, open_tags
from earmark.interop.profile import MODES, Profile
from earmark.interop.values import Values, values_of
from earmark.progress import Progress, silent

FORMAT = 1
BLOCK = re.compile(r"\[earmark: [^\]\n]*\]")
"""Our block in a comment."""
AGAIN = "Scan again and make a new plan."


@dataclass(frozen=True)
class Change:
    """One tag of one file: the field that it holds, its name in the file, its values before and after."""

    field: str
    name: str
    old: Values
    new: Values


@dataclass(frozen=True)
class FilePlan:
    """All changes of one file.

    Attributes
    ----------
    path : absolute, without links
    track_id : of its sound, which must stay the same
    size, mtime_ns, checksum : what tells whether the file has changed since
    changes : in the order of the fields
    """

    path: str
    track_id: str
    size: int
    mtime_ns: int
    checksum: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Refusal:
    """A file that is left as it is, and why."""

    path: str
    problem: str
    remedy: str

    @classmethod
    def of(cls, path: str, error: EarmarkError) -> "Refusal":
        """What an error says of a file."""
        return cls(path, error.problem, error.remedy)


@dataclass(frozen=True)
class Plan:
    """Changes of many files.

    Attributes
    ----------
    id : of its content; the journal knows what was written by it
    made : when, in UTC
    profile, mode : what it was made with
    files : those that would change, by path
    refused : files that would be left as they are although something is known of them
    n_same : files that have everything already
    """

    id: str
    made: str
    profile: str
    mode: str
    files: tuple[FilePlan, ...]
    refused: tuple[Refusal, ...] = ()
    n_same: int = 0

    def to_dict(self) -> dict:
        """The JSON object of a plan file."""
        return {"earmark_tag_plan": FORMAT, "earmark": __version__, **asdict(self)}

    def lines(self) -> list[str]:
        """The plan for people: a line a file, below it a line a change."""
        return [line for file in self.files for line in (printable(file.path), *map(_line, file.changes))]

    def write(self, path: str | os.PathLike) -> None:
        """Write it as JSON. Raises FileError."""
        try:
            with whole_file(path) as draft:  # a path that is not UTF-8 is kept as an escape
                draft.write_text(json.dumps(self.to_dict(), indent=1), encoding="ascii")
        except OSError as error:
            raise FileError(path, f"cannot be written ({error.strerror or error})", "Choose another place.") from error


def _line(change: Change) -> str:
    old, new = (printable("; ".join(values)) or "-" for values in (change.old, change.new))
    return f"  {change.field:<18} {change.name:<32} {old} -> {new}"


def read_plan(path: str | os.PathLike) -> Plan:
    """A plan from its file. Raises FileError: it cannot be read, or is none."""
    try:
        values = json.loads(Path(path).read_text(encoding="utf-8"))
        if values.pop("earmark_tag_plan") != FORMAT:
            raise ValueError("made by another earmark")
        values.pop("earmark", None)
        files = tuple(_file_of(one) for one in values.pop("files"))
        refused = tuple(Refusal(**one) for one in values.pop("refused"))
        return Plan(**values, files=files, refused=refused)
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror or error})", "Name a plan file.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise FileError(path, f"is no plan of tags ({error})", "Make one with `earmark tags plan`.") from error


def _file_of(values: dict[str, Any]) -> FilePlan:
    changes = tuple(_change_of(one) for one in values.pop("changes"))
    found = FilePlan(**values, changes=changes)
    if not (isinstance(found.path, str) and os.path.isabs(found.path)):
        raise ValueError(f"no absolute path: {found.path}")
    return found


def _change_of(values: dict[str, Any]) -> Change:
    """A person may have edited the plan: only tags of our own table are written, and only texts."""
    old, new = (tuple(values.pop(side)) for side in ("old", "new"))
    change = Change(**values, old=old, new=new)
    known = change.field in FIELDS and any(change.name in names for names in FIELDS[change.field].names.values())
    if not known or not all(isinstance(text, str) for text in (*old, *new)):
        raise ValueError(f"no such change: {change.field} {change.name}")
    return change


def make_plan(
    tracks: Iterable[Track],
    profile: Profile,
    mode: str,
    progress: Progress = silent,
    roots: Iterable[str | os.PathLike] | None = None,
) -> Plan:
    """What would be written into the files of these tracks; nothing is changed.

    Parameters
    ----------
    mode : ``fill-empty`` leaves fields that have a value; ``add`` adds to fields of several values and fills the
        others; ``replace`` sets them. Tags that only earmark writes, and its block in comments, are set in any mode
    roots : only files that truly lie in these folders, links followed; None: wherever they lie

    Raises
    ------
    ConfigError : no such mode
    MissingPackage : mutagen is not installed
    """
    if mode not in MODES:
        raise ConfigError(mode, "no such mode", f"There are: {', '.join(MODES)}.")
    inside = None if roots is None else real_folders(roots)
    wanted = {os.path.realpath(file.path): (track, file) for track in tracks for file in track.files}
    files, refused, n_same = [], [], 0
    for i, (path, (track, state)) in enumerate(sorted(wanted.items())):
        progress("reading tags", i, len(wanted))
        found = _plan_file(path, state, track, profile, mode, inside)
        if isinstance(found, Refusal):
            refused.append(found)
        elif found.changes:
            files.append(found)
        else:
            n_same += 1
    return _numbered(profile.name, mode, tuple(files), tuple(refused), n_same)


def _numbered(profile: str, mode: str, files: tuple, refused: tuple, n_same: int) -> Plan:
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    text = json.dumps([made, profile, mode, [asdict(file) for file in files]])
    digest = hashlib.blake2b(text.encode("ascii"), digest_size=6).hexdigest()
    return Plan(digest, made, profile, mode, files, refused, n_same)


def _plan_file(
    path: str, state: FileState, track: Track, profile: Profile, mode: str, roots: tuple[str, ...] | None
) -> FilePlan | Refusal:
    try:
        check_inside(path, roots)
        found = check_file(path)
        if (found.st_size, found.st_mtime_ns) != (state.size, state.mtime_ns):
            raise FileError(path, "has changed since it was scanned", AGAIN)
        changes = changes_of(open_tags(path), values_of(track, profile), mode)
    except FileError as error:
        return Refusal.of(path, error)
    return FilePlan(path, track.track_id, found.st_size, found.st_mtime_ns, checksum(path).hex(), changes)


def real_folders(folders: Iterable[str | os.PathLike]) -> tuple[str, ...]:
    """Folders as they truly are, links followed."""
    return tuple(os.path.realpath(folder) for folder in folders)


def check_inside(path: str, roots: tuple[str, ...] | None) -> None:
    """Raise FileError where a file lies in none of these folders, also where a link leads out of them."""
    true = os.path.realpath(path)
    if roots is not None and not any(true.startswith(root.rstrip(os.sep) + os.sep) for root in roots):
        problem = "lies outside of the folders that were scanned, perhaps behind a link"
        raise FileError(path, problem, "Scan the folder that it lies in, or write its tags with `earmark tags`.")


def check_file(path: str) -> os.stat_result:
    """The state of a file that may be written to.

    Raises FileError: of a kind whose tags are not written, missing, read-only, or with other names (hard links).
    """
    if Path(path).suffix.lower() not in SUFFIXES:
        raise FileError(path, "is of a kind whose tags are not written", "Leave it out.")
    try:
        found = os.stat(path)
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})", AGAIN) from error
    if not stat.S_ISREG(found.st_mode):
        raise FileError(path, "is no ordinary file", "Leave it out.")
    if found.st_nlink > 1:
        problem = f"has {found.st_nlink} names (hard links), of which only one would change"
        raise FileError(path, problem, "Copy it to a file of its own, or leave it out.")
    if not found.st_mode & 0o222 or not os.access(path, os.W_OK) or not os.access(os.path.dirname(path), os.W_OK):
        raise FileError(path, "is read-only, or its folder is", "Change its permissions, or leave it out.")
    return found


def changes_of(tags: TagFile, values: dict[str, Values], mode: str) -> tuple[Change, ...]:
    """What differs between the tags of a file and what it should have."""
    changes = []
    for name, texts in values.items():
        places = FIELDS[name].names.get(tags.family, ())
        old = {place: tags.read(place) for place in places}
        for place in places:
            new = _wanted(FIELDS[name], old, place, texts, mode)
            new = tuple(str(round(float(text))) for text in new) if place == "tmpo" else new
            if new != old[place]:
                changes.append(Change(name, place, old[place], new))
    return tuple(changes)


def _wanted(field: Field, old: dict[str, Values], place: str, texts: Values, mode: str) -> Values:
    """The values that one tag of a field should have. A field is filled where any of its tags has a value."""
    if field.name == "comment":
        return with_block(old[place], texts[0])
    if field.ours or mode == "replace" or not any(text.strip() for values in old.values() for text in values):
        return texts
    return _added(old[place], texts) if mode == "add" and field.many else old[place]


def _added(old: Values, texts: Values) -> Values:
    known = {text.casefold() for text in old}
    return old + tuple(text for text in texts if text.casefold() not in known)


def with_block(old: Values, block: str) -> Values:
    """Comments with our block in the place of the former one, else at the end of the first; all else as it is."""
    for i, text in enumerate(old):
        if BLOCK.search(text):
            return (*old[:i], BLOCK.sub(lambda _: block, text, count=1), *old[i + 1 :])
    return (f"{old[0]} {block}", *old[1:]) if old and old[0] else (block, *old[1:])
