"""True peak of clipped sound against FFmpeg's: files of several kinds, rates, channels and codings.

    python benchmarks/true_peak.py

Composes the files in a temporary folder, and prints the distance from `ffmpeg -af ebur128=peak=true`, which gives
tenths of a decibel. Needs the program `ffmpeg` and the package `soundfile`.
"""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from earmark.audio.decode import load_audio
from earmark.audio.loudness import LoudnessMeter

RATES = (22_050, 44_100, 48_000, 96_000, 192_000)
CODED = {".mp3": "96k", ".m4a": "96k"}  # suffix -> bit rate
SECONDS = 4


def music(rng: np.random.Generator, sr: int, n_channels: int) -> np.ndarray:
    """Partials and strokes, peak 1: float64 [n_channels, n]."""
    t = np.arange(SECONDS * sr) / sr
    hz = rng.uniform(60, min(8000, sr / 3), 12)
    y = np.array([sum(np.sin(2 * np.pi * f * t + c) / k for k, f in enumerate(hz, 1)) for c in range(n_channels)])
    y += 0.5 * rng.standard_normal(y.shape) * np.exp(-12 * (2 * t % 1))
    return y / np.abs(y).max()


def clipped(rng: np.random.Generator, sr: int) -> Iterator[tuple[str, np.ndarray, str]]:
    """(name, signal [n_channels, n], subtype) of every kind at one rate."""
    t = np.arange(SECONDS * sr) / sr
    for n_channels in (1, 2, 6):
        y = music(rng, sr, n_channels)
        yield from ((f"clip{gain}-{n_channels}", np.clip(gain * y, -1, 1), "PCM_16") for gain in (2, 8, 50))
        yield f"soft-{n_channels}", 0.99 * np.tanh(4 * y), "PCM_16"
        yield f"over-{n_channels}", 2.5 * y, "FLOAT"
    yield "square", np.sign(np.sin(2 * np.pi * 997 * t))[None], "PCM_16"
    yield "square-high", np.sign(np.sin(2 * np.pi * 4000.7 * t + 0.3))[None], "PCM_16"
    yield "noise", np.clip(3 * rng.standard_normal((2, t.size)), -1, 1), "PCM_16"
    yield "quarter", 0.9 * np.sign(np.sin(np.pi / 2 * np.arange(t.size) + np.pi / 4))[None], "PCM_16"


def write_files(folder: Path) -> list[Path]:
    """All files; the stereo ones at 22-48 kHz also in lossy codings, whose samples lie above full scale."""
    rng, paths = np.random.default_rng(0), []
    for sr in RATES:
        for name, y, subtype in clipped(rng, sr):
            path = folder / f"{name}-{sr}.wav"
            soundfile.write(path, y.T, sr, subtype=subtype)
            paths.append(path)
            if name in ("clip8-2", "noise") and sr <= 48_000:
                paths += [encode(path, suffix) for suffix in CODED]
    return paths


def encode(path: Path, suffix: str) -> Path:
    """The file in a lossy coding."""
    coded = path.with_suffix(suffix)
    subprocess.run(["ffmpeg", "-v", "error", "-i", path, "-b:a", CODED[suffix], coded], check=True)
    return coded


def by_ffmpeg(path: Path) -> float:
    """True peak, dBTP, to a tenth."""
    command = ["ffmpeg", "-nostats", "-i", path, "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    return float(re.findall(r"True peak:\s+Peak:\s+(\S+) dBFS", said)[-1])


def by_earmark(path: Path) -> float:
    """True peak, dBTP."""
    meter = LoudnessMeter(44_100, 2, "stereo")
    load_audio(path, observer=meter)
    return meter.result().true_peak_dbtp


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        rows = sorted((by_earmark(path) - by_ffmpeg(path), path.name) for path in write_files(Path(folder)))
    distances = np.array([distance for distance, _ in rows])
    for distance, name in (*rows[:3], *rows[-3:]):
        print(f"{name:24s} {distance:+.2f} dB")
    print(f"{len(rows)} files, median {np.median(np.abs(distances)):.2f} dB, largest {np.abs(distances).max():.2f} dB")


if __name__ == "__main__":
    main()
