"""A place: a file or folder of a catalogue, wherever it lies, behind one small interface.

`LocalPlace` is a path of this machine. `earmark.catalogue.objects` has the other kind, in an object store. What the
store does with either is written once. Errors are those of the file system: FileNotFoundError where nothing is,
OSError for all else.
"""

import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from earmark.files import whole_file

BLOCK = 1 << 20  # bytes that are read at once


@dataclass(frozen=True)
class Found:
    """What is known of a file without reading it: bytes, and time of change (ns since 1970)."""

    size: int
    mtime_ns: int


class Place(ABC):
    """A file or folder; equal to every other object of the same place, and shown to the user as ``str(place)``.

    Attributes
    ----------
    name : the last part of it
    parent : the folder that it is in
    is_local : whether it is on this machine
    uri : as Lance opens it
    options : what Lance needs beside the uri, None where nothing is
    """

    is_local: bool
    options: dict[str, str] | None = None

    @property
    @abstractmethod
    def name(self) -> str:
        """The last part of it."""

    @property
    @abstractmethod
    def parent(self) -> "Place":
        """The folder that it is in."""

    @property
    @abstractmethod
    def uri(self) -> str:
        """As Lance opens it."""

    @abstractmethod
    def __truediv__(self, below: str) -> "Place":
        """What lies in it under this name; slashes lead further down."""

    @property
    def stem(self) -> str:
        """The name without its suffix."""
        return os.path.splitext(self.name)[0]

    @property
    def suffix(self) -> str:
        """The end of the name, from its last dot."""
        return os.path.splitext(self.name)[1]

    @abstractmethod
    def exists(self) -> bool:
        """Whether a file is there, or a folder."""

    @abstractmethod
    def is_folder(self) -> bool:
        """Whether it is a folder; in an object store, whether anything lies in it."""

    @abstractmethod
    def look(self) -> Found:
        """What is known of a file without reading it."""

    @abstractmethod
    def look_at(self, names: Iterable[str]) -> Iterator[tuple[str, Found | OSError]]:
        """What is known of files below this folder, with few requests; in place of an error's raising, the error."""

    @abstractmethod
    def entries(self) -> list[str]:
        """The names of what lies directly in a folder, sorted; none where there is no folder."""

    @abstractmethod
    def files(self) -> Iterator[tuple[str, Found]]:
        """Every file below a folder: its name from here on, with slashes, and what is known of it."""

    @abstractmethod
    def blocks(self) -> Iterator[bytes]:
        """The content of a file, piece by piece."""

    def read(self) -> bytes:
        """The content of a file."""
        return b"".join(self.blocks())

    @abstractmethod
    def write(self, data: bytes) -> None:
        """Make this the content of a file, whole or not at all, and surely on the disk when it returns."""

    @abstractmethod
    def copy_to(self, target: Path) -> None:
        """Copy a file to the disk of this machine."""

    def fetch(self, target: Path) -> Path | None:
        """`copy_to` a file that others may read meanwhile, which is whole at every moment; None where nothing is."""
        try:
            with whole_file(target) as draft:
                self.copy_to(draft)
        except FileNotFoundError:
            return None
        return target

    @abstractmethod
    def at_hand(self) -> AbstractContextManager[Path]:
        """A file of this machine with the same name and content, while the block lasts."""

    @abstractmethod
    def make_folder(self) -> None:
        """Let there be a folder, with those above it."""

    @abstractmethod
    def remove(self) -> None:
        """Drop a file, should it be there."""

    @abstractmethod
    def remove_all(self) -> None:
        """Drop a folder with all that is in it, should it be there."""

    @abstractmethod
    def absolute(self) -> str:
        """The same name for the same place, wherever the process stands."""

    @abstractmethod
    def identity(self) -> object:
        """What tells this folder from another that has come into its place; None where there is none."""


@dataclass(frozen=True)
class LocalPlace(Place):
    """A path of this machine.

    local : the path
    """

    local: Path
    is_local = True

    def __str__(self) -> str:
        return str(self.local)

    def __fspath__(self) -> str:
        return os.fspath(self.local)

    @property
    def name(self) -> str:
        """The last part of it."""
        return self.local.name

    @property
    def parent(self) -> "LocalPlace":
        """The folder that it is in."""
        return LocalPlace(self.local.parent)

    @property
    def uri(self) -> str:
        """As Lance opens it."""
        return str(self.local)

    def __truediv__(self, below: str) -> "LocalPlace":
        return LocalPlace(self.local / below)

    def exists(self) -> bool:
        """As `Place.exists`."""
        return self.local.exists()

    def is_folder(self) -> bool:
        """As `Place.is_folder`."""
        return self.local.is_dir()

    def look(self) -> Found:
        """As `Place.look`."""
        found = self.local.stat()
        return Found(found.st_size, found.st_mtime_ns)

    def look_at(self, names: Iterable[str]) -> Iterator[tuple[str, Found | OSError]]:
        """As `Place.look_at`."""
        for name in names:
            try:
                yield name, (self / name).look()
            except OSError as error:
                yield name, error

    def entries(self) -> list[str]:
        """As `Place.entries`."""
        try:
            return sorted(os.listdir(self.local))
        except (FileNotFoundError, NotADirectoryError):
            return []

    def files(self) -> Iterator[tuple[str, Found]]:
        """As `Place.files`; what another process drops meanwhile is passed over."""
        for folder, _, names in os.walk(self.local):
            below = Path(folder).relative_to(self.local)
            for name in names:
                try:
                    yield (below / name).as_posix(), LocalPlace(Path(folder, name)).look()
                except FileNotFoundError:
                    continue

    def blocks(self) -> Iterator[bytes]:
        """As `Place.blocks`."""
        with open(self.local, "rb") as file:
            while block := file.read(BLOCK):
                yield block

    def write(self, data: bytes) -> None:
        """As `Place.write`."""
        with whole_file(self.local) as draft, open(draft, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def copy_to(self, target: Path) -> None:
        """As `Place.copy_to`, with its time of change."""
        shutil.copy2(self.local, target)

    def at_hand(self) -> AbstractContextManager[Path]:
        """As `Place.at_hand`: the file itself."""
        return nullcontext(self.local)

    def make_folder(self) -> None:
        """As `Place.make_folder`."""
        self.local.mkdir(parents=True, exist_ok=True)

    def remove(self) -> None:
        """As `Place.remove`."""
        self.local.unlink(missing_ok=True)

    def remove_all(self) -> None:
        """As `Place.remove_all`; a file that cannot be dropped is an OSError."""
        if self.local.is_dir():
            shutil.rmtree(self.local)

    def absolute(self) -> str:
        """As `Place.absolute`, links resolved."""
        return str(self.local.resolve())

    def identity(self) -> object:
        """As `Place.identity`: device and number of the folder, whatever its name."""
        try:
            found = self.local.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
