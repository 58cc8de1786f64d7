"""A file of any kind as FLAC, which browsers play: they know neither AIFF nor WMA, APE, WavPack or DSD."""

import os
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av

from earmark.audio.containers import DAMAGED, audio_stream, open_container
from earmark.audio.stretches import RATE, frames_between
from earmark.errors import AudioError
from earmark.files import whole_file

LONGEST = 3 * 3600.0  # seconds that are written: a gigabyte at most


def write_flac(path: str | os.PathLike, out: str | os.PathLike) -> float:
    """Write a file as FLAC, 16 bits in stereo at `RATE` Hz; returns its length in seconds, `LONGEST` at most.

    Raises
    ------
    AudioError : the file cannot be read, or has no sound
    OSError : `out` cannot be written
    """
    with open_container(path) as source:
        frames = (frame for _, frame in frames_between(source, audio_stream(source, path), 0.0, LONGEST))
        with whole_file(out) as draft, av.open(str(draft), "w", format="flac") as sink:
            n = _write(_alike(frames), sink)
            if not n:
                raise AudioError(path, "no sound in it", DAMAGED)
    return n / RATE


def _alike(frames: Iterable[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    """Frames of one form, whatever changes in the middle of a file."""
    resampler, form = None, None
    for frame in frames:
        frame.pts = None
        if form != (now := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from resampler.resample(None) if resampler is not None else ()
            resampler, form = av.AudioResampler("s16", "stereo", RATE), now
        yield from resampler.resample(frame)
    yield from resampler.resample(None) if resampler is not None else ()


def _write(frames: Iterable[av.AudioFrame], sink: av.container.OutputContainer) -> int:
    stream, n = sink.add_stream("flac", rate=RATE, layout="stereo"), 0
    stream.codec_context.format = "s16"
    for frame in frames:
        frame.pts, frame.time_base = n, Fraction(1, RATE)
        n += frame.samples
        sink.mux(stream.encode(frame))
    sink.mux(stream.encode(None))
    return n
