"""File -> mono float32: FFmpeg through PyAV, streamed, bounded in time and memory."""

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np

from earmark.errors import AudioError
from earmark.settings import MAX_SECONDS, TIME_LIMIT

SAMPLE_RATE = 16_000  # Hz, of every signal that our own networks read
BLOCK_SAMPLES = 65_536  # handed on at once: few calls, little memory

# What FFmpeg may take a file for. Playlists are left out on purpose: they could name other files or addresses.
CONTAINERS = (
    "mp3,flac,ogg,mov,wav,w64,aiff,asf,aac,matroska,webm,ape,wv,tta,caf,au,ac3,eac3,mpc,mpc8,dsf,amr,avi,mpegts"
)

# Tags that are no UTF-8 are no reason to refuse a file: PyAV up to 18 has an option for it, later ones need none.
LENIENT = {"metadata_errors": "surrogateescape"} if int(av.__version__.split(".")[0]) < 19 else {}

Observer = Callable[[np.ndarray, int, str], None]
"""Called with each decoded block: float32 [n_channels, n], its rate in Hz, and its FFmpeg channel layout."""

av.logging.set_level(av.logging.PANIC)  # our own errors say what is wrong; a scan's output stays readable


@dataclass(frozen=True)
class Audio:
    """One decoded file.

    Attributes
    ----------
    path : as given
    y : float32 [n_samples], mono (mean of the channels), full scale 1.0
    sr : rate of y, Hz
    duration : length of the whole file, seconds, also where y is cut
    track_id : content hash, equal for two files whose audio stream is the same, whatever their tags and name
    codec, native_sr, n_channels : of the file
    truncated : True where y holds only the first `max_seconds`
    metadata : the file's tags as FFmpeg reads them, see `read_metadata`
    """

    path: str
    y: np.ndarray
    sr: int
    duration: float
    track_id: str
    codec: str
    native_sr: int
    n_channels: int
    truncated: bool
    metadata: dict[str, str] = field(default_factory=dict)


def load_audio(
    path: str | os.PathLike,
    sr: int = SAMPLE_RATE,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
    observer: Observer | None = None,
) -> Audio:
    """Decode one file to mono.

    Parameters
    ----------
    path : any file that FFmpeg reads; covers and video streams in it are ignored
    sr : wanted rate, Hz
    max_seconds : decode no more than this; the rest is only read through, for the hash and the duration
    time_limit : seconds of wall clock, beyond which the file is given up
    observer : called with each block as decoded, before it is mixed and resampled

    Raises
    ------
    AudioError : missing, unreadable, without audio, without a single sample, or too slow
    """
    with open_container(path) as container:
        stream = _audio_stream(container, path)
        reader = _Reader(stream, sr, max_seconds, time.monotonic() + time_limit, observer)
        try:
            reader.read(container)
        except TimeoutError:
            remedy = "Try it alone, or convert it to another format."
            raise AudioError(path, f"decoding took longer than {time_limit:g} s", remedy) from None
        return reader.result(path, _metadata(container, stream))


def content_hash(path: str | os.PathLike) -> str:
    """The ``track_id`` of a file, read through but not decoded: 20 hexadecimal digits over its audio packets.

    Tags, covers and the name do not enter, so a retagged or moved file keeps its id. Raises AudioError.
    """
    with open_container(path) as container:
        stream = _audio_stream(container, path)
        digest = _new_digest(stream)
        for packet in container.demux(stream):
            digest.update(bytes(packet))
        return digest.hexdigest()


def read_metadata(path: str | os.PathLike) -> dict[str, str]:
    """The tags of a file as FFmpeg reads them: name in lower case -> text, those of the audio stream included.

    Names are FFmpeg's own where it knows the tag, else the file's. Raises AudioError.
    """
    with open_container(path) as container:
        return _metadata(container, _audio_stream(container, path))


def _metadata(container: av.container.InputContainer, stream: av.AudioStream) -> dict[str, str]:
    """Where a name is found twice, the container's goes before the stream's."""
    pairs = [*stream.metadata.items(), *container.metadata.items()]
    return {name.lower(): _legible(text) for name, text in pairs}


