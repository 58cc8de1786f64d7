"""What a catalogue of many tracks costs: one new song, a scan with nothing to do, queries, memory, disk.

    python benchmarks/scale.py all --seed CATALOGUE --to FOLDER             at 10,000 and 100,000 tracks
    python benchmarks/scale.py make --seed CATALOGUE --to FOLDER --tracks 1000000 --light
    python benchmarks/scale.py measure FOLDER
    python benchmarks/scale.py queries FOLDER
    python benchmarks/scale.py flushes --to FOLDER --flushes 5000

`make` writes rows of true size: each is one of the seed's (a catalogue that was scanned from real music) with other
numbers, words and digits in it, a vector between those of two tracks, and a length as songs have it. FOLDER gets
``catalogue/``, ``music/`` (hard links to a few short sounds, so that a scan finds every file) and ``new/`` (one song
that is not known). ``--light``: activations over time without tags, a quarter as large, where the disk is small.
"""

import argparse
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc

from earmark import Catalogue
from earmark.analysis import Analysis, analyze, join_versions, versions
from earmark.audio.fileinfo import FileInfo, read_file_info
from earmark.audio.filetags import FileTags
from earmark.catalogue.checksums import bytes_of
from earmark.catalogue.files import TAGS, FileState, row_of_file
from earmark.catalogue.query import Likeness, Query
from earmark.catalogue.schema import SHOWN, activations_column, embedding_column
from earmark.catalogue.shown import with_shown
from earmark.catalogue.steps import pack_activations, unpack_activations
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.catalogue.words import search_text
from earmark.demo.files import Format, encode
from earmark.tagger.model import Activations, load_model
from earmark.tagger.registry import model_path

EARMARK = "import sys; from earmark.cli import main; sys.argv = ['earmark', *sys.argv[1:]]; main()"
WEIGHTS = "sound=1,mood=1,energy=1"
MEMORY = """
import sys
import time
import psutil

class NoPandas:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, NoPandas())
from earmark import Catalogue

def megabytes():
    found = psutil.Process().memory_full_info()
    return f"{found.rss / 1e6:.0f} MB, {found.uss / 1e6:.0f} of its own"

one = Catalogue(sys.argv[1])
one.roots()
print(f"| memory, opened: {megabytes()} | | | | |")
for hit in one.search(n=20, versions=True):
    one.similar(hit.track.track_id, int(sys.argv[2]))
print(f"| memory, after 20 `similar`: {megabytes()} | | | | |")
began = time.perf_counter()
one.similar(hit.track.track_id, int(sys.argv[2]), weights=sys.argv[3])
took = time.perf_counter() - began
print(f"| memory, after one by weights, which took {took:.1f} s: {megabytes()} | | | | |")
"""
SR = 44_100
FLAC = Format("flac", "flac", ("flac",))
AT_ONCE = 4096
STEPS_AT_ONCE = 1024
LINKS = 50_000  # hard links to one file; file systems allow no more than some 65,000
KINDS = 1500  # different activations, no two equal ones in a fragment
LONG = 100.0  # seconds: the activations of shorter tracks of the seed are not used
WORDS = "night train river glass golden slow velvet summer iron quiet city rain dance mountain paper echo".split()
WHERES = ("tempo BETWEEN 118 AND 122", "year >= 1990 AND energy > 0.5", "artist = 'river glass 7'", "loudness > -12")
MEANINGS = ("calm piano", "sad slow strings", "energetic electronic", "joyful guitar", "dark ambient", "solemn choir")
QUERIES = 200
K = 10
SIZES, FLUSHES = (10_000, 100_000), 5_000
SECONDS, SPREAD = 225.0, 0.35  # median of the lengths of songs, and deviation of their logarithm


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("make", "flushes", "all"):
        commands.add_parser(name).add_argument("--to", type=Path, required=True)
    for name in ("make", "all"):
        commands.choices[name].add_argument("--seed", type=Path, required=True)
    commands.choices["make"].add_argument("--tracks", type=int, default=100_000)
    commands.choices["make"].add_argument("--light", action="store_true")
    commands.choices["flushes"].add_argument("--flushes", type=int, default=5_000)
    for name in ("measure", "queries", "memory"):
        commands.add_parser(name).add_argument("folder", type=Path)
    options = parser.parse_args()
    if options.command == "all":
        everything(options.seed, options.to)
    elif options.command == "make":
        make(options.seed, options.to, options.tracks, options.light)
    elif options.command == "queries":
        queries(options.folder / "catalogue")
    elif options.command == "memory":
        memory(options.folder / "catalogue")
    elif options.command == "flushes":
        flushes(options.to, options.flushes)
    else:
        measure(options.folder)


