"""What a scan of millions of tracks takes on a cluster, and what is full first: costs, a formula, a simulation.

    python benchmarks/cluster_model.py measure --out costs.json     some minutes of CPU, on this machine
    python benchmarks/cluster_model.py table [--costs costs.json]   the tables of docs/scale.md

`measure` times what one track costs where it is spent: a worker process (CPU seconds, at the real model), the scan's
own process (checking the reply, writing a batch with the tidying that comes with it), and the index. `table` prints
what a formula makes of it, and beside it a simulation of the same scan event by event: fetching, workers with their own
spread of times, two tasks an actor at once, batches of 64 tracks or 5 s, one thread that checks and writes. Times of a
network are assumptions, and printed as such.
"""

import argparse
import heapq
import json
import math
import random
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

TRACKS = (1_000_000, 10_000_000, 100_000_000)
CORES = (16, 64, 256, 1024)
SIMULATED = 20_000  # tracks, of which the first tenth is left out: the pipes have to fill
FLUSH_TRACKS, FLUSH_SECONDS, AHEAD = 64, 5.0, 2  # as in the scan
LATENCY, BANDWIDTH = 0.05, 25e6  # seconds before a request is answered, bytes a second of one connection: assumed
KEPT = 26_300  # bytes of a track in a catalogue, by benchmarks/scale.py; equal rows, as are written here, take less
PRICE = 0.4e-6  # dollars a GET request of S3, list price


@dataclass(frozen=True)
class Costs:
    """What one track costs.

    Attributes
    ----------
    worker : CPU seconds of a worker for each of some tracks
    check : CPU seconds of the scan to check a reply and decide what follows
    commit : CPU seconds of the scan to write a track, in batches of `FLUSH_TRACKS`, tidying included
    read, requests, written : bytes fetched, requests, bytes kept in the catalogue
    index : CPU seconds a track to build the index of likeness
    """

    worker: tuple[float, ...]
    check: float
    commit: float
    read: float
    requests: float
    written: float
    index: float

    @property
    def heard(self) -> float:
        """CPU seconds of a worker, the mean."""
        return sum(self.worker) / len(self.worker)

    @property
    def fetched(self) -> float:
        """Seconds that a worker waits for the network."""
        return self.requests * LATENCY + self.read / BANDWIDTH

    @property
    def ceiling(self) -> float:
        """Tracks a second that the one committer takes at most."""
        return 1 / (self.check + self.commit)


# -- formula and simulation --------------------------------------------------------------------------------------------


def rate(costs: Costs, cores: int) -> float:
    """Tracks a second, by the formula: the least of what workers can hear and what the committer can take."""
    return min(cores / (costs.heard + costs.fetched), costs.ceiling)


def simulate(costs: Costs, cores: int, n_tracks: int = SIMULATED, seed: int = 0) -> tuple[float, float]:
    """(tracks a second, share of the time that the committer is at work) of a scan, event by event.

    The scan's process is one thread: it takes replies in the order in which they come, checks each, gives the actor
    that is free its next task, and writes when a batch is full or old. While it writes nobody gets a new task, so that
    an actor has the one that it has ahead and then stands idle.
    """
    rng = random.Random(seed)
    done: list[tuple[float, int]] = []  # (time, actor)
    free_at = [0.0] * cores  # of each actor: when it ends all that it has

    def give(actor: int, now: float) -> None:
        free_at[actor] = max(free_at[actor], now) + costs.fetched + rng.choice(costs.worker)
        heapq.heappush(done, (free_at[actor], actor))

    for actor in [*range(cores)] * AHEAD:
        give(actor, rng.random() * costs.heard)  # machines do not start all at once
    now = busy = began = busy_before = 0.0
    batch, flushed, skipped = 0, 0.0, n_tracks // 10
    for n in range(n_tracks):
        came, actor = heapq.heappop(done)
        now, batch, busy = max(now, came) + costs.check, batch + 1, busy + costs.check
        give(actor, now)
        if batch >= FLUSH_TRACKS or now - flushed > FLUSH_SECONDS:
            now, busy = now + batch * costs.commit, busy + batch * costs.commit
            batch, flushed = 0, now
        if n == skipped:
            began, busy_before = now, busy
    return (n_tracks - skipped - 1) / (now - began), (busy - busy_before) / (now - began)


def table(costs: Costs) -> list[str]:
    """The rows of docs/scale.md."""
    heard, fetched = costs.heard, costs.fetched
    lines = [
        f"a track: worker {heard:.2f} s CPU, network {fetched:.2f} s (assumed), check {1e3 * costs.check:.2f} ms, "
        f"commit {1e3 * costs.commit:.2f} ms, index {1e6 * costs.index:.0f} us",
        f"committer's ceiling: {60 * costs.ceiling:.0f} tracks a minute, what "
        f"{costs.ceiling * (heard + fetched):.0f} cores hear",
        "",
        "| cores | tracks a minute: formula | simulation | committer at work | full first |",
        "|---|---|---|---|---|",
    ]
    rates = {}
    for cores in CORES:
        expected, (found, share) = rate(costs, cores), simulate(costs, cores, max(SIMULATED, 40 * cores))
        rates[cores] = found
        full = "committer" if share > 0.95 else "cores"
        lines.append(f"| {cores} | {60 * expected:,.0f} | {60 * found:,.0f} | {share:.0%} | {full} |")
    lines += ["", "| tracks | read | requests | kept | index | " + " | ".join(f"{c} cores" for c in CORES) + " |"]
    lines.append("|---" * (5 + len(CORES)) + "|")
    for n in TRACKS:
        times = " | ".join(span(n / rates[cores]) for cores in CORES)
        price = f"{n * costs.requests / 1e6:,.0f} million (${n * costs.requests * PRICE:,.0f})"
        size = f"{n * costs.read / 1e12:,.1f} TB", price, f"{n * costs.written / 1e9:,.0f} GB"
        lines.append(f"| {n:,} | {' | '.join(size)} | {span(n * costs.index)} | {times} |")
    return lines


