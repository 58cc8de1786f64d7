"""A file at an address as Python's open file: fetched in blocks when they are read, the last of them kept in memory."""

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from earmark.audio.addresses import WEB, name_of
from earmark.audio.positioned import Positioned
from earmark.audio.remote.source import Source, changed, patiently
from earmark.audio.remote.stores import StoreFile
from earmark.audio.remote.web import WebFile
from earmark.errors import AudioError, EarmarkError

BLOCK = 2 << 20  # bytes of one request: three for an ordinary song
MOST_BLOCKS = 32  # kept of one file: 64 MB, so that nearly every file is fetched once, however often it is opened


class RemoteFile:
    """What is known of one file at an address, and the blocks of it that were read last.

    Attributes
    ----------
    address : of the file
    lost : why a block could not be had; None where all could
    requests, fetched : requests that were answered, and bytes
    """

    def __init__(self, address: str, source: Source | None = None) -> None:
        self.address, self.lost = address, None
        self.requests = self.fetched = 0
        self._source = source or (WebFile if address.split("://", 1)[0] in WEB else StoreFile)(address)
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._size: int | None = None
        self._etag = ""

    @property
    def size(self) -> int:
        """Bytes of the whole file. Raises Unreachable."""
        if self._size is None:
            self.block(0)
        return self._size

    def block(self, number: int) -> bytes:
        """One block; raises Unreachable, and remembers that."""
        if (known := self._blocks.get(number)) is not None:
            self._blocks.move_to_end(number)
            return known
        try:
            data = self._fetch(number)
        except EarmarkError as error:
            self.lost = error
            raise
        self._blocks[number] = data
        if len(self._blocks) > MOST_BLOCKS:
            self._blocks.popitem(last=False)
        return data

    def _fetch(self, number: int) -> bytes:
        start = number * BLOCK
        stop = start + BLOCK if self._size is None else min(start + BLOCK, self._size)
        part = patiently(self.address, lambda: self._source.fetch(start, stop, self._etag))
        self.requests, self.fetched = self.requests + 1, self.fetched + len(part.data)
        if self._size not in (None, part.size) or len(part.data) != max(0, min(stop, part.size) - start):
            raise changed(self.address)
        self._size, self._etag = part.size, part.etag or self._etag
        return part.data


class OpenedFile(Positioned):
    """One place in a `RemoteFile`, for reading.

    Attributes
    ----------
    name : the last part of the address, by whose suffix FFmpeg tells some kinds apart; never an address
    """

    def __init__(self, file: RemoteFile) -> None:
        super().__init__()
        self._file = file
        self.name = name_of(file.address)

    @property
    def size(self) -> int:
        """Bytes of the whole file."""
        return self._file.size

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes from here on, all there are for -1, fewer only at the end. Raises Unreachable."""
        stop = self.size if size is None or size < 0 else min(self.size, self._at + size)
        first, parts = self._at, []
        while self._at < stop:
            number, inside = divmod(self._at, BLOCK)
            piece = self._file.block(number)[inside : inside + stop - self._at]
            parts.append(piece)
            self._at += len(piece)
        return b"".join(parts) if first < stop else b""

    def readinto(self, buffer) -> int:
        """As `read`, into a buffer."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


_held: dict[str, RemoteFile] = {}


def open_remote(address: str) -> OpenedFile:
    """A file at an address for reading; what is held of it is not fetched again. Raises AudioError for an empty one."""
    opened = OpenedFile(_held.get(address) or RemoteFile(address))
    if opened.size == 0:
        raise AudioError(address, "the file is empty", "Upload it again.")
    return opened


@contextmanager
def holding(address: str) -> Iterator[RemoteFile]:
    """See `earmark.audio.opening.held`."""
    if address in _held:
        yield _held[address]
        return
    file = _held[address] = RemoteFile(address)
    try:
        yield file
    finally:
        del _held[address]
        if file.lost is not None:
            raise file.lost
