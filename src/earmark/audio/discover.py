"""Folders -> the sound files in them, by name and by content, each once, without following link loops.

What is passed over is counted by reason. A folder that is passed over counts once and is not entered.
"""

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from earmark.audio.addresses import check_address, is_address
from earmark.audio.earprint import EARPRINT_SUFFIX
from earmark.audio.ignore import IGNORE_FILE, Exclusions
from earmark.audio.junk import COMPANION, UNFINISHED, file_reason, folder_reason
from earmark.audio.marks import is_audio
from earmark.audio.video import shows_video
from earmark.errors import FileError

SUFFIXES = frozenset(
    (
        ".mp3", ".mp2", ".mp1", ".mpa", ".m2a", ".flac", ".ogg", ".oga", ".opus", ".spx", ".m4a", ".m4b", ".m4r",
        ".3ga", ".aac", ".adts", ".wav", ".wave", ".w64", ".rf64", ".bwf", ".aif", ".aiff", ".aifc", ".wma", ".xwma",
        ".mka", ".weba", ".ape", ".wv", ".tta", ".tak", ".shn", ".osq", ".mpc", ".mp+", ".mpp", ".vqf", ".caf", ".au",
        ".snd", ".voc", ".qoa", ".ra", ".ac3", ".eac3", ".ec3", ".dts", ".dtshd", ".mlp", ".thd", ".truehd", ".oma",
        ".aa3", ".omg", ".aea", ".at3", ".amr", ".awb", ".dsf", ".dff", ".adx",
        EARPRINT_SUFFIX,
    )
)  # fmt: skip
VIDEO_SUFFIXES = frozenset(
    (
        ".mp4", ".m4v", ".mov", ".qt", ".3gp", ".3g2", ".f4v", ".mkv", ".mk3d", ".webm", ".wmv", ".asf",
        ".avi", ".divx", ".mpg", ".mpeg", ".vob", ".ts", ".m2ts", ".mts", ".flv", ".ogv", ".ogm", ".rm", ".rmvb",
    )
)  # fmt: skip

# Why something is left out, beside the reasons of `junk`
EXCLUDED, VIDEO, NOT_SOUND = "excluded", "video", "not sound"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was found but cannot be read: where, what is wrong, and what to do, as in `EarmarkError`."""

    path: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class SoundFile:
    """One sound file, and what tells whether it has changed.

    Attributes
    ----------
    path : absolute, or an address
    size : bytes
    mtime_ns : time of its last change, nanoseconds since 1970; for an address see `earmark.audio.remote.etags`
    """

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Rules:
    """What a search takes.

    Attributes
    ----------
    exclude : patterns of ``.gitignore`` for what is left out, relative to each folder that is searched
    include_video : take the sound of videos too
    """

    exclude: tuple[str, ...] = ()
    include_video: bool = False


DEFAULT_RULES = Rules()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes
    ----------
    files : the sound files, sorted by path
    left_out : reason -> how many files, and folders that were not entered
    unread : folders that could not be read, so that nothing is known of what they hold
    passed : addresses of files that are there and were left out
    """

    files: list[SoundFile]
    left_out: dict[str, int]
    unread: list[str]
    passed: frozenset[str] = frozenset()


def find_sound_files(
    folders: list[str | os.PathLike],
    skip: Path | None,
    on_problem: Callable[[Problem], None],
    rules: Rules = DEFAULT_RULES,
) -> Found:
    """All sound files in `folders`; a file or folder that is named there is taken whatever its name is.

    Parameters
    ----------
    folders : of this machine; for addresses see `earmark.audio.remote.find`
    skip : a folder that is not entered: the catalogue itself, should it lie in one
    on_problem : called for folders, links and ignore files that cannot be read; the search goes on

    Raises
    ------
    FileError : one of `folders` does not exist
    ConfigError : one of the patterns in `rules` is none
    """
    search = _Search(on_problem, rules, {os.path.abspath(skip)} if skip else set())
    check_folders(folders)
    roots = {os.path.abspath(folder) for folder in folders}
    for root in sorted(roots, key=len, reverse=True):  # a folder that is named inside of another is its own root
        if os.path.isdir(root):
            search.through(root)
        else:
            search.take(root)
    return Found([search.files[path] for path in sorted(search.files)], dict(search.left_out), search.unread)


def check_folders(folders: Iterable[str | os.PathLike]) -> None:
    """Raise FileError for the first folder that does not exist, ConfigError for an address that is none of ours."""
    for folder in folders:
        check_address(os.fspath(folder))
        if not is_address(folder) and not os.path.exists(folder):
            raise FileError(os.path.abspath(folder), "no such folder", "Check the path.")


