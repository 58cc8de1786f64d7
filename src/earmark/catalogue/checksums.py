"""Checksums of the files that tables are made of, kept beside the tables in ``checksums.jsonl``.

A Lance file is never changed once it is written, and its name is never used again, so a sum that differs is damage.
Sums are taken at the end of a scan, of the files that are new. What a killed scan wrote has no sum until the next one.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from earmark.catalogue.jsonl import read_lines, write_lines
from earmark.catalogue.place import Found, Place
from earmark.catalogue.where import Where, place_of

NAME = "checksums.jsonl"
HINT = "latest_version_hint.json"  # the one file that Lance writes anew; nothing depends on it
HASH_AT_OPENING = 256 << 20  # bytes of files with another time of change that are read when a catalogue is opened


@dataclass(frozen=True)
class Sum:
    """What a file was when it was written: bytes, time of change, BLAKE2b (128 bits, hex)."""

    size: int
    mtime_ns: int
    blake2b: str


def sum_of(path: Where) -> Sum:
    """The sum of a file as it is; errors are those of `open`."""
    place, digest = place_of(path), hashlib.blake2b(digest_size=16)
    for block in place.blocks():
        digest.update(block)
    found = place.look()
    return Sum(found.size, found.mtime_ns, digest.hexdigest())


def read_sums(folder: Where) -> dict[str, Sum]:
    """File below the catalogue's folder -> its sum; lines that cannot be read are passed over."""
    sums = {}
    for row in read_lines(place_of(folder) / NAME):
        try:
            sums[row["file"]] = Sum(int(row["size"]), int(row["mtime_ns"]), str(row["blake2b"]))
        except (KeyError, TypeError, ValueError):
            continue
    return sums


def write_sums(folder: Where, sums: dict[str, Sum]) -> None:
    """Keep these sums, and no others."""
    write_lines(place_of(folder) / NAME, [{"file": name} | asdict(found) for name, found in sorted(sums.items())])


def table_files(folder: Where) -> dict[str, Found]:
    """Every file of the tables that is never changed, below the catalogue's folder, in the order of their names."""
    return dict(sorted(_table_files(place_of(folder))))


def _table_files(folder: Place) -> Iterator[tuple[str, Found]]:
    for table in [name for name in folder.entries() if name.endswith(".lance")]:
        for below, found in (folder / table).files():
            name = below.rpartition("/")[2]
            if name != HINT and not name.startswith((".", "tmp")):
                yield f"{table}/{below}", found


def bytes_of(folder: Where) -> int:
    """What the files of a folder take, bytes."""
    return sum(found.size for _, found in place_of(folder).files())


def update_sums(folder: Where) -> int:
    """Sum the files that have no sum yet and forget those that are gone; returns how many were new.

    A file whose content is not what was summed keeps its old sum: it is damaged.
    """
    folder = place_of(folder)
    before, after, n_new = read_sums(folder), {}, 0
    for name, found in table_files(folder).items():
        try:
            after[name] = _renewed(folder / name, found, before.get(name))
        except FileNotFoundError:  # another process tidies
            continue
        n_new += name not in before
    if after != before:
        write_sums(folder, after)
    return n_new


def _renewed(path: Place, today: Found, known: Sum | None) -> Sum:
    """The sum to keep: the known one, with today's time of change where a copy has changed that alone."""
    if known is not None and today.mtime_ns == known.mtime_ns:
        return known
    found = sum_of(path)
    return known if known is not None and found.blake2b != known.blake2b else found


def damage(path: Where, known: Sum | None) -> str | None:
    """What is wrong with a file, after reading all of it; None where nothing is, or nothing is known."""
    place = place_of(path)
    try:
        if problem := _wrong_size(place.look(), known):
            return problem
        return None if known is None or sum_of(place).blake2b == known.blake2b else "was changed after it was written"
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _wrong_size(found: Found, known: Sum | None) -> str | None:
    if known is None:
        return None if found.size else "is empty"
    return None if found.size == known.size else f"has {found.size} bytes in place of {known.size}"


def glance(folder: Where, names: Iterable[str], sums: dict[str, Sum] | None = None) -> tuple[str, str] | None:
    """The first of these files that is damaged, and how, as far as can be told in a moment.

    Sizes are compared always; the content only of files whose time of change is not the one that was noted, and only
    on this machine: an object store keeps its own sums.

    sums : of the folder, where they have been read already
    """
    folder = place_of(folder)
    sums, left = read_sums(folder) if sums is None else sums, HASH_AT_OPENING if folder.is_local else 0
    for name, found in folder.look_at(names):
        if isinstance(found, OSError):
            gone = isinstance(found, FileNotFoundError)
            return name, "is missing" if gone else f"cannot be read ({found.strerror})"
        known = sums.get(name)
        problem = _wrong_size(found, known)
        if not problem and known is not None and found.mtime_ns != known.mtime_ns and left > 0:
            left -= found.size
            problem = damage(folder / name, known)
        if problem:
            return name, problem
    return None
