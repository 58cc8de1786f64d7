"""What more workers bring: how fast one local worker, two, and two actors of Ray hear the same files, on two cores.

    python benchmarks/workers.py ../shared/data/emotify/rock [--limit 60] [--repeat 3] [--engines local ray]

The rate is that of bytes between the file with which every worker has had its first two and the last, so that no
start counts: that of Ray takes many seconds. Runs of each kind take turns; the median of their rates is given, and
beside it the CPU seconds a file of all processes but Ray's own. Run it on a machine that does nothing else: on a busy
one the clock says little.
"""

import argparse
import os
import statistics
import tempfile
import time
from pathlib import Path

import psutil

from earmark.audio.discover import find_sound_files
from earmark.catalogue.store import Store
from earmark.engine.scan import STAGE, ScanOptions, scan
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path

KINDS = {"one local worker": ("local", 1), "two local workers": ("local", 2), "two actors of Ray": ("ray", 2)}
BARS = {"two local workers": ("one local worker", 1.85), "two actors of Ray": ("two local workers", 0.85)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--limit", type=int, default=60, help="so many files, spread evenly over the folder")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--engines", nargs="*", default=["local", "ray"])
    options = parser.parse_args()
    found = find_sound_files([options.folder], Path("nowhere"), lambda problem: None).files
    paths = [file.path for file in found][:: max(1, len(found) // options.limit)][: options.limit]
    kinds = {name: kind for name, kind in KINDS.items() if kind[0] in options.engines}
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in kinds}
    for _ in range(options.repeat):
        for name, (engine, workers) in kinds.items():
            runs[name].append(one_run(paths, engine, workers))
    told({name: statistics.median(rate for rate, _ in found) for name, found in runs.items()}, runs, len(paths))


def told(rates: dict[str, float], runs: dict[str, list[tuple[float, float]]], n_files: int) -> None:
    """The table."""
    print(f"{n_files} files, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| | MB/s | CPU s a file | | bar |\n|---|---|---|---|---|")
    for name, rate in rates.items():
        cpu = statistics.median(seconds for _, seconds in runs[name]) / n_files
        other, bar = BARS.get(name, ("", 0.0))
        beside = f"{rate / rates[other]:.2f} of {other} | {bar}" if other in rates else " | "
        print(f"| {name} | {rate / 1e6:.2f} | {cpu:.2f} | {beside} |")


def one_run(paths: list[str], engine: str, workers: int) -> tuple[float, float]:
    """Bytes a second, and CPU seconds of this process and its workers."""
    done: list[tuple[float, int]] = []

    def progress(what: str, so_far: int, total: int, note: str = "") -> None:
        if what == STAGE:
            done.append((time.monotonic(), so_far))

    model = load_model(model_path("default"))
    with tempfile.TemporaryDirectory() as folder:
        store, before = Store(Path(folder) / "catalogue", create=True), cpu_seconds()
        scan(store, paths, model, "default", ScanOptions(workers=workers, engine=engine), progress)
        spent = cpu_seconds() - before
    (began, first), (ended, last) = done[2 * workers], done[-1]
    return (last - first) / (ended - began), spent


def cpu_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    times = psutil.Process().cpu_times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
