"""The feature cache: every file's log-mel spectrogram, computed once, in parallel, read through memory maps.

    folder/<feature config>/index.jsonl      one line a file: path, size, time, content hash, n_frames
    folder/<feature config>/ab/abcdef....npy [n_frames, n_mels]

A spectrogram is filed under the hash of its file's audio packets, so a moved, renamed or retagged file is not computed
again and a changed one is. Each is written whole or not at all: an interrupted build goes on where it stopped.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from earmark import settings
from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.earprint_head import is_track_id
from earmark.data.manifest import Manifest
from earmark.errors import DataError, EarmarkError
from earmark.files import whole_file
from earmark.progress import Progress, silent

VERSION = 1  # raised when log_mel or load_audio change what they return
STAGE = "spectrograms"


@dataclass(frozen=True)
class CachedFile:
    """One file of the cache.

    Attributes
    ----------
    path : absolute
    size, mtime_ns : bytes, and the time of the last change in nanoseconds, as `os.stat` gives them
    content : hash of its audio packets, see `earmark.audio.decode.content_hash`
    n_frames : of its spectrogram
    duration : seconds
    error : why it has no spectrogram, "" where it has one
    """

    path: str
    size: int
    mtime_ns: int
    content: str
    n_frames: int
    duration: float
    error: str = ""


@dataclass(frozen=True)
class FeatureCache:
    """Spectrograms of a manifest's rows, in its order: ``cache[i]`` is a memory map [n_frames, n_mels], float16.

    Attributes
    ----------
    folder : of this `feature_config`, below the one that `build` was given
    entries : one for each row
    """

    folder: Path
    feature_config: FeatureConfig
    entries: tuple[CachedFile, ...]

    @classmethod
    def build(
        cls,
        manifest: Manifest,
        feature_config: FeatureConfig = DEFAULT_FEATURES,
        folder: str | Path | None = None,
        workers: int = 1,
        progress: Progress = silent,
    ) -> "FeatureCache":
        """Compute what is missing and open the cache.

        Parameters
        ----------
        folder : holds the spectrograms of all front ends and data sets
        workers : processes that compute
        progress : is called with the stage ``spectrograms`` and counts files

        Raises
        ------
        DataError : lists every file that cannot be read; the others are computed and kept all the same
        """
        cache = cls.attempt(manifest, feature_config, folder, workers, progress)
        bad = [(i, entry) for i, entry in enumerate(cache.entries) if entry.error]
        if bad:
            found = "".join(f"\n  {manifest.where(i)}: {entry.error}" for i, entry in bad)
            raise DataError(manifest.name, f"{len(bad)} of {len(manifest)} files cannot be read:{found}\n",
                            "Replace these files or delete their rows.")  # fmt: skip
        return cache

    @classmethod
    def attempt(
        cls,
        manifest: Manifest,
        feature_config: FeatureConfig = DEFAULT_FEATURES,
        folder: str | Path | None = None,
        workers: int = 1,
        progress: Progress = silent,
    ) -> "FeatureCache":
        """As `build`, but unreadable files stay in `entries` with their `error`."""
        home = Path(folder or settings.CACHE.path()) / config_key(feature_config)
        home.mkdir(parents=True, exist_ok=True)
        (home / "features.json").write_text(json.dumps(feature_config.to_dict(), indent=1))
        known = _read_index(home)
        paths = [os.path.abspath(path) for path in manifest.paths()]
        todo = [path for path in dict.fromkeys(paths) if not _is_fresh(home, known.get(path), path)]
        n, done = len(set(paths)), len(set(paths)) - len(todo)
        progress(STAGE, done, n)
        with open(home / "index.jsonl", "a", encoding="utf-8") as index:
            for entry in _compute(home, feature_config, todo, workers):
                known[entry.path] = entry
                if not entry.error:  # an unreadable file is tried again next time
                    index.write("\n" + json.dumps(vars(entry)))  # a line cut short spoils no other
                    index.flush()
                done += 1
                progress(STAGE, done, n)
        return cls(home, feature_config, tuple(known[path] for path in paths))

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, i: int) -> np.ndarray:
        """float16 [n_frames, n_mels], memory-mapped and read-only; raises DataError where row `i` has an error."""
        entry = self.entries[i]
        if entry.error:
            raise DataError(entry.path, entry.error, "Replace the file or delete its row.")
        return np.load(_spectrogram_file(self.folder, entry.content), mmap_mode="r")

    def __iter__(self) -> Iterator[np.ndarray]:
        return (self[i] for i in range(len(self)))

    @property
    def n_frames(self) -> np.ndarray:
        """Length of each row's spectrogram, int64 [n_rows]."""
        return np.array([entry.n_frames for entry in self.entries], np.int64)

    @property
    def durations(self) -> np.ndarray:
        """Seconds, float64 [n_rows]."""
        return np.array([entry.duration for entry in self.entries])

    @property
    def contents(self) -> list[str]:
        """Hash of each row's audio packets: equal for the same encoded sound, whatever the file's tags."""
        return [entry.content for entry in self.entries]

    def subset(self, indices) -> "FeatureCache":
        """The rows at `indices`, in that order, as `Manifest.subset`."""
        return FeatureCache(self.folder, self.feature_config, tuple(self.entries[int(i)] for i in indices))


