"""Folders of audio -> patches of log-mel with the teachers' answers, kept on disk, one file a track."""

import csv
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.errors import AudioError, DataError
from earmark.tagger.interop.musicnn import PATCH_FRAMES
from earmark.tagger.session import open_session
from earmark_research.tagger.augment import equaliser, master, mix, stretch, to_log, to_power
from earmark_research.tagger.tags import TEACHERS

MIXED_AT_ONCE = 16  # patches of one block of `build_mixed`
AT_ONCE = 2  # patches a teacher reads at once: more would leave the caches of a core, and take a third longer
EMBEDDINGS = ("MSD_vgg.pool5", "MSD_musicnn.penultimate", "MTT_musicnn.penultimate")
EMBEDDING_PARTS = {"MSD_vgg": slice(0, 256), "MSD_musicnn": slice(256, 456), "MTT_musicnn": slice(456, 656)}
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
    found = (p for p in root.rglob("*") if p.suffix.lower() in SUFFIXES and not p.is_symlink())
    return sorted(str(path.relative_to(root)) for path in found)


def to_patches(S: np.ndarray) -> np.ndarray:
    """[n_frames, n_mels] -> [n, 187, n_mels], consecutive; a shorter signal is repeated up to one patch."""
    if len(S) < PATCH_FRAMES:
        S = np.tile(S, (-(-PATCH_FRAMES // len(S)), 1))[:PATCH_FRAMES]
    n = len(S) // PATCH_FRAMES
    return S[: n * PATCH_FRAMES].reshape(n, PATCH_FRAMES, -1)


def spread(n: int, at_most: int) -> np.ndarray:
    """At most `at_most` of n positions, evenly spread."""
    if n <= at_most:
        return np.arange(n)
    return np.linspace(0, n - 1, at_most + 2).round().astype(int)[1:-1]


class Teachers:
    """The three pretrained taggers, as ONNX files in one folder; one thread."""

    def __init__(self, folder: Path) -> None:
        self.sessions = {}
        for name in TEACHERS:
            path = Path(folder) / f"{name}.onnx"
            if not path.is_file():
                raise DataError(path, "no such teacher", "Run `earmark models pull musicnn`, or name another folder.")
            self.sessions[name] = open_session(path)

    def __call__(self, patches: np.ndarray) -> dict[str, np.ndarray]:
        """float32 [n, 187, 96] -> ``tags`` float32 [n, 150], ``embedding`` float16 [n, 656]."""
        tags, embeddings = [], []
        for name, output in (entry.split(".") for entry in EMBEDDINGS):
            blocks = [
                self.sessions[name].run(["tags", output], {"mel": patches[i : i + AT_ONCE]})
                for i in range(0, len(patches), AT_ONCE)
            ]
            tags.append(np.concatenate([block[0] for block in blocks]))
            embeddings.append(np.concatenate([block[1] for block in blocks]))
        return {"tags": np.hstack(tags), "embedding": np.hstack(embeddings).astype(np.float16)}


def build(root: Path, out: Path, teachers: Teachers, at_most: int, at_least: int = 1) -> list[tuple[str, str]]:
    """Fill the cache folder `out` with at most so many patches of each file under `root`; resumable.

    Files with fewer than `at_least` patches are passed over: among the music of games they are sound effects.
    Returns (file, why) of the files that cannot be used.
    """
    out.mkdir(parents=True, exist_ok=True)
    failures = []
    for name in audio_files(root):
        target = out / f"{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:16]}.npz"
        if target.exists():
            continue
        try:
            patches = to_patches(log_mel(load_audio(root / name).y))
        except AudioError as error:
            failures.append((name, str(error)))
            continue
        if len(patches) < at_least:
            continue
        patches = np.ascontiguousarray(patches[spread(len(patches), at_most)])
        store(target, name, patches, teachers)
    return failures


def build_synthetic(out: Path, teachers: Teachers, n: int, seed: int) -> None:
    """Fill the cache folder `out` with n synthetic sounds that are no music; the same seed makes the same sounds."""
    from earmark_research.music.negatives import negative

    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    for number in range(n):
        y, target = negative(rng), out / f"{number:05d}.npz"
        if not target.exists():
            store(target, f"synthetic/{number}", to_patches(log_mel(y)), teachers)


def build_mixed(
    out: Path, over: Sequence[str], under: Sequence[str], is_held: Callable[[str], bool], teachers: Teachers, n: int,
    mastered: bool = False,
) -> None:  # fmt: skip
    """Fill a cache folder with n blocks of new sound made of two old ones, answered by the teachers.

    The louder one is of the folders `over` beside `out`, the softer one of `under`; folders that are not there are
    passed over. `mastered` makes it loud and bright as records are.
    """
    there = [source for source in dict.fromkeys((*over, *under)) if (out.parent / source).is_dir()]
    missing = [number for number in range(n) if not (out / f"{number:05d}.npz").exists()]
    if not missing or set(there).isdisjoint(over) or set(there).isdisjoint(under):
        return
    out.mkdir(parents=True, exist_ok=True)
    corpus = load(out.parent, there)
    source, free = corpus.sources, ~np.array([is_held(path) for path in corpus.paths])
    pools = [np.flatnonzero((free & np.isin(source, names))[corpus.track]) for names in (over, under)]
    for number in missing:
        rng, g = np.random.default_rng([1, number]), torch.Generator().manual_seed(number)
        rows = np.concatenate([rng.choice(pool, MIXED_AT_ONCE) for pool in pools])
        power = to_power(torch.from_numpy(corpus.mel[rows].astype(np.float32)))
        power = power * equaliser(len(power), power.shape[2], g, dull=not mastered)
        mixed = mix(power[:MIXED_AT_ONCE], power[MIXED_AT_ONCE:], g)
        mixed = master(mixed, g) if mastered else mixed
        mel = to_log(stretch(mixed, g, strength=1.5))
        store(out / f"{number:05d}.npz", f"{out.name}/{number}", mel.numpy(), teachers)


def store(target: Path, name: str, patches: np.ndarray, teachers: Teachers) -> None:
    """Write one track of the cache, whole or not at all."""
    temporary = target.with_suffix(".part")
    with temporary.open("wb") as file:
        np.savez(file, path=name, mel=patches.astype(np.float16), **teachers(patches))
    temporary.rename(target)


def load(cache: Path, sources: Sequence[str]) -> Corpus:
    """Every patch of the cache folders `cache/source` that has the teachers' answers.

    Lengths are read first, so that no patch is in memory twice: they are gigabytes.
    """
    files = [file for source in sources for file in sorted((cache / source).glob("*.npz"))]
    if not files:
        raise DataError(cache, f"no cached tracks of {', '.join(sources)}", "Build the corpus first.")
    paths, lengths = [], []
    for file in files:
        with np.load(file) as stored:
            paths.append(f"{file.parent.name}/{stored['path']}")
            lengths.append(len(stored["tags"]))
    with np.load(files[0]) as first:
        arrays = {
            name: np.empty((sum(lengths), *first[name].shape[1:]), first[name].dtype)
            for name in ("mel", "tags", "embedding")
        }
    for file, n, end in zip(files, lengths, np.cumsum(lengths), strict=True):
        with np.load(file) as stored:
            for name, whole in arrays.items():
                whole[end - n : end] = stored[name]
    track = np.repeat(np.arange(len(files)), lengths)
    return Corpus(arrays["mel"], arrays["tags"].astype(np.float32), arrays["embedding"], track, paths)
