"""Real video files, of grey pictures."""

from pathlib import Path

import av
import numpy as np

from sounds import chord

KINDS = {"mkv": ("matroska", "mpeg4", "aac"), "webm": ("webm", "libvpx", "libopus"), "wmv": ("asf", "wmv2", "wmav2")}


def write_film(path: Path) -> Path:
    """Half a second of pictures with a tone, in the container of the suffix."""
    kind = path.suffix[1:]
    container, pictures, sound = KINDS.get(kind, (kind, "mpeg4", "aac"))
    with av.open(str(path), "w", format=container) as out:
        video, audio = out.add_stream(pictures, rate=10), out.add_stream(sound, rate=48_000, layout="mono")
        video.width, video.height, video.pix_fmt, audio.bit_rate = 64, 48, "yuv420p", 128_000
        frame = av.AudioFrame.from_ndarray(chord(0.5, 48_000)[None], "flt", "mono")
        frame.rate = 48_000
        for _ in range(5):
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.full((48, 64, 3), 99, np.uint8), "rgb24")))
        out.mux([*video.encode(None), *audio.encode(frame), *audio.encode(None)])
    return path
