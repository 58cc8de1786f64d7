"""Loudness: speed, and distance from FFmpeg's ebur128 filter and from pyloudnorm, on the files of a folder.

    python benchmarks/loudness.py --data ../shared/data/cc_catalogue

Both references read the same decoded samples. Times are CPU seconds of one thread.
"""

import argparse
import contextlib
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pyloudnorm

from earmark.audio.loudness import LoudnessMeter

BLOCK = 65_536
AUDIO = {".ogg", ".mp3", ".flac", ".wav"}


def decode(path: Path) -> tuple[np.ndarray, int, str]:
    """Native samples: float32 [n_channels, n], rate in Hz, layout."""
    with av.open(str(path)) as container:
        stream = container.streams.audio[0]
        resampler = av.AudioResampler(format="fltp")
        frames = []
        for packet in container.demux(stream):
            with contextlib.suppress(av.error.InvalidDataError):  # a damaged packet
                frames += [out.to_ndarray() for frame in packet.decode() for out in resampler.resample(frame)]
        return np.concatenate(frames, axis=1), stream.rate, stream.layout.name


def measure_earmark(x: np.ndarray, sr: int, layout: str) -> dict:
    """The loudness of float32 [n_channels, n] at `sr` Hz by the meter of earmark."""
    meter = LoudnessMeter(sr, len(x), layout)
    for start in range(0, x.shape[1], BLOCK):
        meter.push(x[:, start : start + BLOCK])
    return meter.result().to_dict()


def measure_ffmpeg(x: np.ndarray, sr: int, layout: str, peaks: bool = True) -> dict:
    """The same by FFmpeg's ebur128 filter (libavfilter), read from its last frame."""
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=sr, format="fltp", layout=layout)
    meter = graph.add("ebur128", "metadata=1:peak=true" if peaks else "metadata=1")
    sink = graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    values = {}
    for start in range(0, x.shape[1], BLOCK):
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(x[:, start : start + BLOCK]), "fltp", layout)
        frame.sample_rate = sr
        source.push(frame)
        values = _drain(sink) or values
    source.push(None)
    values = _drain(sink) or values
    peak = max((float(v) for k, v in values.items() if "true_peaks_ch" in k), default=0.0)
    return {
        "integrated_lufs": float(values["lavfi.r128.I"]),
        "range_lu": float(values["lavfi.r128.LRA"]),
        "true_peak_dbtp": 20 * np.log10(max(peak, 1e-10)),
    }


def _drain(sink: av.filter.context.FilterContext) -> dict:
    """The metadata of the last frame in the sink; empty without one."""
    values = {}
    while True:
        try:
            values = dict(sink.pull().metadata)
        except (av.error.BlockingIOError, av.error.EOFError):
            return values


def time_run(run: Callable[[], object], repeats: int = 5) -> float:
    """Least CPU time of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def compare(folder: Path) -> None:
    """Print the distances of every file, and the largest and median ones."""
    print(f"{'file':32s} {'LUFS':>7s} {'-FFmpeg':>8s} {'-pyln':>7s} {'LRA-FF':>7s} {'dBTP-FF':>8s}")
    rows = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in AUDIO):
        x, sr, layout = decode(path)
        earmark = measure_earmark(x, sr, layout)
        if x.shape[1] < 4 * sr or earmark["integrated_lufs"] is None:
            continue
        ffmpeg = measure_ffmpeg(x, sr, layout)
        pyln = pyloudnorm.Meter(sr).integrated_loudness(x.T.astype(np.float64))
        row = [earmark[name] - ffmpeg[name] for name in ("integrated_lufs", "range_lu", "true_peak_dbtp")]
        row.insert(1, earmark["integrated_lufs"] - pyln)
        rows.append(row)
        cells = zip(("8.3f", "7.3f", "7.2f", "8.2f"), row, strict=True)
        print(f"{path.name[:32]:32s} {earmark['integrated_lufs']:7.2f}", *(f"{value:{form}}" for form, value in cells))
    worst, middle = np.abs(rows).max(axis=0), np.median(np.abs(rows), axis=0)
    print(f"{len(rows)} files; largest distance (median): integrated to FFmpeg {worst[0]:.3f} ({middle[0]:.3f}) LU, "
          f"to pyloudnorm {worst[1]:.3f} ({middle[1]:.3f}) LU, range {worst[2]:.2f} ({middle[2]:.2f}) LU, "
          f"true peak {worst[3]:.2f} ({middle[3]:.2f}) dB")  # fmt: skip


def measure_speed() -> None:
    """CPU time for three minutes of 44.1 kHz stereo noise at -20 dBFS RMS."""
    sr = 44_100
    white = np.random.default_rng(0).normal(size=(2, 180 * sr)).astype(np.float32)
    x = white + np.roll(white, 1, axis=1)
    x *= 0.1 / x.std()
    print("3 minutes, 44.1 kHz stereo, CPU ms: "
          f"earmark {1e3 * time_run(lambda: measure_earmark(x, sr, 'stereo')):.0f}, "
          f"FFmpeg without peaks {1e3 * time_run(lambda: measure_ffmpeg(x, sr, 'stereo', False), 2):.0f}, "
          f"FFmpeg with true peak {1e3 * time_run(lambda: measure_ffmpeg(x, sr, 'stereo'), 2):.0f}, "
          f"pyloudnorm {1e3 * time_run(lambda: pyloudnorm.Meter(sr).integrated_loudness(x.T), 1):.0f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="a folder of audio files; without it only the speed is measured")
    arguments = parser.parse_args()
    if arguments.data:
        compare(arguments.data)
    measure_speed()


if __name__ == "__main__":
    main()