@dataclass
class _Search:
    """One search, through one root after the other."""

    on_problem: Callable[[Problem], None]
    rules: Rules
    entered: set[str]  # folders that are not entered again
    files: dict[str, SoundFile] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)

    def through(self, root: str) -> None:
        """Look at everything below `root`; a folder that was entered before, by whatever link, is not entered again."""
        seen = {_identity(root)}
        waiting = [(root, Exclusions.of(root, self.rules.exclude))]
        while waiting:
            folder, exclusions = waiting.pop()
            self.entered.add(folder)
            inside = []
            for inner, identity, inherited in self._inside(folder, exclusions):
                if identity not in seen:
                    seen.add(identity)
                    inside.append((inner, inherited))
            waiting += reversed(inside)

    def _inside(self, folder: str, exclusions: Exclusions) -> Iterator[tuple[str, tuple | str, Exclusions]]:
        """The folders to enter in one folder, with what tells them apart and what rules there; files are dealt with."""
        entries = self._entries(folder)
        companions = {entry.name.removesuffix(COMPANION) for entry in entries if entry.name.endswith(COMPANION)}
        exclusions = self._with_ignore_file(entries, exclusions)
        for entry in entries:
            if entry.path in self.files or entry.path in self.entered or entry.name == IGNORE_FILE:
                continue
            is_folder = _asked(entry.is_dir)
            reason = self._reason(entry, is_folder, exclusions)
            if reason is None and not is_folder:
                reason = UNFINISHED if entry.name in companions else self._take_if_sound(entry)
            if reason:
                self.left_out[reason] += 1
            elif is_folder:
                yield entry.path, _identity(entry), exclusions

    def _entries(self, folder: str) -> list[os.DirEntry]:
        try:
            with os.scandir(folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            self.unread.append(folder)
            what = f"folder not readable ({error.strerror})"
            self.on_problem(Problem(folder, what, "Change its permissions."))
            return []

    def _with_ignore_file(self, entries: list[os.DirEntry], exclusions: Exclusions) -> Exclusions:
        path = next((entry.path for entry in entries if entry.name == IGNORE_FILE and _asked(entry.is_file)), None)
        if path is None:
            return exclusions
        return exclusions.with_file(path, lambda *wrong: self.on_problem(Problem(path, *wrong)))

    @staticmethod
    def _reason(entry: os.DirEntry, is_folder: bool, exclusions: Exclusions) -> str | None:
        """Why something is left out whatever it holds; None where nothing speaks against it."""
        reason = (folder_reason if is_folder else file_reason)(entry.name, _attributes(entry))
        return reason or (EXCLUDED if exclusions.cover(entry.path, is_folder) else None)

    def _take_if_sound(self, entry: os.DirEntry) -> str | None:
        """Take a file that is sound by its name or by its first bytes; why not, else."""
        suffix = os.path.splitext(entry.name)[1].lower()
        if suffix in SUFFIXES or (self.rules.include_video and suffix in VIDEO_SUFFIXES):
            return self.take(entry)
        if not _asked(entry.is_file):  # opening a pipe would wait for ever
            return NOT_SOUND
        if suffix in VIDEO_SUFFIXES:
            return self.take(entry) if shows_video(entry.path) is False else VIDEO
        if not is_audio(Path(entry.path)):
            return NOT_SOUND
        return VIDEO if not self.rules.include_video and shows_video(entry.path) else self.take(entry)

    def take(self, file: str | os.DirEntry) -> None:
        """Note a sound file, or the problem with it."""
        path = os.fspath(file)
        try:
            status = os.stat(path) if isinstance(file, str) else file.stat()
        except OSError as error:
            self.on_problem(Problem(path, f"cannot be read ({error.strerror})", "Mend or remove the link."))
            return
        if stat.S_ISREG(status.st_mode):
            self.files[path] = SoundFile(path, status.st_size, status.st_mtime_ns)
        else:
            self.on_problem(Problem(path, "not a regular file", "Remove it, or scan another folder."))


def _identity(folder: str | os.DirEntry) -> tuple[int, int] | str:
    """What is the same for two paths that lead to one folder."""
    try:
        status = os.stat(folder)  # not the entry's own, which has no inode on Windows
    except OSError:
        return os.fspath(folder)
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(folder)


def _asked(question: Callable[[], bool]) -> bool:
    """The answer of a directory entry; no, where it cannot be known, as with a link into an unreadable folder."""
    try:
        return question()
    except OSError:
        return False


def _attributes(entry: os.DirEntry) -> int:
    """Those of Windows, where asking costs nothing; 0 elsewhere."""
    if os.name != "nt":
        return 0
    try:
        return entry.stat(follow_symlinks=False).st_file_attributes
    except OSError:
        return 0
