"""File -> mono float32: FFmpeg through PyAV, streamed, bounded in time and memory."""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import av
import numpy as np

from earmark.audio.cancelling import PhaseWatch
from earmark.audio.containers import DAMAGED, MAX_CHANNELS, audio_stream, is_rate, open_container
from earmark.audio.incomplete import Incomplete, warnings_of
from earmark.audio.layouts import count_channels, spare
from earmark.audio.mixing import BLOCK_SAMPLES, Mixer, Observer
from earmark.audio.opening import file_size
from earmark.audio.parts import read_through
from earmark.audio.promise import breaks_off, is_short, present_part, promised_seconds
from earmark.audio.samples import mended
from earmark.errors import AudioError
from earmark.settings import MAX_SECONDS, TIME_LIMIT

SAMPLE_RATE = 16_000  # Hz, of every signal that our own networks read
TAGS = (b"ID3", b"TAG", b"APETAGEX")  # they stand between the sound where MP3 files were joined
TAIL = 0.2  # of a file; so large are no tags behind the sound
ENOUGH = 0.5  # seconds that must be heard of a damaged file, and
LEAST = 0.1  # of one that is cut short


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """How the sound of a file is coded.

    Attributes
    ----------
    codec : FFmpeg's name, such as ``mp3``, ``flac``, ``pcm_s16le``; empty where it is not known
    bit_rate : bits a second; None where the file does not tell
    sample_rate : Hz
    n_channels : channels
    """

    codec: str = ""
    bit_rate: int | None = None
    sample_rate: int | None = None
    n_channels: int | None = None


@dataclass(frozen=True)
class Audio:
    """One decoded file.

    Attributes
    ----------
    path : as given
    y : float32 [n_samples], mono (mean of the channels), full scale 1.0
    sr : rate of y, Hz
    duration : length of what can be heard of the file, seconds, also where y is cut
    track_id : content hash, equal for two files whose audio stream is the same, whatever their tags and name
    codec, native_sr, n_channels : of the file, or of its first part
    truncated : True where y holds only the first `max_seconds`
    metadata : the file's tags as FFmpeg reads them, see `read_metadata`
    sound : how the file is coded
    incomplete : what is missing of the file; None where it is whole
    warnings : short sentences on what was not as it should be
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
    sound: SoundFormat = field(default_factory=SoundFormat)
    incomplete: Incomplete | None = None
    warnings: tuple[str, ...] = ()


def load_audio(
    path: str | os.PathLike,
    sr: int = SAMPLE_RATE,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
    observer: Observer | None = None,
) -> Audio:
    """Decode one file to mono.

    Where the channels cancel each other in their mean, as a plug wired the wrong way round makes them, those that are
    turned are turned back: the difference of a stereo is heard. This needs a second pass.

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
    deadline = time.monotonic() + time_limit
    reader = _Reader(path, sr, max_seconds, deadline, observer)
    try:
        reader.read()
        cancelling = bool(weights := reader.watch.weights()) and _turn_back(reader, weights)
    except TimeoutError:
        remedy = "Try it alone, or convert it to another format."
        raise AudioError(path, f"decoding took longer than {time_limit:g} s", remedy) from None
    return reader.result(cancelling)


def _turn_back(reader: "_Reader", weights: dict[int, tuple[float, ...]]) -> bool:
    """Hear a file again, with these weights of the channels; False where the whole of it does not cancel after all."""
    whole = PhaseWatch()
    again = _Reader(reader.path, reader.sr, reader.max_seconds, reader.deadline, whole.measure, weights)
    again.read()
    if not whole.weights():
        return False
    reader.y = again.y
    return True


def content_hash(path: str | os.PathLike) -> str:
    """The ``track_id`` of a file, read through but not decoded: 20 hexadecimal digits over its audio packets.

    Tags, covers and the name do not enter, so a retagged or moved file keeps its id. Raises AudioError.
    """
    hasher = _Hasher()
    read_through(path, hasher)
    return hasher.digest.hexdigest()


def read_metadata(path: str | os.PathLike) -> dict[str, str]:
    """The tags of a file as FFmpeg reads them: name in lower case -> text, those of the audio stream included.

    Names are FFmpeg's own where it knows the tag, else the file's. Raises AudioError.
    """
    with open_container(path) as container:
        return _metadata(container, audio_stream(container, path))