def everything(seed: Path, to: Path) -> None:
    """The tables of docs/scale.md at two sizes, and a long first scan."""
    began = time.monotonic()
    for n in SIZES:
        make(seed, to / str(n), n)
        measure(to / str(n))
    flushes(to / "flushes", FLUSHES)
    print(f"\nall of it: {(time.monotonic() - began) / 60:.1f} min, load {os.getloadavg()[0]:.1f}")


# -- making -----------------------------------------------------------------------------------------------------------


def make(seed: Path, to: Path, n: int, light: bool = False) -> None:
    """A catalogue of n tracks, and the files that it was made of, as far as a scan looks at them."""
    to.mkdir(parents=True)
    to = to.resolve()
    began, originals = time.monotonic(), write_originals(to, n)
    model = load_model(model_path("default"))
    store = Store(to / "catalogue", create=True)
    store.set_model(model, "default")
    template = Template(Store(seed), join_versions(versions(model)), min(n, KINDS), light)
    first = store.path
    tracks = Table.create(first / "tracks.lance", template.tracks.schema)
    tracks.index_words("text")
    steps = Table.create(first / "steps.lance", template.steps.schema)
    for start in range(0, n, AT_ONCE):
        some = range(start, min(start + AT_ONCE, n))
        rows = template.rows(some)
        for part in range(0, len(some), STEPS_AT_ONCE):
            steps.append(template.some_steps(rows["track_id"].slice(part, STEPS_AT_ONCE)))
        told = rows.select(["track_id", "analysis_version", *TAGS]).to_pylist()
        states = [state_of(to, i, row, originals) for i, row in zip(some, told, strict=True)]
        tracks.append(with_shown(rows, {state.track_id: [state] for state in states}))
        Table(first / "files.lance").append(pa.Table.from_pylist(list(map(row_of_file, states)), file_schema(store)))
        print(f"{some.stop} of {n}, {time.monotonic() - began:.0f} s", flush=True)
    Store(first).tidy()
    print(f"made in {time.monotonic() - began:.0f} s")


def file_schema(store: Store) -> pa.Schema:
    return pa.schema(list(Table(store.path / "files.lance").schema))


