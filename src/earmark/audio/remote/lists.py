"""Lists of addresses: one a line, or JSON Lines with ``url`` and, where they are known, ``size`` and ``etag``.

    https://example.org/music/one.flac
    {"url": "https://example.org/music/two.flac", "size": 31415926, "etag": "\\"5f2c\\""}

A list stands for the whole of the folders that its addresses lie in: what was known of these and is no longer listed
counts as gone.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

from earmark.audio.addresses import is_address, public
from earmark.errors import DataError, FileError, printable

MOST_LINE = 20_000  # characters
FORM = "Write one address a line, or JSON with url, size and etag."


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a list.

    Attributes
    ----------
    address : of a file
    size : bytes; None where the list does not tell
    etag : of its content; empty where the list does not tell
    """

    address: str
    size: int | None = None
    etag: str = ""


def read_list(path: str | os.PathLike) -> list[Entry]:
    """The addresses of a list, each once. Raises FileError, and DataError that names the first wrong line."""
    try:
        with open(path, encoding="utf-8-sig") as file:
            entries = [_entry(line, path, number) for number, line in _lines(file)]
    except OSError as error:
        raise FileError(path, f"cannot be read ({error.strerror})", "Check the path.") from error
    except UnicodeDecodeError as error:
        raise DataError(path, "not UTF-8", FORM) from error
    return list({entry.address: entry for entry in entries}.values())


def _lines(file) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(file, 1):
        if (text := line.strip()) and not text.startswith("#"):
            yield number, text


def _entry(line: str, path: str | os.PathLike, number: int) -> Entry:
    values = {"url": line}
    if line.startswith("{"):
        try:
            values = json.loads(line[:MOST_LINE])
        except (ValueError, RecursionError):
            raise DataError(path, f"line {number} is no JSON", FORM) from None
    url, size, etag = values.get("url"), values.get("size"), values.get("etag") or ""
    if not (isinstance(url, str) and len(url) < MOST_LINE and is_address(url)):
        raise DataError(path, f"line {number} has no address: {printable(str(url))[:80]!r}", FORM)
    if not (size is None or (type(size) is int and size >= 0)) or not isinstance(etag, str):
        raise DataError(path, f"line {number}: size or etag of {public(url)} is none", FORM)
    return Entry(url, size, etag)


def folders_of(entries: list[Entry]) -> list[str]:
    """The folder that all addresses of one host (or bucket) have in common, for each host."""
    common: dict[str, list[str]] = {}
    for entry in entries:
        scheme, _, rest = entry.address.partition("://")
        host, *parts = rest.split("?")[0].split("/")
        origin = f"{scheme}://{host}"
        folder = parts[:-1]
        known = common.setdefault(origin, folder)
        common[origin] = known[: _n_common(known, folder)]
    return sorted("/".join((origin, *parts)) for origin, parts in common.items())


def _n_common(one: list[str], other: list[str]) -> int:
    n = 0
    while n < min(len(one), len(other)) and one[n] == other[n]:
        n += 1
    return n
