"""Files of object stores (S3 and what speaks its language, Google Cloud, Azure) through obstore.

obstore is the same Rust client (`object_store`) that Lance opens catalogues with: one set of environment variables
(``AWS_*``, ``GOOGLE_*``, ``AZURE_*``) holds for both. It is one package without others; s3fs would bring thirteen.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from urllib.parse import urlsplit

from earmark.audio.remote.source import AGAIN, TIMEOUT, Part, Passing, changed, missing, patiently, refused
from earmark.errors import ConfigError, MissingPackage, Unreachable, one_line

INSTALL = "Install it with `pip install 'earmark[cloud]'`."
CLOUDS = "AWS", "GOOGLE", "AZURE"  # prefixes of variables; `AWS_ALLOW_HTTP=true` allows a store without TLS
PAGE = 1000  # objects that a store lists at once
SETTINGS = "Check the address and the AWS_, GOOGLE_ or AZURE_ variables of the environment."


@dataclass(frozen=True, slots=True)
class Listed:
    """One object of a listing.

    Attributes
    ----------
    address : whole
    size : bytes
    etag : of its content; empty where the store has none
    modified : when it was written
    """

    address: str
    size: int
    etag: str
    modified: datetime


@lru_cache(maxsize=32)
def _store(root: str):
    """The store of one bucket or container; keys, region and endpoint are those of the environment."""
    try:
        from obstore.store import from_url
    except ImportError:
        raise MissingPackage("obstore", "music in object stores needs it", INSTALL) from None
    plain = any(os.environ.get(f"{name}_ALLOW_HTTP", "").lower() in ("1", "true") for name in CLOUDS)
    client = {
        "allow_http": plain,
        "timeout": timedelta(seconds=TIMEOUT),
        "connect_timeout": timedelta(seconds=10),
        "user_agent": "earmark",
    }
    try:
        return from_url(root, client_options=client, retry_config={"max_retries": 0})
    except Exception as error:  # obstore has a kind of error for each part of the settings
        raise ConfigError(root, f"cannot be opened ({one_line(error)})", SETTINGS) from error


def _split(address: str) -> tuple[str, str]:
    """Bucket and key."""
    parts = urlsplit(address, allow_fragments=False)
    root = f"{parts.scheme}://{parts.netloc}"
    return root, address[len(root) :].lstrip("/")


class StoreFile:
    """One object of a store: a `Source`."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.root, self.key = _split(address)
        self.store = _store(self.root)

    def fetch(self, start: int, stop: int, etag: str) -> Part:
        """Bytes from `start` to `stop`, see `Source`."""
        options = {"range": (start, stop)} | ({"if_match": etag} if etag else {})
        try:
            answer = self.store.get(self.key, options=options)
            data = bytes(answer.bytes())
        except _faults() as error:
            if start == 0 and self._is_empty():
                return Part(b"", 0)
            raise fault(self.address, error) from error
        return Part(data, answer.meta["size"], answer.meta["e_tag"] or "")

    def describe(self) -> Listed:
        """Size, etag and time, without the content. Raises Passing and Unreachable."""
        return _listed(self.root, _head(self.store, self.address, self.key))

    def _is_empty(self) -> bool:
        """Stores refuse to send a part of nothing."""
        try:
            return self.store.head(self.key)["size"] == 0
        except _faults():  # the first error says why
            return False


def _faults() -> tuple[type[Exception], ...]:
    """What obstore raises where a store does not do what it was asked for."""
    from obstore.exceptions import BaseError

    return BaseError, OSError


STATUS = re.compile(r"status code: (\d{3})\b")
NO = {401: refused, 403: refused, 404: missing}


def fault(address: str, error: Exception) -> Exception:
    """What an error of obstore means: Unreachable, or Passing where another try may help."""
    from obstore import exceptions

    if isinstance(error, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError):
        return refused(address, "the store refuses it")
    if isinstance(error, FileNotFoundError):
        return missing(address, "no such object or bucket")
    if isinstance(error, exceptions.PreconditionError):
        return changed(address)
    status = int(found[1]) if (found := STATUS.search(str(error))) else 0
    if status in NO:
        return NO[status](address, f"HTTP {status}")
    if isinstance(error, exceptions.GenericError | OSError) and (status in AGAIN or not 400 <= status < 500):
        return Passing(one_line(error).rpartition(" - ")[2])
    return Unreachable(address, f"cannot be read ({one_line(error)})", SETTINGS)


def objects_below(address: str) -> Iterator[Listed]:
    """Every object of a folder, at any depth; an object of that very name alone. Raises Unreachable, ConfigError."""
    root, key = _split(address.rstrip("/"))
    store, offset = _store(root), None
    while page := patiently(address, partial(_page, store, address, key, offset)):
        yield from (_listed(root, entry) for entry in page)
        offset = page[-1]["path"]
        if len(page) < PAGE:
            return
    if offset is None and key:
        yield _listed(root, patiently(address, lambda: _head(store, address, key)))


def _page(store, address: str, key: str, offset: str | None) -> list[dict]:
    try:
        return list(next(iter(store.list(key or None, offset=offset, chunk_size=PAGE)), ()))
    except _faults() as error:
        raise fault(address, error) from error


def _head(store, address: str, key: str) -> dict:
    try:
        return store.head(key)
    except _faults() as error:
        raise fault(address, error) from error


def _listed(root: str, entry: dict) -> Listed:
    return Listed(f"{root}/{entry['path']}", entry["size"], entry["e_tag"] or "", entry["last_modified"])
