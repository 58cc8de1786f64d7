"""Places in an object store (``s3://``, ``gs://``, ``az://``), through obstore, which ``earmark[cloud]`` brings.

A folder is what names have in common up to a slash. An object is written whole or not at all; one that is there can be
replaced under the condition that it is still what was read (`ObjectPlace.replace`), which is what leases are made of.
"""

import errno
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from earmark.catalogue.place import BLOCK, Found, Place
from earmark.catalogue.storage import for_obstore, masked, storage_options
from earmark.errors import CatalogueError, ConfigError, MissingPackage, one_line, printable

SCHEMES = ("s3", "gs", "az")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
FORM = "Write it as s3://bucket/name, gs://bucket/name or az://container/name."
SAID = {
    "message": re.compile(r"<Message>([^<]+)</Message>"),
    "code": re.compile(r"<Code>([^<]+)</Code>"),
    "reason": re.compile(r'message: "([^"]+)"'),
}
"""What is worth telling of an answer of the store, or of an error of the connection."""
REMEDY = "Check the address, the network and the keys; docs/object-storage.md names the variables."


class Changed(Exception):
    """An object is not, or no longer, what the condition of a write was."""


def is_uri(text: str) -> bool:
    """Whether this is an address rather than a path."""
    return URI.match(text) is not None


@dataclass(frozen=True)
class Tagged:
    """An object's content, the tag that every new content gets, and when the store took it."""

    data: bytes
    etag: str
    modified: datetime


@dataclass(frozen=True)
class ObjectPlace(Place):
    """An object, or what lies below a name.

    bucket : its address, such as ``s3://bucket``
    key : the name in the bucket, without slashes at its ends
    options : see `earmark.catalogue.storage`
    """

    bucket: str
    key: str
    options: dict[str, str] = field(repr=False, compare=False, hash=False, default_factory=dict)
    is_local = False

    @classmethod
    def at(cls, uri: str) -> "ObjectPlace":
        """The place of an address; raises ConfigError that does not show what else it may hold, and MissingPackage."""
        scheme, parts = uri.partition("://")[0].lower(), urlsplit(uri)
        if scheme not in SCHEMES:
            raise ConfigError(f"{scheme}://", "no object store that a catalogue can lie in", FORM)
        if "@" in parts.netloc or parts.query or parts.fragment:
            remedy = "Put keys into the environment or a file; the address is shown and kept."
            raise ConfigError(f"{scheme}://...", "the address holds more than a place", remedy)
        names = [name for name in parts.path.split("/") if name]
        if not parts.netloc or not names or {".", ".."} & set(names):
            raise ConfigError(uri, "names no place in a bucket", FORM)
        return cls(f"{scheme}://{parts.netloc}", "/".join(names), storage_options())

    def __str__(self) -> str:
        return f"{self.bucket}/{self.key}"

    @property
    def name(self) -> str:
        """The last part of it."""
        return self.key.rpartition("/")[2]

    @property
    def parent(self) -> "ObjectPlace":
        """The folder that it is in."""
        return ObjectPlace(self.bucket, self.key.rpartition("/")[0], self.options)

    @property
    def uri(self) -> str:
        """As Lance opens it."""
        return str(self)

    def __truediv__(self, below: str) -> "ObjectPlace":
        return ObjectPlace(self.bucket, f"{self.key}/{below}", self.options)

    @property
    def _store(self):
        return _opened(self.bucket, tuple(sorted(self.options.items())))

    @contextmanager
    def _asked(self) -> Iterator[ModuleType]:
        """The library, whose errors become ours."""
        obstore = _library()
        refused = obstore.exceptions
        try:
            yield obstore
        except FileNotFoundError:
            raise FileNotFoundError(errno.ENOENT, "no such object", str(self)) from None
        except (refused.AlreadyExistsError, refused.PreconditionError):
            raise Changed(str(self)) from None
        except (refused.PermissionDeniedError, refused.UnauthenticatedError):
            raise CatalogueError(self, "the object store refuses the keys", REMEDY) from None
        except (refused.BaseError, OSError) as error:
            raise CatalogueError(self, f"cannot be reached ({self._brief(error)})", REMEDY) from None

    def _brief(self, error: BaseException) -> str:
        return masked(brief(error), self.options)

    def _below(self) -> Iterator[list[dict]]:
        with self._asked() as obstore:
            yield from obstore.list(self._store, prefix=self.key)

    def exists(self) -> bool:
        """As `Place.exists`."""
        try:
            self.look()
        except FileNotFoundError:
            return self.is_folder()
        return True

    def is_folder(self) -> bool:
        """As `Place.is_folder`."""
        return any(found["path"] != self.key for some in self._below() for found in some)

    def look(self) -> Found:
        """As `Place.look`."""
        with self._asked() as obstore:
            return _found(obstore.head(self._store, self.key))

    def look_at(self, names: Iterable[str]) -> Iterator[tuple[str, Found | OSError]]:
        """As `Place.look_at`: one listing of each folder in it that is asked for."""
        listed: dict[str, dict[str, Found]] = {}
        for name in names:
            top, _, below = name.partition("/")
            if top not in listed:
                listed[top] = dict((self / top).files())
            yield name, listed[top].get(below) or FileNotFoundError(errno.ENOENT, "no such object", str(self / name))

    def entries(self) -> list[str]:
        """As `Place.entries`."""
        with self._asked() as obstore:
            found = obstore.list_with_delimiter(self._store, prefix=self.key)
        paths = [*found["common_prefixes"], *(one["path"] for one in found["objects"])]
        return sorted(path.rpartition("/")[2] for path in paths if path != self.key)

    def files(self) -> Iterator[tuple[str, Found]]:
        """As `Place.files`."""
        for some in self._below():
            yield from ((one["path"][len(self.key) + 1 :], _found(one)) for one in some if one["path"] != self.key)

    def blocks(self) -> Iterator[bytes]:
        """As `Place.blocks`."""
        with self._asked() as obstore:
            yield from obstore.get(self._store, self.key).stream(min_chunk_size=BLOCK)

    def write(self, data: bytes) -> None:
        """As `Place.write`."""
        with self._asked() as obstore:
            obstore.put(self._store, self.key, data)

    def copy_from(self, source: Path) -> None:
        """Upload a file of this machine, in parts where it is large."""
        with self._asked() as obstore:
            obstore.put(self._store, self.key, source)

    def copy_to(self, target: Path) -> None:
        """As `Place.copy_to`, with its time of change."""
        with open(target, "wb") as file:
            for block in self.blocks():
                file.write(block)
        modified = self.look().mtime_ns
        os.utime(target, ns=(modified, modified))

    @contextmanager
    def at_hand(self) -> Iterator[Path]:
        """As `Place.at_hand`: a copy that vanishes afterwards."""
        with tempfile.TemporaryDirectory(prefix="earmark-") as folder:
            path = Path(folder, self.name)
            self.copy_to(path)
            yield path

    def make_folder(self) -> None:
        """As `Place.make_folder`: nothing to do, folders come with what lies in them."""

    def remove(self) -> None:
        """As `Place.remove`."""
        with suppress(FileNotFoundError), self._asked() as obstore:
            obstore.delete(self._store, self.key)

    def remove_all(self) -> None:
        """As `Place.remove_all`."""
        for some in self._below():
            with suppress(FileNotFoundError), self._asked() as obstore:
                obstore.delete(self._store, [one["path"] for one in some])

    def absolute(self) -> str:
        """As `Place.absolute`."""
        return str(self)

    def identity(self) -> object:
        """As `Place.identity`: its address, which nothing can be mounted over."""
        return str(self)

    # -- what leases need ---------------------------------------------------------------------------------------------

    def read_tagged(self) -> Tagged:
        """The content of an object with its tag; raises FileNotFoundError."""
        with self._asked() as obstore:
            found = obstore.get(self._store, self.key)
            return Tagged(bytes(found.bytes()), found.meta["e_tag"], found.meta["last_modified"])

    def replace(self, data: bytes, etag: str | None) -> str:
        """Write an object that has this tag still, or that is not there yet (None); returns its new tag.

        Raises Changed where another was faster.
        """
        with self._asked() as obstore:
            put = obstore.put(self._store, self.key, data, mode={"e_tag": etag} if etag else "create")
        return put["e_tag"]


