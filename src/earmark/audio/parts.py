"""A file's sound as packets, through every part: chained streams and files joined end to end are heard to the end.

Ogg allows whole streams one after another (radio recordings, `cat`); FFmpeg follows only those alike to the first. Its
wav, aiff and flac readers stop or stumble at a second file. So each such part is opened for itself.
"""

import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, Protocol

import av

from earmark.audio.containers import audio_stream, open_container
from earmark.audio.opening import open_file, size_of
from earmark.audio.spliced import Hidden, SplicedFile
from earmark.errors import AudioError, Unreachable

MAX_PARTS = 1000  # opened of one file; a hostile one could hold a million
CHUNK = 1 << 20  # bytes read at once in search of a part
OGG_START = b"OggS\0"
OGG_FIRST_PAGE = 0x02  # flag of a page that begins a stream
FLAC_START = b"fLaC\0\0\0\x22"
CONTINUED = {b"RIFF": ("<I", b"WAVE"), b"FORM": (">I", b"AIFF")}  # mark -> how its size is written, and its kind


class Listener(Protocol):
    """What is told of a file's sound, in order."""

    def begin(self, container: av.container.InputContainer, stream: av.AudioStream) -> None:
        """A part begins; neither may be used once the next has begun."""

    def take(self, packet: av.Packet) -> None:
        """The next packet; an empty one tells that the part ends here."""

    def end(self, broken: bool) -> None:
        """The part is over; where it is `broken`, FFmpeg found something else than sound."""


def read_through(path: str | os.PathLike, listener: Listener) -> None:
    """Tell a listener every packet of a file's sound; what cannot be read any further ends the part that it is in.

    Raises
    ------
    AudioError : the file cannot be opened as sound; later parts that cannot are passed over
    """
    starts, n = _starts(path), 0
    while starts and n < MAX_PARTS:
        start, n = starts.pop(0), n + 1
        try:
            with _opened(path, start, starts[0] if starts else None) as container:
                found = _read_part(container, audio_stream(container, path), listener, path)
        except Unreachable:
            raise
        except AudioError:
            if n == 1:
                raise
        else:
            starts += [] if found is None else [start + found]


@contextmanager
def _opened(path: str | os.PathLike, start: int, end: int | None) -> Iterator[av.container.InputContainer]:
    """The whole file by its name, since that is fastest; a part of it otherwise."""
    if start == 0 and end is None:
        with open_container(path) as container:
            yield container
        return
    with open_file(path) as file, open_container(path, _part(file, start, end)) as container:
        yield container


def _part(file: BinaryIO, start: int, end: int | None) -> SplicedFile:
    """Bytes from `start` to `end` of a file, or to its own end, as a file of its own."""
    size = size_of(file)
    return SplicedFile(file, [Hidden(0, start), Hidden(size if end is None else end, size)])


def _read_part(
    container: av.container.InputContainer, stream: av.AudioStream, listener: Listener, path: str | os.PathLike
) -> int | None:
    """Tell the packets of one part; returns where in it another begins, as far as only its packets show that."""
    listener.begin(container, stream)
    found, broken = None, False
    try:
        if container.format.name == "flac":
            found = _read_flac(container, stream, listener)
        else:
            take = listener.take
            for packet in container.demux(stream):
                take(packet)
    except av.error.FFmpegError:
        broken = not _is_tagged(path)
    listener.end(broken)
    return found


def _read_flac(container: av.container.InputContainer, stream: av.AudioStream, listener: Listener) -> int | None:
    """As other kinds; but of joined files FFmpeg takes the head of the second for a part of the first's last frame."""
    usual = None
    for packet in container.demux(stream):
        usual = usual or packet.duration
        at = bytes(packet).find(FLAC_START) if packet.duration != usual else 0
        if at > 0:
            listener.take(_beginning(packet, at))
            return packet.pos + at
        listener.take(packet)
    return None


def _beginning(packet: av.Packet, n_bytes: int) -> av.Packet:
    """The packet without what FFmpeg took for the rest of it."""
    cut = av.Packet(bytes(packet)[:n_bytes])
    cut.pts, cut.dts, cut.duration = packet.pts, packet.dts, packet.duration
    return cut


def _is_tagged(path: str | os.PathLike) -> bool:
    """Whether an ID3v1 tag lies behind the sound, at which some of FFmpeg's readers stumble."""
    with open_file(path) as file:
        file.seek(max(size_of(file) - 128, 0))
        return file.read(3) == b"TAG"


def _starts(path: str | os.PathLike) -> list[int]:
    """Where the parts of a file begin, in bytes; [0] for an ordinary one."""
    try:
        with open_file(path) as file:
            head = file.read(12)
            if head.startswith(OGG_START):
                return _ogg_starts(file)
            return list(_chunk_starts(file)) if head[:4] in CONTINUED else [0]
    except OSError:
        return [0]  # opening it says why


def _chunk_starts(file) -> Iterator[int]:
    """RIFF and FORM name their size: the next one begins right behind, or there is none."""
    start, mark = 0, None
    for _ in range(MAX_PARTS):
        file.seek(start)
        head = file.read(12)
        if len(head) < 12 or head[:4] not in CONTINUED or (mark and head[:4] != mark):
            return
        mark = head[:4]
        order, kind = CONTINUED[mark]
        if start and head[8:11] != kind[:3]:
            return
        yield start
        size = struct.unpack(order, head[4:8])[0]
        start += 8 + size + size % 2


def _ogg_starts(file) -> list[int]:
    """Each first page of a stream that does not follow another first page: there begins a link of the chain."""
    starts, behind = [0], 0
    for at in _first_pages(file):
        if at != behind and at != 0 and len(starts) < MAX_PARTS:
            starts.append(at)
        behind = at + _page_size(file, at)
    return starts


def _first_pages(file) -> Iterator[int]:
    """Offsets of the pages that begin a stream."""
    base, tail = 0, b""
    file.seek(0)
    while block := file.read(CHUNK):
        data, at = tail + block, -1
        while (at := data.find(OGG_START + bytes([OGG_FIRST_PAGE]), at + 1)) >= 0:
            yield base - len(tail) + at
            file.seek(base + len(block))
        base, tail = base + len(block), data[-len(OGG_START) :]


def _page_size(file, at: int) -> int:
    """Bytes of the page at an offset: its header, its table of segments, and these."""
    file.seek(at)
    head = file.read(27 + 255)
    return 27 + head[26] + sum(head[27 : 27 + head[26]]) if len(head) > 26 else len(head)
