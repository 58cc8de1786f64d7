"""Small data sets on disk: melodies that differ, and manifests of them."""

import csv
from pathlib import Path

import numpy as np

from earmark.data.manifest import Manifest
from sounds import write_sound

SR = 16_000


def melody(seed: int, seconds: float = 4.0, sr: int = SR, notes_a_second: float = 6.0) -> np.ndarray:
    """A random tune with some noise in it, float32 [n_samples]: two seeds, two pieces of music."""
    rng = np.random.default_rng(seed)
    n = round(seconds * sr)
    t = np.arange(round(0.5 * sr)) / sr  # of one note
    y = np.zeros(n + len(t))
    for onset in range(0, n, round(sr / notes_a_second)):
        hz = 110 * 2 ** (rng.integers(0, 48) / 12)
        harmonics = (rng.random() * np.sin(2 * np.pi * hz * k * t) / k for k in range(1, 6))
        y[onset : onset + len(t)] += np.exp(-5 * t) * (sum(harmonics) + 0.05 * rng.standard_normal(len(t)))
    return (0.3 * y[:n] / np.abs(y).max()).astype(np.float32)


def write_rows(path: Path, rows: list[dict]) -> Path:
    """A CSV of the rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_set(folder: Path, rows: list[dict], seconds: float = 2.0) -> Path:
    """A manifest and a melody for each of its rows that has a `seed` (left out of the CSV); returns the manifest."""
    for row in rows:
        target = folder / row["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        write_sound(target, melody(row["seed"], seconds), SR)
    return write_rows(folder / "tracks.csv", [{k: v for k, v in row.items() if k != "seed"} for row in rows])


def manifest_of(**columns) -> Manifest:
    """A manifest in memory; `path` is made up unless given."""
    n = len(next(iter(columns.values())))
    columns = {"path": [f"{i}.wav" for i in range(n)], **columns}
    rows = [dict(zip(columns, map(str, cells), strict=True)) for cells in zip(*columns.values(), strict=True)]
    return Manifest(None, "test", rows)


def write_labelled_set(folder: Path) -> Path:
    """24 melodies of 4 s, two of each song, with a genre, a tag and a number; returns the manifest."""
    rows = [
        {"path": f"{k}.wav", "seed": k, "song": f"s{k // 2}", "genre": "ab"[k // 2 % 2], "calm": k // 2 % 2,
         "bpm": 90 + 3 * k} for k in range(24)
    ]  # fmt: skip
    return write_set(folder, rows, seconds=4.0)


def touch(folder: Path, *names: str) -> None:
    """Empty files of these names below `folder`."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()


def write_leaking_set(folder: Path) -> Path:
    """Six files: 0 and 1 share a song, 0 and 3 an artist, 4 is a copy of 2 and 5 an excerpt of it, across parts."""
    rows = [
        {"path": "0.wav", "split": "train", "song": "s0", "artist": "Ann", "genre": "a", "seed": 0},
        {"path": "1.wav", "split": "test", "song": "s0", "artist": "", "genre": "a", "seed": 1},
        {"path": "2.wav", "split": "train", "song": "s2", "artist": "Bob", "genre": "b", "seed": 2},
        {"path": "3.wav", "split": "valid", "song": "s3", "artist": "ANN ", "genre": "b", "seed": 3},
        {"path": "4.wav", "split": "test", "song": "s4", "artist": "Cid", "genre": "b", "seed": 2},
        {"path": "5.wav", "split": "valid", "song": "s5", "artist": "Dee", "genre": "b", "seed": 5},
    ]
    write_set(folder, rows, seconds=8.0)
    write_sound(folder / "5.wav", 0.5 * melody(2, 8.0)[2 * SR : 7 * SR], SR)
    return folder


def write_music(folder: Path) -> Path:
    """Three files to collect from: tagged FLAC, stereo MP3, and a WAV of one second."""
    folder.mkdir()
    write_sound(folder / "a.flac", melody(1, 5.0), SR, tags={"artist": "Ann", "title": "One"})
    write_sound(folder / "b.mp3", np.stack([melody(2, 5.0, 44_100), melody(3, 5.0, 44_100)]))
    write_sound(folder / "c.wav", melody(4, 1.0), SR)
    return folder
