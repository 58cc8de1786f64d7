"""Stretches of files, as they sound, and several of them as one WAV file with silence between."""

import os
import wave
from collections.abc import Iterable, Iterator

import av
import numpy as np

from earmark.audio.containers import DAMAGED, audio_stream, open_container
from earmark.errors import AudioError
from earmark.files import whole_file

RATE = 44_100  # Hz
FADE = 0.01  # seconds at both ends of a stretch: no clicks
SEEK_FROM = 5.0  # seconds; what begins before is decoded from the beginning


def read_stretch(path: str | os.PathLike, start: float, end: float) -> np.ndarray:
    """Part of a file in stereo, float32 [n_samples, 2] at `RATE` Hz; what is beyond its end is not there.

    start, end : seconds

    Raises
    ------
    AudioError : the file cannot be read, or has no sound there
    """
    with open_container(path) as container:
        stream = audio_stream(container, path)
        frames = frames_between(container, stream, start, end)
        found = _resampled(frames, start)
    if not len(found):
        raise AudioError(path, f"no sound from {start:g} s on", DAMAGED)
    return found[: round((end - start) * RATE)]


def frames_between(
    container: av.container.InputContainer, stream: av.AudioStream, start: float, end: float
) -> Iterator[tuple[float, av.AudioFrame]]:
    """Frames that sound between start and end, with the second that each begins at; damaged packets are passed over.

    The file's clock tells where the first of them stands; from there samples are counted, which no clock upsets.
    """
    offset = float((stream.start_time or 0) * stream.time_base)
    sought = start > SEEK_FROM and _seek(container, stream, start + offset - 1)
    now = None
    for packet in container.demux(stream):
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue
        for frame in frames:
            if now is None:
                now = 0.0 if not sought or frame.pts is None else float(frame.pts * frame.time_base) - offset
            if now >= end:
                return
            length = frame.samples / frame.rate
            if now + length > start:
                yield now, frame
            now += length


def _seek(container, stream: av.AudioStream, seconds: float) -> bool:
    """Go to a second; where a kind of file cannot, everything before is decoded, and the answer is False."""
    try:
        container.seek(int(seconds / stream.time_base), stream=stream, backward=True)
    except av.error.FFmpegError:
        return False
    return True


def _resampled(frames: Iterable[tuple[float, av.AudioFrame]], start: float) -> np.ndarray:
    """Stereo, float32 [n, 2] at `RATE` Hz, from `start` seconds on."""
    resampler, blocks, first = None, [], None
    for now, frame in frames:
        if resampler is None:
            resampler, first = av.AudioResampler("fltp", "stereo", RATE), now
        frame.pts = None
        blocks += [block.to_ndarray() for block in resampler.resample(frame)]
    if resampler is None:
        return np.zeros((0, 2), np.float32)
    blocks += [block.to_ndarray() for block in resampler.resample(None)]
    y = np.concatenate(blocks, axis=1).T
    return np.clip(y[max(round((start - first) * RATE), 0) :], -1, 1)


def write_wav(path: str | os.PathLike, stretches: Iterable[tuple[np.ndarray, float]]) -> float:
    """Write stretches, each with the seconds of silence that follow it, as 16-bit WAV; returns its length, seconds.

    stretches : float32 [n_samples, 2] at `RATE` Hz. Raises OSError where it cannot be written.
    """
    n = 0
    with whole_file(path) as draft, open(draft, "wb") as raw, wave.open(raw) as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for y, silence in stretches:
            faded = np.concatenate([_faded(y), np.zeros((round(silence * RATE), 2), np.float32)])
            file.writeframes(np.round(faded * 32767).astype("<i2").tobytes())
            n += len(faded)
    return n / RATE


def _faded(y: np.ndarray) -> np.ndarray:
    n = min(round(FADE * RATE), len(y) // 2)
    gain = np.ones((len(y), 1), np.float32)
    gain[:n, 0] = np.linspace(0, 1, n, endpoint=False)
    gain[len(y) - n :] = gain[:n][::-1]
    return y * gain
