"""Files opened by FFmpeg through PyAV: known kinds only, from the local disk alone, with errors for people."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import BinaryIO

import av

from earmark.audio.addresses import is_address
from earmark.audio.layouts import count_channels
from earmark.audio.marks import is_audio
from earmark.audio.opening import open_file
from earmark.audio.tagguard import guarded, shielded
from earmark.errors import AudioError

# What FFmpeg may take a file for: whatever it decodes and a person calls music. Playlists and addresses (hls, concat,
# dash, sdp, image2 ...) are left out on purpose: they could name other files or machines.
CONTAINERS = (
    "mp3,flac,ogg,mov,wav,w64,aiff,asf,aac,matroska,webm,ape,wv,tta,caf,au,ac3,eac3,mpc,mpc8,dsf,amr,avi,mpegts,"
    "iff,tak,shn,mlp,truehd,dts,dtshd,oma,aea,voc,gsm,qoa,rm,nistsphere,ircam,avr,sox,pvf,loas,xwma,vqf,osq,bonk,rka,"
    "wavarc,lc3,aa,wve,wsd,mmf,qcp,adx,mpeg,flv"
)
MIN_RATE, MAX_RATE = 2_000, 1_000_000  # Hz; nobody records music outside, and a damaged header names any number
MAX_DSD_RATE = 6_000_000  # Hz; FFmpeg counts the bytes of one-bit sound, up to 45 MHz / 8
MAX_CHANNELS = 64  # FFmpeg's resampler takes no more
DAMAGED = "Check that it plays; if it does not, copy or download it again."
CONVERT = "Convert it to flac, ogg or mp3."

# Tags that are no UTF-8 are no reason to refuse a file: PyAV up to 18 has an option for it, later ones need none.
LENIENT = {"metadata_errors": "surrogateescape"} if int(av.__version__.split(".")[0]) < 19 else {}
BROKEN = (av.error.FFmpegError, ValueError, MemoryError)
"""What opening, demultiplexing and decoding may raise on a damaged file."""

av.logging.set_level(av.logging.PANIC)  # our own errors say what is wrong; a scan's output stays readable


@contextmanager
def open_container(path: str | os.PathLike, part: BinaryIO | None = None) -> Iterator[av.container.InputContainer]:
    """The file as an open container of FFmpeg; the block that uses it may raise FFmpeg's errors too.

    part : a part of the file to be opened in its place

    Raises
    ------
    AudioError : missing, a folder, empty, without permission, or not readable as audio, with the file's path
    """
    path = os.fspath(path)
    if not is_address(path):  # opening that says what is wrong
        _check_file(path)
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    try:
        with (
            nullcontext(shielded(part)) if part else guarded(path) as source,
            av.open(source, container_options=options, **LENIENT) as container,
        ):
            yield container
    except AudioError:
        raise
    except BROKEN as error:
        raise AudioError(path, *_in_words(path, error)) from error


def _check_file(path: str) -> None:
    if not os.path.exists(path):
        raise AudioError(path, "no such file", "Check the path.")
    if os.path.isdir(path):
        raise AudioError(path, "a folder, not a file", "Use `earmark scan` for folders.")
    if os.path.getsize(path) == 0:
        raise AudioError(path, "the file is empty", "Copy or download it again.")
    if not os.access(path, os.R_OK):
        raise AudioError(path, "no permission to read it", "Change its permissions.")


def _in_words(path: str, error: Exception) -> tuple[str, str]:
    """(problem, remedy) of what FFmpeg says; its numbers and the system's words mean little to a listener."""
    if isinstance(error, MemoryError):
        return "not enough memory to decode it", "Free memory; if there is enough, the file is damaged."
    if isinstance(error, av.error.EOFError):
        return "cut off before its header ends", DAMAGED
    if isinstance(error, av.error.PatchWelcomeError | av.error.DecoderNotFoundError):
        return "of a kind that this FFmpeg cannot decode", CONVERT
    with open_file(path) as file:
        begins_whole = file.read(8)[4:] == b"ftyp"
    if begins_whole:
        return "its index is missing: it was cut off, or is damaged", DAMAGED
    if isinstance(error, av.error.InvalidDataError) and not is_audio(path):
        return "not a sound file that this FFmpeg knows", "Give a file that holds sound, or copy or download it again."
    return "damaged: its beginning cannot be read", DAMAGED


def audio_stream(container: av.container.InputContainer, path: str | os.PathLike) -> av.AudioStream:
    """The stream to be heard, ready to decode.

    Raises
    ------
    AudioError : no sound in it, copy protection, or a header that no recording can have
    """
    stream = container.streams.best("audio")
    if stream is None:
        raise AudioError(path, "no audio stream in it", "Give a file that holds sound.")
    if _is_protected(container, stream):
        raise AudioError(path, "copy-protected: its sound is encrypted", "Give a file without copy protection.")
    context = stream.codec_context
    if context is None:
        raise AudioError(path, "its codec is unknown to this FFmpeg", CONVERT)
    _check_header(path, context.name, context.rate, count_channels(context))
    context.thread_count = 1  # a scan runs one process a core
    return stream


def _is_protected(container: av.container.InputContainer, stream: av.AudioStream) -> bool:
    """iTunes ("drms"), Audible ("aavd"), common encryption ("enca"), and Windows Media."""
    if "ASF_Protection_Type" in container.metadata:
        return True
    tag = getattr(stream.codec_context, "codec_tag", "") or ""
    return container.metadata.get("major_brand", "").strip() == "aax" or tag in ("drms", "enca", "aavd")


def _check_header(path: str | os.PathLike, codec: str, rate: int, n_channels: int) -> None:
    """A rate or a number of channels of 0 is not yet known: the frames will tell."""
    if rate and not is_rate(rate, codec):
        remedy = "It is damaged, or no music: earmark hears rates from 2 kHz to 1 MHz."
        raise AudioError(path, f"a sample rate of {rate} Hz", remedy)
    if n_channels > MAX_CHANNELS:
        raise AudioError(path, f"{n_channels} channels", f"Earmark hears up to {MAX_CHANNELS}: split it.")


def is_rate(rate: int, codec: str = "") -> bool:
    """Whether a recording can have this sample rate, Hz."""
    return MIN_RATE <= rate <= (MAX_DSD_RATE if codec.startswith(("dsd_", "dst")) else MAX_RATE)