def _found(meta: dict) -> Found:
    return Found(meta["size"], int(meta["last_modified"].timestamp()) * 1_000_000_000)


@lru_cache(maxsize=16)
def _opened(bucket: str, options: tuple[tuple[str, str], ...]):
    """The client of a bucket; raises MissingPackage, and ConfigError for an option that it does not know."""
    store, client = for_obstore(dict(options))
    retries = int(dict(options)["client_max_retries"])
    retry = {"max_retries": retries, "retry_timeout": timedelta(seconds=int(dict(options)["client_retry_timeout"]))}
    try:
        return _library().store.from_url(
            bucket, config=store or None, client_options=client or None, retry_config=retry
        )
    except Exception as error:
        problem = f"cannot be opened ({masked(brief(error), dict(options))})"
        raise ConfigError(bucket, problem, REMEDY) from None


def _library() -> ModuleType:
    """Imported late: most catalogues lie in a folder."""
    try:
        import obstore.exceptions
        import obstore.store
    except ImportError:
        raise MissingPackage("obstore", "is not installed", "Run `pip install earmark[cloud]`.") from None
    return obstore


def brief(error: BaseException) -> str:
    """What the store says, or else the connection, without the way there."""
    said = {name: found[1] for name, pattern in SAID.items() if (found := pattern.search(str(error)))}
    if "message" in said:
        return printable(f"{said['message'].strip('.')}, {said.get('code', 'no code')}"[:200])
    text = one_line(error, 400).rpartition(" - ")[2].partition(": <?xml")[0]
    return f"{text}: {printable(said['reason'])}" if "reason" in said else text