def write_originals(to: Path, n: int) -> list[tuple[Path, FileInfo, os.stat_result]]:
    """Short sounds for n tracks, with hard links to them in ``music/``, a hundred in a folder; and one in ``new/``."""
    originals = []
    for number in range(n // LINKS + 1):
        path = to / f"sound{number}.flac"
        write_noise(path, 5, number)
        originals.append((path, read_file_info(path), path.stat()))
    (to / "new").mkdir()
    write_noise(to / "new" / "new.flac", 200, n)
    for i in range(n):
        path = path_of(to, i)
        if i % 100 == 0:
            path.parent.mkdir(parents=True)
        os.link(originals[i // LINKS][0], path)
    return originals


def write_noise(path: Path, seconds: float, seed: int) -> None:
    """A sound like no other."""
    noise = np.random.default_rng(seed).normal(0, 0.1, (round(seconds * SR), 2))
    encode(noise.astype(np.float32), path, FLAC)


def path_of(to: Path, i: int) -> Path:
    return to / "music" / f"{i // 100:05d}" / f"{i:07d}.flac"


def state_of(to: Path, i: int, row: dict, originals: list) -> FileState:
    _, info, status = originals[i // LINKS]
    path = str(path_of(to, i))
    info = replace(info, tags=FileTags(*(row[name] for name in TAGS)))
    return FileState(path, status.st_size, status.st_mtime_ns, row["analysis_version"], row["track_id"], info=info)


class Template:
    """Rows like those of a real catalogue."""

    def __init__(self, store: Store, versions: str, kinds: int, light: bool) -> None:
        self.light = light
        self.versions = versions  # today's, lest a scan hears all again
        self.model_id = store.scanned_model().id
        tables = [Table(store.path / f"{name}.lance") for name in ("tracks", "steps")]
        self.tracks, self.steps = (table.read().replace_schema_metadata() for table in tables)
        self.tracks = self.tracks.filter(pc.field(embedding_column(self.model_id)).is_valid())
        if SHOWN not in self.tracks.column_names:
            self.tracks = self.tracks.append_column(SHOWN, pa.nulls(len(self.tracks), pa.binary()))
        long = self.tracks.filter(pc.field("analysed") > LONG)["track_id"]
        heavy = self.steps.filter(pc.is_in(self.steps["track_id"], long)) if len(long) else self.steps
        self.rng, self.digits = np.random.default_rng(1), random.Random(1)
        heard = [
            unpack_activations(packed) for packed in heavy[activations_column(self.model_id)].to_pylist() if packed
        ]
        self.packed = [self._other_steps(heard[i % len(heard)], store) for i in range(kinds)]
        self.kinds = self.tracks.take(self.rng.integers(0, len(self.tracks), AT_ONCE))
        for name in filter(lambda name: name.endswith("_json"), self.kinds.column_names):
            place = self.kinds.schema.get_field_index(name)
            self.kinds = self.kinds.set_column(place, name, pa.array(self._other_digits(self.kinds[name].to_pylist())))
        self.kinds = self.kinds.cast(self.tracks.schema).combine_chunks()

    def rows(self, some: range) -> pa.Table:
        """Rows of the table of tracks, one for each number; no two of a fragment have the same digits in them."""
        rows = self.kinds.take(self.rng.permutation(AT_ONCE)[: len(some)])
        columns = {name: self._other(name, rows[name]) for name in rows.column_names}
        columns["track_id"] = [f"{self.rng.integers(2**40):010x}{i:010x}" for i in some]
        titles, artists = [[self._words(i) for i in some] for _ in range(2)]
        columns |= {"title": titles, "artist": artists, "album": [f"{a} {i % 7}" for i, a in enumerate(artists)]}
        lengths = np.clip(self.rng.lognormal(np.log(SECONDS), SPREAD, len(some)), 60, 1200)
        columns["duration"] = pa.array(lengths.astype(np.float32))
        columns["year"] = pa.array(self.rng.integers(1950, 2026, len(some)), pa.int32())
        columns["analysis_version"] = [self.versions] * len(some)
        columns["n_files"] = pa.array([1] * len(some), pa.int32())
        columns["text"] = [
            search_text([*pair, *(tags or [])])
            for *pair, tags in zip(titles, artists, rows["tags"].to_pylist(), strict=True)
        ]
        return pa.table(columns, self.tracks.schema)

    def _other_steps(self, heard: Activations, store: Store) -> bytes:
        """With noise, so that no two are equal: tables keep equal values once."""
        moved = 0.05 * self.rng.standard_normal(heard.embedding.shape).astype(np.float32) * heard.embedding.std(axis=0)
        noise = 0.05 * self.rng.standard_normal(heard.logits.shape).astype(np.float32)
        logits = np.zeros_like(noise) if self.light else heard.logits + noise
        other = Activations(heard.times, logits, heard.embedding + moved)
        return pack_activations(other, store.scanned_model().tagset)

    def _other_digits(self, texts: list[str | None]) -> list[str | None]:
        return [t and re.sub(r"\d(?=[,\]}])", lambda _: str(self.digits.randrange(10)), t) for t in texts]

    def _words(self, i: int) -> str:
        return f"{self.digits.choice(WORDS)} {self.digits.choice(WORDS)} {self.rng.integers(100)}"

    def _other(self, name: str, column: pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        if name == embedding_column(self.model_id):
            return self._vectors(column)
        if pa.types.is_floating(column.type) and name not in ("duration", "analysed"):
            noise = 1 + 0.05 * self.rng.standard_normal(len(column)).astype(np.float32)
            return pc.multiply(column, pa.array(noise))
        return column

    def _vectors(self, column: pa.ChunkedArray) -> pa.Array:
        """Between two tracks', with noise of a third of how far tracks lie from their mean."""
        kind, n = column.type, len(column)
        all_ = pc.list_flatten(self.tracks[embedding_column(self.model_id)]).to_numpy().reshape(len(self.tracks), -1)
        a, b = (all_[self.rng.integers(0, len(all_), n)].astype(np.float32) for _ in range(2))
        weight = self.rng.random((n, 1)).astype(np.float32)
        noise = 0.33 * all_.std(axis=0) * self.rng.standard_normal(a.shape).astype(np.float32)
        mixed = (weight * a + (1 - weight) * b + noise).astype(all_.dtype)
        return pa.FixedSizeListArray.from_arrays(pa.array(mixed.ravel()), kind.list_size)

    def some_steps(self, ids: pa.ChunkedArray) -> pa.Table:
        """Rows of the table of steps for these tracks."""
        packed = [self.packed[i] for i in self.rng.permutation(len(self.packed))[: len(ids)]]
        return pa.table(
            {"track_id": ids, activations_column(self.model_id): pa.array(packed, pa.large_binary())}, self.steps.schema
        )


# -- measuring --------------------------------------------------------------------------------------------------------


def measure(folder: Path) -> None:
    """The table."""
    catalogue, music, new = folder / "catalogue", folder / "music", folder / "new"
    n = len(Store(catalogue))
    print(f"{n} tracks, {bytes_of(catalogue) / n / 1000:.1f} kB a track; load {os.getloadavg()[0]:.1f}\n")
    print("| what | wall | CPU | memory | disk |\n|---|---|---|---|---|")
    row("scan of one new song", command("scan", str(new), "--catalogue", str(catalogue)), catalogue)
    for _ in range(2):
        touch_new(new)
        row("scan of one new song, again", command("scan", str(new), "--catalogue", str(catalogue)), catalogue)
    row("scan with nothing to do", command("scan", str(music), "--catalogue", str(catalogue)), catalogue)
    killed(catalogue, new)
    memory(catalogue)
    queries(catalogue)


def touch_new(new: Path) -> None:
    """One more song that is not known."""
    number = len(list(new.iterdir()))
    write_noise(new / f"new{number}.flac", 200, number)


def command(*arguments: str) -> Callable[[], tuple[float, float, float]]:
    """Runs a command; seconds of wall clock and of CPU, and the largest process' megabytes."""

    def run() -> tuple[float, float, float]:
        began, before = time.monotonic(), os.times()
        with subprocess.Popen([sys.executable, "-c", EARMARK, *arguments], stdout=subprocess.DEVNULL) as process:
            most = 0.0
            while process.poll() is None:
                most = max(most, resident(process.pid))
                time.sleep(0.02)
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        return time.monotonic() - began, cpu, most

    return run


def resident(pid: int) -> float:
    """Megabytes of one process, workers aside."""
    try:
        return psutil.Process(pid).memory_info().rss / 1e6
    except psutil.Error:
        return 0.0


def row(what: str, run: Callable[[], tuple[float, float, float]], catalogue: Path) -> None:
    before = bytes_of(catalogue)
    wall, cpu, megabytes = run()
    grown = (bytes_of(catalogue) - before) / 1e6
    print(f"| {what} | {wall:.1f} s | {cpu:.1f} s | {megabytes:.0f} MB | {grown:+.2f} MB |", flush=True)


def killed(catalogue: Path, new: Path) -> None:
    """What a compaction that was killed leaves behind, and what is left of that after the next scan."""
    scatter(catalogue)
    before, most = bytes_of(catalogue), 0
    for _ in range(20):
        process = subprocess.Popen(
            [sys.executable, "-c", EARMARK, "catalogue", "compact", str(catalogue)], stdout=subprocess.DEVNULL
        )
        while process.poll() is None and bytes_of(catalogue) - before < 1_000_000:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
        most = max(most, bytes_of(catalogue) - before)
        if most:
            break
    command("scan", str(new), "--catalogue", str(catalogue))()
    left = bytes_of(catalogue) - before
    print(f"| killed compaction: {most / 1e6:.1f} MB left behind | | | | {left / 1e6:+.2f} MB after the next scan |")


def scatter(catalogue: Path) -> None:
    """Deleted rows in a few fragments, so that there is something to join."""
    store = Store(catalogue)
    first = Table(catalogue / "steps.lance").read(["track_id"], limit=4 * STEPS_AT_ONCE)["track_id"].to_pylist()
    store._steps.delete_among("track_id", first[::7])


def queries(catalogue: Path) -> None:
    """Each query many times over, first once to warm up."""
    print("\n| query, in process | p50 ms | p95 ms | CPU ms | p95 of CPU ms |\n|---|---|---|---|---|")
    one, store = Catalogue(catalogue), Store(catalogue)
    ids = random.Random(2).sample(sorted(store.track_ids()), QUERIES)
    model_id = store.scanned_model().id
    del store
    timed("similar", [lambda i=i: one.similar(i, K) for i in ids])
    timed("similar, a filter", [lambda i=i: one.similar(i, K, where=WHERES[0]) for i in ids])
    timed("similar, by weights", [lambda i=i: one.similar(i, K, weights=WEIGHTS) for i in ids[:50]])
    timed("text by meaning", [lambda text=text: one.find(text, n=K) for text in MEANINGS] * 10)
    pairs = [f"{a} {b}" for a in WORDS for b in WORDS if a != b][:120]
    timed("search by words", [lambda words=words: one.search(words) for words in pairs])
    for where in WHERES:
        timed(f"search --where {where}", [lambda where=where: one.search(where=where)] * 40)
    print(f"\nrecall@{K}: {recall(Store(catalogue), ids[:50], model_id):.3f}")


def timed(what: str, asks: list[Callable]) -> None:
    asks[0]()
    walls, cpus = [], []
    for ask in asks:
        began, used = time.perf_counter(), time.process_time()
        ask()
        walls.append(1000 * (time.perf_counter() - began))
        cpus.append(1000 * (time.process_time() - used))
    cells = [statistics.median(walls), np.quantile(walls, 0.95), np.mean(cpus), np.quantile(cpus, 0.95)]
    print(f"| {what} | {' | '.join(f'{cell:.1f}' for cell in cells)} |", flush=True)


def memory(catalogue: Path) -> None:
    """Of a process that asks what is alike and nothing else; pandas, which no plain install has, is hidden from it."""
    subprocess.run([sys.executable, "-c", MEMORY, str(catalogue), str(K), WEIGHTS], check=True)


def recall(store: Store, ids: list[str], model_id: str) -> float:
    """The share of the exact answers that is found."""
    vectors = store.embeddings(model_id)
    names = np.array(list(vectors))
    matrix = np.array(list(vectors.values()), np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    found = 0
    for i in ids:
        q = vectors[i] / np.linalg.norm(vectors[i])
        exact = set(names[np.argsort(-(matrix @ q))[:K]])
        hits = store.select(Query(like=Likeness(vectors[i].tolist(), model_id), limit=K))
        found += len(exact & {hit.track.track_id for hit in hits})
    return found / (K * len(ids))


# -- a long first scan ------------------------------------------------------------------------------------------------


def flushes(to: Path, n: int) -> None:
    """Milliseconds of a write of two tracks, in ten parts of a scan of n writes."""
    store = Store(to / "catalogue", create=True)
    model = load_model(model_path("default"))
    store.set_model(model, "default")
    analysis = one_analysis(to, model)
    walls: list[float] = []
    with store.alone():
        for i, batch in enumerate(batches(analysis, n)):
            began = time.process_time()
            store.write(*batch)
            walls.append(1000 * (time.process_time() - began))
            if (i + 1) % (n // 10) == 0:
                part = walls[-(n // 10) :]
                print(
                    f"writes to {i + 1}: mean {np.mean(part):.1f} ms, median {np.median(part):.1f} ms CPU", flush=True
                )


def one_analysis(to: Path, model) -> Analysis:
    (to / "sound").mkdir(parents=True)
    path = to / "sound" / "sound.flac"
    write_noise(path, 20, 0)
    analysis = analyze(path, model)
    packed = pack_activations(analysis.activations, analysis.tagset)  # by the worker, as in a scan
    return replace(analysis, activations=replace(analysis.activations, packed=packed))


def batches(analysis: Analysis, n: int) -> Iterator[tuple[list[Analysis], list[FileState]]]:
    for i in range(n):
        ids = [f"{2 * i + k:020x}" for k in (0, 1)]
        files = [
            FileState(f"/music/{i}/{k}.flac", 1000, 1, "s", track_id, info=FileInfo(analysis.file_tags))
            for k, track_id in enumerate(ids)
        ]
        yield [replace(analysis, track_id=track_id) for track_id in ids], files


if __name__ == "__main__":
    main()
