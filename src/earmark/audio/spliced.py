"""A file for reading in which some parts are left out or replaced; nothing of it is copied."""

import io
from dataclasses import dataclass
from typing import BinaryIO

from earmark.audio.positioned import Positioned


@dataclass(frozen=True, slots=True)
class Hidden:
    """Bytes from `start` to `stop` of a file, and what FFmpeg is given in their place."""

    start: int
    stop: int
    instead: bytes = b""


class SplicedFile(Positioned):
    """A file for reading in which some parts are left out or replaced."""

    def __init__(self, file: BinaryIO, hidden: list[Hidden]) -> None:
        super().__init__()
        self._pieces: list[tuple[int, int, bytes | int]] = []  # where it begins and ends here; bytes, or a place there
        self._file, here, there = file, 0, 0
        for part in sorted(hidden, key=lambda part: part.start):
            here = self._add(here, part.start - there, there)
            here = self._add(here, len(part.instead), part.instead)
            there = max(there, part.stop)
        self.size = self._add(here, file.seek(0, io.SEEK_END) - there, there)

    def _add(self, here: int, length: int, source: bytes | int) -> int:
        if length > 0:
            self._pieces.append((here, here + length, source))
        return here + max(0, length)

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes from here on, all there are for -1."""
        stop = self.size if size < 0 else min(self.size, self._at + size)
        parts = [self._part(piece, stop) for piece in self._pieces if piece[1] > self._at and piece[0] < stop]
        self._at = max(self._at, stop)
        return b"".join(parts)

    def _part(self, piece: tuple[int, int, bytes | int], stop: int) -> bytes:
        begin, end, source = piece
        first, last = max(self._at, begin) - begin, min(stop, end) - begin
        if isinstance(source, bytes):
            return source[first:last]
        self._file.seek(source + first)
        return self._file.read(last - first)
