"""Patches of log-mel with the teachers' outputs, kept on disk, one file a track: the cache."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from earmark.errors import DataError
from earmark.files import whole_file
from earmark.tagger.interop.musicnn import PATCH_FRAMES
from earmark_research.tagger.teachers import Teachers

SUFFIXES = {".ogg", ".oga", ".mp3", ".flac", ".opus", ".wav", ".m4a"}


@dataclass
class Corpus:
    """Patches of many tracks side by side.

    Attributes
    ----------
    mel : float16 [n, 187, 96]
    probabilities : float32 [n, 150], the tags of the three `TEACHERS`
    embedding : float16 [n, 656], their embeddings side by side
    track : int [n], row of `paths`
    paths : ``source/path`` of each track
    """

    mel: np.ndarray
    probabilities: np.ndarray
    embedding: np.ndarray
    track: np.ndarray
    paths: list[str]

    @property
    def sources(self) -> np.ndarray:
        """str [n_tracks], the cache folder of each track."""
        return np.array([source_of(path) for path in self.paths])

    def take(self, rows: np.ndarray) -> "Corpus":
        """The patches at `rows`; tracks keep their numbers."""
        arrays = {f.name: getattr(self, f.name)[rows] for f in fields(self) if f.name != "paths"}
        return Corpus(paths=self.paths, **arrays)


def source_of(path: str) -> str:
    """The cache folder of the track ``source/path``."""
    return path.split("/")[0]


def audio_files(root: Path) -> list[str]:
    """The files of `root`, relative: those of its tracks.csv, else every audio file under it."""
    manifest = root / "tracks.csv"
    if manifest.is_file():
        with manifest.open(encoding="utf-8", newline="") as file:
            return [row["path"] for row in csv.DictReader(file)]
    found = (p for p in root.rglob("*") if p.suffix.lower() in SUFFIXES and not p.is_symlink() and not is_hidden(p))
    return sorted(str(path.relative_to(root)) for path in found)


def to_patches(S: np.ndarray) -> np.ndarray:
    """[n_frames, n_mels] -> [n, 187, n_mels], consecutive; a shorter signal is repeated up to one patch."""
    if len(S) < PATCH_FRAMES:
        S = np.tile(S, (-(-PATCH_FRAMES // len(S)), 1))[:PATCH_FRAMES]
    n = len(S) // PATCH_FRAMES
    return S[: n * PATCH_FRAMES].reshape(n, PATCH_FRAMES, -1)


def spread_evenly(n: int, at_most: int) -> np.ndarray:
    """At most `at_most` of n positions, evenly spread."""
    if n <= at_most:
        return np.arange(n)
    return np.linspace(0, n - 1, at_most + 2).round().astype(int)[1:-1]


def store(target: Path, name: str, patches: np.ndarray, teachers: Teachers) -> None:
    """Write one track of the cache, whole or not at all; patches float32 [n, 187, 96]."""
    with whole_file(target) as draft:
        np.savez(draft, path=name, mel=patches.astype(np.float16), **teachers(patches))


def is_hidden(path: Path) -> bool:
    """Whether it may be a draft that a broken-off run left."""
    return path.name.startswith(".")


def load(cache: Path, sources: Sequence[str]) -> Corpus:
    """Every patch of the cache folders `cache/source`. Raises DataError where there is none.

    Lengths are read first, so that no patch is in memory twice: they are gigabytes.
    """
    found = [file for source in sources for file in sorted((cache / source).glob("*.npz"))]
    files = [file for file in found if not is_hidden(file)]
    if not files:
        raise DataError(cache, f"no cached tracks of {', '.join(sources)}", "Build the corpus first.")
    paths, lengths = _read_lengths(files)
    arrays = _empty_arrays(files[0], sum(lengths))
    for file, n, end in zip(files, lengths, np.cumsum(lengths), strict=True):
        with np.load(file) as stored:
            for name, whole in arrays.items():
                whole[end - n : end] = stored[name]
    track = np.repeat(np.arange(len(files)), lengths)
    return Corpus(arrays["mel"], arrays["tags"].astype(np.float32), arrays["embedding"], track, paths)


def _read_lengths(files: Sequence[Path]) -> tuple[list[str], list[int]]:
    """``source/path`` and number of patches of each cached track."""
    paths, lengths = [], []
    for file in files:
        with np.load(file) as stored:
            paths.append(f"{file.parent.name}/{stored['path']}")
            lengths.append(len(stored["tags"]))
    return paths, lengths


def _empty_arrays(like: Path, n: int) -> dict[str, np.ndarray]:
    """Room for n patches, of the shapes and dtypes of a cached track."""
    with np.load(like) as first:
        return {name: np.empty((n, *first[name].shape[1:]), first[name].dtype) for name in ("mel", "tags", "embedding")}