def read_format(path: str | os.PathLike) -> tuple[dict[str, str], SoundFormat]:
    """The tags of a file as `read_metadata` has them, and how its sound is coded. Raises AudioError."""
    with open_container(path) as container:
        stream = audio_stream(container, path)
        return _metadata(container, stream), _sound_format(container, stream)


def _sound_format(container: av.container.InputContainer, stream: av.AudioStream) -> SoundFormat:
    context = stream.codec_context
    bit_rate = stream.bit_rate or container.bit_rate
    return SoundFormat(context.codec.canonical_name, bit_rate or None, context.rate, count_channels(context))


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


class _Hasher:
    """Hashes every packet."""

    digest = None

    def begin(self, container: av.container.InputContainer, stream: av.AudioStream) -> None:
        if self.digest is None:
            context = stream.codec_context
            self.digest = hashlib.blake2b(digest_size=10)
            self.digest.update(f"{context.name} {context.rate} {count_channels(context)}".encode())

    def take(self, packet: av.Packet) -> None:
        self.digest.update(packet)

    def end(self, broken: bool) -> None:
        pass


class _Unhearable(Exception):
    """A frame of a format that no recording has."""


class _Reader(_Hasher):
    """Reads a file to its end: hashes every packet, decodes the first `max_seconds` of them, counts the damaged."""

    def __init__(
        self,
        path: str | os.PathLike,
        sr: int,
        max_seconds: float,
        deadline: float,
        observer: Observer | None,
        weights: dict[int, tuple[float, ...]] | None = None,
    ) -> None:
        self.path, self.sr = os.fspath(path), sr
        self.max_seconds, self.deadline, self.observer = max_seconds, deadline, observer
        self.limit = round(max_seconds * sr)
        self.weights = weights or {}
        self.watch = PhaseWatch()
        self.mixer: Mixer | None = None
        self.stream: av.AudioStream | None = None  # read from only while its container is open
        self.tick = 0.0  # seconds
        self.damage, self.broken = _Damage(), False
        self.before, self.first, self.end_tick = 0.0, None, 0  # seconds of earlier parts; ticks of this one's clock

    def begin(self, container: av.container.InputContainer, stream: av.AudioStream) -> None:
        """A part of the file; the first says what the file is."""
        if self.digest is None:
            context = stream.codec_context
            self.codec, self.native_sr, self.n_channels = context.name, context.rate, count_channels(context)
            self.metadata, self.sound = _metadata(container, stream), _sound_format(container, stream)
            self.promise = promised_seconds(container, stream, self.path)
            self.y = _GrowingSignal(self._expected_samples(stream))
        super().begin(container, stream)
        self.before, self.first, self.end_tick = self._seconds(), None, 0
        self.stream, self.tick = stream, float(stream.time_base)
        self.damage.end_of_part()

    def _expected_samples(self, stream: av.AudioStream) -> int:
        seconds = float(stream.duration * stream.time_base) if stream.duration else 60.0
        return round(min(max(seconds, 1.0), self.max_seconds) * self.sr) + 2 * BLOCK_SAMPLES

    def _seconds(self) -> float:
        """Length of what was read by now, by the clocks of its parts."""
        return self.before + (self.end_tick - self.first) * self.tick if self.first is not None else self.before

    def take(self, packet: av.Packet) -> None:
        """Hash one packet, and decode it unless there is enough. Raises TimeoutError past the deadline."""
        self.digest.update(packet)
        if packet.pts is not None and packet.duration:
            self.first = packet.pts if self.first is None else self.first
            self.end_tick = max(self.end_tick, packet.pts + packet.duration)
        if time.monotonic() > self.deadline:
            raise TimeoutError
        if self.y.size < self.limit:
            self._decode(packet)

    def end(self, broken: bool) -> None:
        """Have the decoder give what it still holds."""
        self.broken = self.broken or broken
        if self.y.size < self.limit:
            self._decode(None)

    def read(self) -> None:
        """Take every part of the file. Raises TimeoutError past the deadline, and AudioError."""
        read_through(self.path, self)
        if self.mixer is not None:
            self._take(self.mixer.flush())

    def _decode(self, packet: av.Packet | None) -> None:
        """A damaged packet costs its own few milliseconds, not the file."""
        try:
            frames = self.stream.decode(packet)
            for frame in frames:
                if self.mixer is None or not self.mixer.fits(frame):
                    self._change_mixer(frame)
                for block in self.mixer.push(frame):
                    self.y.extend(block)
        except av.error.EOFError:
            return  # the decoder has given all
        except (av.error.FFmpegError, _Unhearable):
            if packet is not None and not bytes(packet).startswith(TAGS):
                self.damage.bad(packet.size)
        else:
            if frames:
                self.damage.whole += 1
                if self.damage.pending:
                    self.damage.settle()

    def _change_mixer(self, frame: av.AudioFrame) -> None:
        """The sound takes another format; raises _Unhearable where no recording can have it."""
        spare(frame.layout)
        n_channels = frame.layout.nb_channels
        if not is_rate(frame.rate, self.codec) or n_channels > MAX_CHANNELS:
            raise _Unhearable
        if self.mixer is not None:
            self._take(self.mixer.flush())
        self.mixer = None  # should the next one fail
        try:
            self.mixer = Mixer(frame, self.sr, self.observer, self.weights.get(n_channels), self.watch.see)
        except ValueError as error:  # PyAV's, for layouts that it cannot name
            raise _Unhearable from error

    def _take(self, blocks: Iterable[np.ndarray]) -> None:
        for block in blocks:
            self.y.extend(block)

    def result(self, cancelling: bool) -> Audio:
        """What has been decoded, cut at `limit` samples. Raises AudioError."""
        y = mended(self.y.samples()[: self.limit])
        if y.size == 0:
            raise AudioError(self.path, "not one sample could be decoded", DAMAGED)
        heard, end = y.size / self.sr, self._seconds()
        truncated = self.y.size >= self.limit and end > heard + 0.5
        duration = end if truncated else heard
        incomplete = self._incomplete(duration)
        return Audio(
            path=self.path, y=y, sr=self.sr, duration=duration,
            track_id=self.digest.hexdigest(), codec=self.codec, native_sr=self.native_sr, n_channels=self.n_channels,
            truncated=truncated, metadata=self.metadata, sound=self.sound, incomplete=incomplete,
            warnings=warnings_of(incomplete, self.damage.packets, cancelling),
        )  # fmt: skip

    def _incomplete(self, heard: float) -> Incomplete | None:
        """What is missing of the sound; raises AudioError where a damaged file leaves next to nothing."""
        size = file_size(self.path)
        self.damage.close(size)
        lost = self.damage.seconds(heard, size)
        expected = _expected(self.path, self.promise, heard) or heard + lost
        short = is_short(expected, heard)
        if not (short or self.broken or breaks_off(self.path)):
            return None
        if heard < (ENOUGH if self.broken or self.damage.packets else LEAST):
            raise AudioError(self.path, f"damaged: only {heard:.1f} s of it can be heard", DAMAGED)
        return Incomplete(round(expected, 3) if short else None, round(heard, 3), self.damage.packets)


