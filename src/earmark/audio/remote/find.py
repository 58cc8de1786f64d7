"""Folders here, in object stores, web addresses and lists of them -> the sound files there, none opened elsewhere."""

import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from earmark.audio.addresses import STORES, WEB, is_address, place_of
from earmark.audio.discover import (
    DEFAULT_RULES,
    EXCLUDED,
    NOT_SOUND,
    SUFFIXES,
    VIDEO,
    VIDEO_SUFFIXES,
    Found,
    Problem,
    Rules,
    SoundFile,
    check_folders,
    find_sound_files,
)
from earmark.audio.ignore import Exclusions
from earmark.audio.junk import file_reason, folder_reason
from earmark.audio.remote.etags import mark_of
from earmark.audio.remote.lists import Entry
from earmark.audio.remote.source import patiently
from earmark.audio.remote.stores import StoreFile, objects_below
from earmark.audio.remote.web import WebFile
from earmark.errors import EarmarkError, Unreachable

AT_ONCE = 16  # web addresses that are asked for size and etag at the same time


def find_everywhere(
    folders: list[str | os.PathLike],
    skip: Path | None,
    on_problem: Callable[[Problem], None],
    rules: Rules = DEFAULT_RULES,
    entries: Iterable[Entry] = (),
) -> Found:
    """All sound files in folders of this machine and of object stores, at web addresses, and of lists of these.

    Parameters
    ----------
    entries : of the lists
    others : see `earmark.audio.discover.find_sound_files`

    Raises
    ------
    FileError : one of `folders` does not exist, or an address cannot be listed at all
    ConfigError : one of the patterns in `rules` is none, or an address is none that is opened
    """
    check_folders(folders)
    near = find_sound_files([folder for folder in folders if not is_address(folder)], skip, on_problem, rules)
    far = FarSearch(on_problem, rules)
    for address in sorted({place_of(folder) for folder in folders if is_address(folder)}):
        far.through(address)
    far.listed(entries)
    if not far.files and not far.passed and not far.unread:
        return near
    files = {file.path: file for file in near.files} | far.files
    left_out = dict(Counter(near.left_out) + far.left_out)
    return Found([files[path] for path in sorted(files)], left_out, near.unread + far.unread, frozenset(far.passed))


@dataclass
class FarSearch:
    """What was found at addresses.

    Attributes
    ----------
    files : address -> sound file
    left_out : reason -> how many
    passed : addresses that are there and were left out
    unread : folders that could not be listed whole, so that nothing is known of what they hold
    """

    on_problem: Callable[[Problem], None]
    rules: Rules
    files: dict[str, SoundFile] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    passed: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)

    def through(self, address: str) -> None:
        """A folder of an object store, or one file of a web server. Raises EarmarkError where there is nothing."""
        if address.split("://", 1)[0] in WEB:
            self.listed([Entry(address)])
            return
        exclusions, n_before = Exclusions.of(address, self.rules.exclude), len(self.files) + len(self.passed)
        try:
            for found in objects_below(address):
                mark = mark_of(found.etag, found.modified)
                self._take(SoundFile(found.address, found.size, mark), address, exclusions)
        except Unreachable as error:
            if len(self.files) + len(self.passed) == n_before:
                raise
            self.unread.append(address)
            self.on_problem(Problem(address, f"could not be listed whole: {error.problem}", error.remedy))

    def _take(self, file: SoundFile, root: str, exclusions: Exclusions) -> None:
        if file.path == root:
            self.files[root] = file
        elif file.size or os.path.splitext(file.path)[1]:  # else it is how some tools mark a folder
            self._take_if_wanted(file, root, exclusions)

    def _take_if_wanted(self, file: SoundFile, root: str, exclusions: Exclusions) -> None:
        reason = self._reason(file.path, root, exclusions)
        if reason is None:
            self.files[file.path] = file
        else:
            self.left_out[reason] += 1
            self.passed.add(file.path)

    def _reason(self, address: str, root: str, exclusions: Exclusions) -> str | None:
        """Why an object is left out, by its name and those of the folders above it."""
        at, names = root, address[len(root) + 1 :].split("/")
        for name in names[:-1]:
            at = f"{at}/{name}"
            if reason := folder_reason(name) or (EXCLUDED if exclusions.cover(at, True) else None):
                return reason
        if reason := file_reason(names[-1]) or (EXCLUDED if exclusions.cover(address, False) else None):
            return reason
        suffix = os.path.splitext(names[-1])[1].lower()
        if suffix in VIDEO_SUFFIXES:
            return None if self.rules.include_video else VIDEO
        return None if suffix in SUFFIXES else NOT_SOUND

    def listed(self, entries: Iterable[Entry]) -> None:
        """Addresses that were named one by one; those without size and etag are asked for them."""
        unknown = []
        for entry in entries:
            if entry.size is None or not entry.etag:
                unknown.append(entry)
            else:
                self.files[entry.address] = SoundFile(entry.address, entry.size, mark_of(entry.etag, None))
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for entry, found in zip(unknown, pool.map(_described, unknown), strict=True):
                if isinstance(found, SoundFile):
                    self.files[entry.address] = found
                else:
                    self.on_problem(Problem(entry.address, found.problem, found.remedy))


def _described(entry: Entry) -> SoundFile | EarmarkError:
    """Size and mark of one address; the error where it cannot be had, so that one costs no other."""
    try:
        if entry.address.split("://", 1)[0] in STORES:
            return patiently(entry.address, lambda: _head(entry.address))
        size, etag, modified = patiently(entry.address, WebFile(entry.address).describe)
    except EarmarkError as error:
        return error
    return SoundFile(entry.address, size or 0, mark_of(etag, modified))


def _head(address: str) -> SoundFile:
    found = StoreFile(address).describe()
    return SoundFile(address, found.size, mark_of(found.etag, found.modified))
