"""What it costs to leave out versions of a song, and to list the duplicates of a large catalogue.

    python benchmarks/variety.py CATALOGUE [--tracks 10000] [--twins 100]

Makes a copy of the catalogue and fills it with tracks of random embeddings and lengths, each with activations of 20 s.
So many of them as `--twins` says have a copy 1 s longer.
"""

import argparse
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from earmark.catalogue.schema import activations_column, embedding_column
from earmark.catalogue.steps import pack_activations
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.catalogue.words import search_text
from earmark.explore.distinct import ONE_OF_EACH, Variety
from earmark.explore.duplicates import duplicates
from earmark.explore.similar import similar
from earmark.explore.text import search
from earmark.tagger.model import Activations
from pages import append, pack

STEPS, KINDS = 40, 64  # steps of a track; different activations, shared by all tracks but the twins
AT_ONCE = 2000  # rows that are written at once
EVERY = Variety(versions=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--tracks", type=int, default=10_000)
    parser.add_argument("--twins", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = fill(Path(shutil.copytree(options.catalogue, Path(folder) / "c")), options.tracks, options.twins)
        print(f"{len(store)} tracks")
        ids = [f"{i:020x}" for i in range(0, options.tracks, options.tracks // 20)]
        questions = {
            "similar": lambda i, v: similar(store, i, 10, None, v),
            "search": lambda i, v: search(store, "song", variety=v),
        }
        for name, ask in questions.items():
            every, one = ([took(ask, i, variety) for i in ids] for variety in (EVERY, ONE_OF_EACH))
            print(f"{name}: all versions {median(every)}, one of each {median(one)}")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        groups = duplicates(store)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(
            f"duplicates: {len(groups)} groups, {time.perf_counter() - began:.1f} s, {before >> 10} -> {most >> 10} MB"
        )


def fill(folder: Path, n: int, twins: int) -> Store:
    """The catalogue with n more tracks, of which the last `twins` are copies of the first."""
    store, rng = Store(folder), np.random.default_rng(0)
    store.migrate()
    model_id = store.model().id
    dim = len(store.embedding(min(store.track_ids()), model_id))
    common = rng.standard_normal(dim)
    vectors = (common + 1.2 * rng.standard_normal((n, dim))).astype(np.float32)
    blobs = [activations(rng, vectors[i % n], dim) for i in range(max(KINDS, twins))]
    durations = rng.uniform(120, 400, n).astype(np.float32)
    vectors[n - twins :], durations[n - twins :] = vectors[:twins], durations[:twins] + 1
    kinds = np.r_[np.arange(n - twins) % len(blobs), np.arange(twins)]
    tracks, files, steps = (Table(folder / f"{name}.lance") for name in ("tracks", "files", "steps"))
    for start in range(0, n, AT_ONCE):
        rows = range(start, min(start + AT_ONCE, n))
        own = {
            "track_id": [f"{i:020x}" for i in rows], "title": [f"song {i}" for i in rows],
            "artist": [f"artist {i % 500}" for i in rows], "text": [search_text([f"song {i}"]) for i in rows],
            "duration": durations[rows.start : rows.stop], "n_files": [1] * len(rows),
            embedding_column(model_id): list(vectors[rows.start : rows.stop].astype(np.float16)),
        }  # fmt: skip
        append(tracks, own, len(rows))
        packed = [blobs[kinds[i]] for i in rows]
        append(steps, {"track_id": own["track_id"], activations_column(model_id): packed}, len(rows))
        paths = [f"/music/{i}.flac" for i in rows]
        names = {"key": [path.encode() for path in paths], "path": paths}
        append(files, names | {name: own[name] for name in ("track_id", "title", "artist")}, len(rows))
    pack(tracks, files)
    Store(folder).tidy()
    return Store(folder)


def activations(rng: np.random.Generator, vector: np.ndarray, dim: int) -> bytes:
    """Packed, of a sound that wanders around `vector`."""
    steps = vector + np.cumsum(rng.standard_normal((STEPS, dim)), axis=0).astype(np.float32) / 20
    return pack_activations(Activations(0.256 + 0.512 * np.arange(STEPS), np.zeros((STEPS, 44), np.float32), steps))


def took(ask: Callable, *arguments) -> float:
    """Milliseconds."""
    ask(*arguments)
    began = time.perf_counter()
    ask(*arguments)
    return 1e3 * (time.perf_counter() - began)


def median(milliseconds: list[float]) -> str:
    """For people, with the slowest."""
    return f"{np.median(milliseconds):.1f} ms (at most {max(milliseconds):.1f})"


if __name__ == "__main__":
    main()