def _legible(text: str) -> str:
    """Text whose bytes were not UTF-8 as Windows-1252, in which most other tags are written."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return text


@contextmanager
def open_container(path: str | os.PathLike) -> Iterator[av.container.InputContainer]:
    """The file as an open container of FFmpeg; the block that uses it may raise FFmpeg's errors too.

    Raises
    ------
    AudioError : missing, a folder, empty, without permission, or not readable as audio, with the file's path
    """
    path = os.fspath(path)
    if not os.path.exists(path):
        raise AudioError(path, "no such file", "Check the path.")
    if os.path.isdir(path):
        raise AudioError(path, "a folder, not a file", "Use `earmark scan` for folders.")
    if os.path.getsize(path) == 0:
        raise AudioError(path, "the file is empty", "Copy or download it again.")
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    # The prefix keeps names such as "a:b.mp3" from being read as an address.
    url = "file:" + os.path.abspath(path)
    try:
        with av.open(url, container_options=options, **LENIENT) as container:
            yield container
    except AudioError:
        raise
    except PermissionError as error:
        raise AudioError(path, "no permission to read it", "Change its permissions.") from error
    except (av.error.FFmpegError, ValueError, MemoryError) as error:
        raise AudioError(path, f"not readable as audio ({_reason(error)})", DAMAGED) from error


DAMAGED = "Check that it plays; if it does not, copy or download it again."


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _audio_stream(container: av.container.InputContainer, path: str | os.PathLike) -> av.AudioStream:
    stream = container.streams.best("audio")
    if stream is None:
        raise AudioError(path, "no audio stream in it", "Give a file that holds sound.")
    if stream.codec_context is None:
        raise AudioError(path, "its codec is unknown to this FFmpeg", "Convert it to flac, ogg or mp3.")
    stream.codec_context.thread_count = 1  # a scan runs one process a core
    return stream


def _new_digest(stream: av.AudioStream) -> "hashlib.blake2b":
    context = stream.codec_context
    digest = hashlib.blake2b(digest_size=10)
    digest.update(f"{context.name} {context.rate} {context.layout.nb_channels}".encode())
    return digest


class _Reader:
    """Reads one stream to its end: hashes every packet, decodes the first `max_seconds` of them."""

    def __init__(
        self, stream: av.AudioStream, sr: int, max_seconds: float, deadline: float, observer: Observer | None
    ) -> None:
        self.stream, self.sr, self.deadline, self.observer = stream, sr, deadline, observer
        context = stream.codec_context
        self.codec, self.native_sr, self.n_channels = context.name, context.rate, context.layout.nb_channels
        self.digest = _new_digest(stream)
        self.y = _GrowingSignal(self._expected_samples(max_seconds))
        self.limit = round(max_seconds * sr)
        self.mixer: _Mixer | None = None
        self.end = 0  # of the last packet seen, in ticks of the stream's clock

    def _expected_samples(self, max_seconds: float) -> int:
        seconds = float(self.stream.duration * self.stream.time_base) if self.stream.duration else 60.0
        return round(min(max(seconds, 1.0), max_seconds) * self.sr) + 2 * BLOCK_SAMPLES

    def read(self, container: av.container.InputContainer) -> None:
        """Demultiplex the stream to its end. Raises TimeoutError past the deadline, and errors of FFmpeg."""
        for packet in container.demux(self.stream):
            self.digest.update(bytes(packet))
            if packet.pts is not None and packet.duration:
                self.end = max(self.end, packet.pts + packet.duration)
            if time.monotonic() > self.deadline:
                raise TimeoutError
            if self.y.size < self.limit:
                self._decode(packet)
        if self.mixer is not None:
            self._take(self.mixer.flush())

    def _decode(self, packet: av.Packet) -> None:
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            return  # a damaged packet costs its own few milliseconds, not the file
        for frame in frames:
            if self.mixer is None or not self.mixer.fits(frame):
                if self.mixer is not None:
                    self._take(self.mixer.flush())
                self.mixer = _Mixer(frame, self.sr, self.observer)
            self._take(self.mixer.push(frame))

    def _take(self, blocks: Iterator[np.ndarray]) -> None:
        for block in blocks:
            self.y.extend(block)

    def result(self, path: str | os.PathLike, metadata: dict[str, str]) -> Audio:
        """What has been decoded, cut at `limit` samples; samples that are not finite are 0. Raises AudioError."""
        y = self.y.samples()[: self.limit]
        if y.size == 0:
            raise AudioError(path, "not one sample could be decoded", DAMAGED)
        with np.errstate(invalid="ignore"):
            finite = np.isfinite(y.sum(dtype=np.float64))  # needs no array of its own
        if not finite:
            y = np.nan_to_num(y, nan=0.0, posinf=0.0, neginf=0.0)  # float files may hold anything
        end = float(self.end * self.stream.time_base)
        truncated = self.y.size >= self.limit and end > y.size / self.sr + 0.5
        return Audio(
            path=os.fspath(path), y=y, sr=self.sr,
            duration=end if truncated else y.size / self.sr,
            track_id=self.digest.hexdigest(), codec=self.codec,
            native_sr=self.native_sr, n_channels=self.n_channels, truncated=truncated, metadata=metadata,
        )  # fmt: skip


class _GrowingSignal:
    """float32 samples in one array that is made for the expected length and grows only if that was wrong."""

    def __init__(self, expected: int) -> None:
        self._buffer = np.empty(expected, np.float32)
        self.size = 0

    def extend(self, block: np.ndarray) -> None:
        """Append float32 [n]."""
        needed = self.size + block.size
        if needed > self._buffer.size:
            self._buffer.resize(max(needed, self._buffer.size * 3 // 2), refcheck=False)
        self._buffer[self.size : needed] = block
        self.size = needed

    def samples(self) -> np.ndarray:
        """What has been appended: float32 [size], a view."""
        return self._buffer[: self.size]


class _Mixer:
    """FFmpeg filters for frames of one format: mean of the channels, resampled to mono; and the observer's copy."""

    def __init__(self, frame: av.AudioFrame, sr: int, observer: Observer | None) -> None:
        self._format = _format_of(frame)
        self._waiting = 0  # samples pushed since the last pull
        self._observer, self._rate, self._layout = observer, frame.rate, frame.layout.name
        graph = av.filter.Graph()
        graph.threads = 1
        self._source = graph.add_abuffer(sample_rate=frame.rate, format=frame.format, layout=frame.layout)
        floats = graph.add("aformat", "sample_fmts=fltp")
        self._source.link_to(floats)
        tail = self._split(graph, floats) if observer else floats
        n = frame.layout.nb_channels
        mean = graph.add("pan", "mono|c0=" + "+".join(f"{1 / n:.9f}*c{i}" for i in range(n)))
        self._mono = self._chain(graph, tail, mean, graph.add("aresample", f"{sr}"))
        graph.configure(auto_buffer=False)
        self._graph = graph  # its filters live as long as it does

    def _split(self, graph: av.filter.Graph, floats: av.filter.context.FilterContext):
        split = graph.add("asplit", "2")
        floats.link_to(split)
        self._native = self._chain(graph, split, first_output=1)
        return split

    def _chain(self, graph: av.filter.Graph, head, *filters, first_output: int = 0):
        """Link head -> filters -> blocks of BLOCK_SAMPLES -> a sink; returns the sink."""
        blocks = graph.add("asetnsamples", f"n={BLOCK_SAMPLES}:p=0")
        for i, tail in enumerate((*filters, blocks, graph.add("abuffersink"))):
            head.link_to(tail, first_output if i == 0 else 0)
            head = tail
        return head

    def fits(self, frame: av.AudioFrame) -> bool:
        """Some streams change rate or channels on their way."""
        return _format_of(frame) == self._format

    def push(self, frame: av.AudioFrame) -> Iterator[np.ndarray]:
        """Take one frame; gives the mono blocks that are ready, float32 [n], often none."""
        frame.pts = None  # gaps and jumps in the clock are not our concern
        self._source.push(frame)
        self._waiting += frame.samples
        return self._pull() if self._waiting >= BLOCK_SAMPLES else iter(())  # asking after every frame is slow

    def flush(self) -> Iterator[np.ndarray]:
        """End the stream; gives the mono blocks that are left, float32 [n]."""
        self._source.push(None)
        return self._pull()

    def _pull(self) -> Iterator[np.ndarray]:
        self._waiting = 0
        if self._observer:
            for block in _drain(self._native):
                self._observer(block, self._rate, self._layout)
        for block in _drain(self._mono):
            yield block[0]


def _format_of(frame: av.AudioFrame) -> tuple[str, str, int]:
    return frame.format.name, frame.layout.name, frame.rate


def _drain(sink) -> Iterator[np.ndarray]:
    """All blocks that wait at a sink, float32 [n_channels, n]."""
    while True:
        try:
            frame = sink.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        # Not to_ndarray, which takes twice as long.
        yield np.stack([np.frombuffer(plane, np.float32, frame.samples) for plane in frame.planes])


def is_audio(path: Path) -> bool:
    """Whether a file begins like a sound file, whatever its name is; False where it cannot be read.

    Kinds without a mark of their own, such as raw AAC, are not known by this.
    """
    try:
        with open(path, "rb") as file:
            head = file.read(16)
    except OSError:
        return False
    return (
        head.startswith((b"fLaC", b"OggS", b"ID3", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"wvpk", b"MAC ", b"caff"))
        or (head[:4] in (b"RIFF", b"RF64") and head[8:12] == b"WAVE")
        or (head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"))
        or (head[4:8] == b"ftyp" and head[8:11] in (b"M4A", b"M4B"))
        or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2", b"\xfa"))
    )
