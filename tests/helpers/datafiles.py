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