def config_key(cfg: FeatureConfig) -> str:
    """The name of a feature config's folder, 16 hexadecimal digits: equal configs have equal names."""
    text = json.dumps([VERSION, cfg.to_dict()], sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


# ---------------------------------------------------------------- building


def _compute(home: Path, cfg: FeatureConfig, paths: list[str], workers: int) -> Iterator[CachedFile]:
    """Entries in the order in which they are ready."""
    if workers <= 1 or len(paths) < 2:
        with _one_thread():
            yield from (_one_file(home, cfg, path) for path in paths)
        return
    pool = ProcessPoolExecutor(min(workers, len(paths)), get_context("spawn"), initializer=_one_thread)
    try:
        jobs = [pool.submit(_one_file, home, cfg, path) for path in paths]
        yield from (job.result() for job in as_completed(jobs))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _one_file(home: Path, cfg: FeatureConfig, path: str) -> CachedFile:
    """Compute and store one spectrogram; never raises for what is wrong with the file."""
    from earmark.audio.decode import content_hash

    try:
        content = content_hash(path)
        stat = os.stat(path)
        S, duration = _stored_or_computed(home, cfg, path, content)
        return CachedFile(path, stat.st_size, stat.st_mtime_ns, content, len(S), duration)
    except EarmarkError as error:
        return CachedFile(path, 0, 0, "", 0, 0.0, error.problem)
    except OSError as error:
        return CachedFile(path, 0, 0, "", 0, 0.0, error.strerror or str(error))


def _stored_or_computed(home: Path, cfg: FeatureConfig, path: str, content: str) -> tuple[np.ndarray, float]:
    target = _spectrogram_file(home, content)
    if target.exists():
        S = np.load(target, mmap_mode="r")
        return S, len(S) / cfg.frame_rate
    from earmark.audio.decode import load_audio
    from earmark.audio.features import log_mel

    audio = load_audio(path, sr=cfg.sr)
    S = log_mel(audio.y, cfg).astype(np.float16)
    target.parent.mkdir(exist_ok=True)
    with whole_file(target) as draft:
        np.save(draft, S)
    return S, float(audio.duration)


def _one_thread():
    """One process a core: the matrix products of the front end must not start threads of their own."""
    from threadpoolctl import threadpool_limits

    return threadpool_limits(1)


def _spectrogram_file(home: Path, content: str) -> Path:
    return home / content[:2] / f"{content}.npy"


def _is_fresh(home: Path, entry: CachedFile | None, path: str) -> bool:
    if entry is None or not _spectrogram_file(home, entry.content).exists():
        return False
    try:
        stat = os.stat(path)
    except OSError:
        return False
    return (stat.st_size, stat.st_mtime_ns) == (entry.size, entry.mtime_ns)


def _read_index(home: Path) -> dict[str, CachedFile]:
    """Entries by path; a line cut short by an interruption, or without an id that can name a file, is passed over."""
    index = home / "index.jsonl"
    entries = {}
    for line in index.read_text(encoding="utf-8").splitlines() if index.exists() else []:
        try:
            entry = CachedFile(**json.loads(line))
        except (ValueError, TypeError):
            continue
        if is_track_id(entry.content):
            entries[entry.path] = entry
    return entries