def span(seconds: float) -> str:
    """A time in the unit that people would say it in."""
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:,.1f} {unit}"
    return f"{seconds:.0f} s"


# -- measuring ---------------------------------------------------------------------------------------------------------


def measure(n_tracks: int, seconds: float, n_batches: int) -> Costs:
    """Costs on this machine: tracks of so many seconds, MP3 of 128 kbit/s, and so many batches."""
    from earmark.audio.remote.cached import BLOCK
    from earmark.engine.limits import Limits
    from earmark.tagger.model import load_model
    from earmark.tagger.registry import model_path

    model = load_model(model_path("default"))
    with tempfile.TemporaryDirectory() as temporary:
        paths = [_song(Path(temporary) / f"{i}.mp3", i, seconds) for i in range(n_tracks)]
        size = sum(path.stat().st_size for path in paths) / n_tracks
        worker, check, analysis = _hear(paths, model, Limits())
        commit = _commit(Path(temporary) / "catalogue", model, analysis, n_batches)
        index = _index(model.info)
    return Costs(worker, check, commit, size, math.ceil(size / BLOCK), KEPT, index)


def _song(path: Path, seed: int, seconds: float) -> Path:
    import numpy as np

    from earmark.demo.files import Format, encode

    rng, sr = np.random.default_rng(seed), 44_100
    t = np.arange(round(0.4 * sr)) / sr
    notes = [sum(np.sin(2 * np.pi * hz * t) for hz in rng.uniform(80, 3000, 3)) for _ in range(round(seconds / 0.4))]
    y = (0.1 * np.concatenate(notes)).astype(np.float32)
    encode(np.stack([y, y], 1), path, Format("mp3", "mp3", ("libmp3lame",), bit_rate=128_000))
    return path


def _hear(paths: list[Path], model, limits) -> tuple[tuple[float, ...], float, object]:
    """CPU seconds of a worker for each track but the first, which pays for the start; of the check of a reply."""
    import psutil

    from earmark.analysis import versions
    from earmark.engine.local import WorkerProcess
    from earmark.engine.protocol import Analyse
    from earmark.engine.wire import decode_answer, encode

    worker, times, checks = WorkerProcess(model, limits), [], []
    parts = frozenset(versions(model))
    for path in paths:
        before = 0.0 if worker._process is None else _cpu(psutil.Process(worker._process.pid))
        task = Analyse(str(path), parts)
        reply = worker.ask(task)
        times.append(_cpu(psutil.Process(worker._process.pid)) - before)
        body, began = encode(reply), time.process_time()
        for _ in range(5):
            decode_answer(body, task, model)
        checks.append((time.process_time() - began) / 5)
    worker.close()
    return tuple(round(one, 3) for one in times[1:]), sum(checks) / len(checks), reply.analysis


def _cpu(process) -> float:
    spent = process.cpu_times()
    return spent.user + spent.system


def _commit(folder: Path, model, analysis, n_batches: int) -> float:
    """CPU seconds a track, over batches as a first scan writes them."""
    from earmark.catalogue.files import FileState
    from earmark.catalogue.store import Store

    store = Store(folder, create=True)
    store.set_model(model, "default")
    with store.alone():
        began = time.process_time()
        for batch in range(n_batches):
            ids = [f"{batch * FLUSH_TRACKS + i:020x}" for i in range(FLUSH_TRACKS)]
            states = [FileState(f"/music/{one}.mp3", 1, 1, "v", one) for one in ids]
            store.write([replace(analysis, track_id=one) for one in ids], states)
        store.tidy()
        spent = time.process_time() - began
    return spent / (n_batches * FLUSH_TRACKS)


def _index(info) -> float:
    """CPU seconds a vector of an index such as the catalogue builds, of 200,000 vectors."""
    import lance
    import numpy as np
    import pyarrow as pa

    n, dim = 200_000, 192
    vectors = np.random.default_rng(0).standard_normal(n * dim).astype(np.float16)
    column = pa.FixedSizeListArray.from_arrays(pa.array(vectors), dim)
    with tempfile.TemporaryDirectory() as temporary:
        dataset = lance.write_dataset(pa.table({"vector": column}), temporary)
        began = time.process_time()
        dataset.create_index("vector", "IVF_SQ", metric="cosine", num_partitions=n // 4096)
        return (time.process_time() - began) / n


# -- command -----------------------------------------------------------------------------------------------------------

MEASURED = Costs((0.76, 0.81, 0.8, 0.78, 0.74), 0.00321, 0.00152, 3.2e6, 2, KEPT, 1.79e-5)
"""By `measure --tracks 6 --batches 24`."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    one = commands.add_parser("measure")
    one.add_argument("--tracks", type=int, default=12)
    one.add_argument("--seconds", type=float, default=200.0, help="length of each")
    one.add_argument("--batches", type=int, default=200)
    one.add_argument("--out", type=Path)
    other = commands.add_parser("table")
    other.add_argument("--costs", type=Path, help="what measure wrote; the figures of docs/scale.md by default")
    options = parser.parse_args()
    if options.command == "measure":
        costs = measure(options.tracks, options.seconds, options.batches)
        text = json.dumps(asdict(costs), indent=2)
        options.out.write_text(text + "\n") if options.out else None
        print(text)
        return
    costs = MEASURED
    if options.costs:
        values = json.loads(options.costs.read_text())
        costs = Costs(**values | {"worker": tuple(values["worker"])})
    print("\n".join(table(costs)))


if __name__ == "__main__":
    main()
