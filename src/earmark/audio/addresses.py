"""What names a file: a path of this machine, or an address with one of a few schemes."""

import os
import re
from urllib.parse import unquote, urlsplit

from earmark.errors import ConfigError, printable

STORES, WEB = frozenset({"s3", "gs", "az"}), frozenset({"https", "http"})
SCHEMES = STORES | WEB
"""The only ones that are opened: FFmpeg itself opens none."""
SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
SPELL = "Write s3://bucket/folder, gs://bucket/folder, az://container/folder, or https://host/song.flac."


def is_address(path: str | os.PathLike) -> bool:
    """Whether it names something that does not lie on this machine."""
    return "://" in (text := os.fspath(path)) and text.split("://", 1)[0] in SCHEMES


def check_address(path: str) -> None:
    """Raise ConfigError for an address of a scheme that is not opened, or without a host; a path is always right."""
    found = SCHEME.match(path)
    if not found or os.path.exists(path):
        return
    if found[1] not in SCHEMES:
        raise ConfigError(printable(path), f"addresses of {found[1]}:// are not opened", SPELL)
    parts = urlsplit(path)
    if not parts.hostname or parts.username or parts.password:
        what = "a name or password in it would be kept with every file" if parts.username else "it names no host"
        raise ConfigError(public(path), what, SPELL)


def place_of(path: str | os.PathLike) -> str:
    """How the catalogue keeps it: an address without a slash at its end, a path as an absolute one."""
    text = os.fspath(path)
    return text.rstrip("/") if is_address(text) else os.path.abspath(text)


def name_of(path: str | os.PathLike) -> str:
    """The last part of a path or address, as people read it: "%20" of a web address is a space."""
    text = os.fspath(path)
    if not is_address(text):
        return os.path.basename(text)
    scheme, _, rest = text.partition("://")
    last = (urlsplit(text).path if scheme in WEB else rest).rstrip("/").rsplit("/", 1)[-1]
    return unquote(last) if scheme in WEB else last


def public(address: str) -> str:
    """A web address without its query, which may hold a signature, and without a name and password."""
    if address.split("://", 1)[0] not in WEB:
        return address
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
