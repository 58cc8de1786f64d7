"""Thirty seconds out of a track, through PyAV."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av

from earmark.audio.containers import open_container
from earmark.errors import AudioError

Format = Literal["flac", "wav", "opus"]
SUFFIX = {"flac": ".flac", "wav": ".wav", "opus": ".opus"}
CODEC = {"flac": ("flac", "s16"), "wav": ("pcm_s16le", "s16"), "opus": ("libopus", "flt")}
CONTAINER = {"flac": "flac", "wav": "wav", "opus": "ogg"}
OPUS_RATE = 48_000  # Hz, the one that Opus works at
BIT_RATE = 96_000  # of Opus, bits a second


@dataclass(frozen=True)
class Excerpt:
    """An excerpt that was written.

    Attributes
    ----------
    path : its file
    starts_at : where it starts in the track, seconds
    seconds : its length
    """

    path: Path
    starts_at: float
    seconds: float


def cut(source: str | Path, target: str | Path, seconds: float = 30.0, form: Format = "flac") -> Excerpt:
    """Write the middle `seconds` of a track to `target`; a shorter track is taken whole.

    Rate and channels stay as they are (mono or stereo, Opus at 48 kHz); samples become 16 bit in flac and wav.

    Raises AudioError where the source is not readable or holds no sound; nothing is left at `target` then.
    """
    source, target = Path(source), Path(target)
    try:
        with open_container(source) as track:
            return _cut(track, source, target, seconds, form)
    except AudioError:
        target.unlink(missing_ok=True)
        raise


def _cut(track: av.container.InputContainer, source: Path, target: Path, seconds: float, form: Format) -> Excerpt:
    stream = track.streams.best("audio")
    if stream is None:
        raise AudioError(source, "no audio stream in it", "Give a file that holds sound.")
    length = float(track.duration / av.time_base) if track.duration else 0.0
    start = max(0.0, (length - seconds) / 2)
    if start:
        track.seek(int(start / stream.time_base), stream=stream, backward=True)
    frames = _frames_from(track, stream, start)
    first = next(frames, None)
    if first is None:
        raise AudioError(source, "not one sample could be decoded", "Check that the track plays.")
    begins = float(first.pts * first.time_base) if first.pts is not None else start
    starts_at = max(start, begins)
    written = _encode(_chain(first, frames), target, starts_at - begins, seconds, form)
    return Excerpt(target, round(starts_at, 3), round(written, 3))


def _frames_from(track: av.container.InputContainer, stream: av.AudioStream, start: float) -> Iterator[av.AudioFrame]:
    """Decoded frames that end after `start`; damaged packets are passed over."""
    for packet in track.demux(stream):
        try:
            frames = packet.decode()
        except av.error.InvalidDataError:
            continue
        for frame in frames:
            ends = float(frame.pts * frame.time_base) + frame.samples / frame.rate if frame.pts is not None else start
            if ends >= start:
                yield frame


def _encode(frames: Iterator[av.AudioFrame], target: Path, skip: float, seconds: float, form: Format) -> float:
    """Encode frames, but for the first `skip` seconds of them, until `seconds` are written; returns how many were."""
    codec, sample_format = CODEC[form]
    first = next(frames)
    rate = OPUS_RATE if form == "opus" else first.rate
    layout = "mono" if first.layout.nb_channels == 1 else "stereo"
    resampler = av.AudioResampler(format=sample_format, layout=layout, rate=rate)
    skipped, wanted = round(skip * rate), round(seconds * rate)
    with av.open(str(target), "w", format=CONTAINER[form]) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout, format=sample_format)
        stream.time_base = Fraction(1, rate)
        if form == "opus":
            stream.bit_rate = BIT_RATE
        fifo = av.AudioFifo()
        for frame in _chain(first, frames):
            frame.pts = None
            for block in resampler.resample(frame):
                block.pts = None
                fifo.write(block)
            if fifo.samples >= skipped + wanted:
                break
        if skipped:
            fifo.read(min(skipped, fifo.samples))
        total = min(wanted, fifo.samples)
        _write(output, stream, fifo, total)
    return total / rate


def _write(output: av.container.OutputContainer, stream: av.AudioStream, fifo: av.AudioFifo, total: int) -> None:
    """Encode the first `total` samples of the fifo, in frames of the codec's size."""
    size, done = stream.codec_context.frame_size or 4096, 0
    while done < total:
        frame = fifo.read(min(size, total - done), partial=True)
        frame.pts, frame.time_base = done, Fraction(1, frame.rate)
        done += frame.samples
        output.mux(stream.encode(frame))
    output.mux(stream.encode(None))


def _chain(first: av.AudioFrame, rest: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    yield first
    yield from rest