def _expected(path: str, promise: float | None, heard: float) -> float | None:
    """Seconds that a file says it has, by its header or by the size of its data; None where it says nothing."""
    present = present_part(path)
    cut = heard / present if 0 < present < 1 else None
    return max(filter(None, (promise, cut)), default=None)


class _Damage:
    """Packets that could not be decoded between others that could: what lies before or behind the sound is no damage.

    Attributes
    ----------
    packets : how many
    whole : packets that could be decoded
    pending : bytes of damaged packets that no whole one has followed yet
    """

    def __init__(self) -> None:
        self.packets, self.whole = 0, 0
        self.pending: list[int] = []
        self._lost = 0  # bytes
        self._begun = 0  # whole packets when the part began

    def bad(self, n_bytes: int) -> None:
        """A packet that the decoder refuses."""
        self.pending.append(n_bytes)

    def settle(self) -> None:
        """A whole packet follows those that are pending."""
        if self.whole > self._begun + 1:
            self.packets += len(self.pending)
            self._lost += sum(self.pending)
        self.pending = []

    def close(self, n_bytes: int) -> None:
        """Nothing follows: what is pending is a tag or the like, unless it is a large part of all `n_bytes`."""
        if self._lost + sum(self.pending) > TAIL * n_bytes:
            self.settle()

    def end_of_part(self) -> None:
        """What comes next is another stream."""
        self.pending, self._begun = [], self.whole

    def seconds(self, heard: float, n_bytes: int) -> float:
        """About how much sound was lost, of `n_bytes` that were read and of the seconds heard of them."""
        return heard * self._lost / max(n_bytes - self._lost, 1)


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
