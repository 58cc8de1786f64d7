"""What turns a file back into what it was: the bytes that differ, and where.

Tags stand before or behind the sound, which moves as a whole when they grow. So the old file is read in two parts: up
to some place it is compared with the new one from the beginning, from there on from the end; only bytes that differ
are kept. In Ogg, where every page is numbered, these are a few bytes a page.
"""

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgpack
import numpy as np

BLOCK = 16_384  # bytes; the place is chosen between blocks
GAP = 16  # equal bytes that do not end a run
COPY = 1 << 20  # bytes moved at once


@dataclass(frozen=True)
class Delta:
    """The way back from a new file to the old one.

    Attributes
    ----------
    n_old, n_new : bytes
    split : up to here the old file is like the new one from the beginning, behind it from the end
    runs : (place in the old file, bytes) of all that differs
    """

    n_old: int
    n_new: int
    split: int
    runs: tuple[tuple[int, bytes], ...]

    def pack(self) -> bytes:
        """As kept in the journal."""
        return zlib.compress(msgpack.packb((self.n_old, self.n_new, self.split, self.runs)))

    @classmethod
    def unpack(cls, data: bytes) -> "Delta":
        """The inverse of `pack`."""
        n_old, n_new, split, runs = msgpack.unpackb(zlib.decompress(data), max_bin_len=1 << 31)
        return cls(n_old, n_new, split, tuple((place, part) for place, part in runs))


def find_delta(old: str | os.PathLike, new: str | os.PathLike) -> Delta:
    """What leads from the new file back to the old one."""
    a, b = _bytes_of(old), _bytes_of(new)
    split = _best_split(a, b)
    return Delta(len(a), len(b), split, tuple(_runs(a, b, split)))


def _bytes_of(path: str | os.PathLike) -> np.ndarray:
    return np.memmap(path, np.uint8, "r") if os.path.getsize(path) else np.zeros(0, np.uint8)


def _differs(old: np.ndarray, new: np.ndarray, start: int, end: int, shift: int) -> np.ndarray:
    """bool [end - start]: where old[start:end] differs from the new file, moved by `shift`; beyond its ends always."""
    differs = np.ones(end - start, bool)
    first, last = max(start, -shift), min(end, len(new) - shift)
    if first < last:
        differs[first - start : last - start] = old[first:last] != new[first + shift : last + shift]
    return differs


def _best_split(old: np.ndarray, new: np.ndarray) -> int:
    """The place before which the beginnings, and behind which the ends, differ in the fewest bytes together."""
    starts = range(0, len(old), BLOCK)
    shift = len(new) - len(old)
    counts = [[_differs(old, new, i, min(i + BLOCK, len(old)), s).sum() for i in starts] for s in (0, shift)]
    head, tail = (np.concatenate([[0], np.cumsum(count, dtype=np.int64)]) for count in counts)
    return min(int(np.argmin(head + tail[-1] - tail)) * BLOCK, len(old))


def _runs(old: np.ndarray, new: np.ndarray, split: int) -> Iterator[tuple[int, bytes]]:
    for start in range(0, len(old), BLOCK):
        end = min(start + BLOCK, len(old))
        shift = 0 if start < split else len(new) - len(old)
        places = np.flatnonzero(_differs(old, new, start, end, shift))
        for run in np.split(places, np.flatnonzero(np.diff(places) > GAP) + 1) if len(places) else ():
            first, last = start + int(run[0]), start + int(run[-1]) + 1
            yield first, old[first:last].tobytes()


def restore(new: str | os.PathLike, delta: Delta, out: Path) -> None:
    """Write the old file to `out`, of the new one and the way back."""
    shift = delta.n_new - delta.n_old
    with open(new, "rb") as source, open(out, "wb") as target:
        target.truncate(delta.n_old)
        _copy(source, target, 0, min(delta.split, delta.n_new), 0)
        first = max(delta.split, -shift)
        _copy(source, target, first + shift, delta.n_new, first)
        for place, part in delta.runs:
            target.seek(place)
            target.write(part)
        target.flush()
        os.fsync(target.fileno())


def _copy(source, target, start: int, end: int, place: int) -> None:
    """source[start:end] to a place in the target."""
    source.seek(start)
    target.seek(place)
    left = end - start
    while left > 0 and (part := source.read(min(left, COPY))):
        target.write(part)
        left -= len(part)
