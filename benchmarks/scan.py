"""How fast a scan is beside decoding alone, on the same cores in the same run, and how much memory it takes.

    python benchmarks/scan.py ../shared/data/cc_catalogue [--workers 2] [--limit 60] [--out scan.json]

Floors, both measured in one process of one thread, with the files in the system's cache:

- decode: PyAV's own frames, thrown away. Nothing can be faster, and nothing can be done with it;
- decode to 16 kHz mono: `earmark.audio.decode.load_audio`, the samples that any analysis needs.

The scan runs as `earmark scan` does, into a fresh catalogue, workers and all; its start-up is measured by a scan of one
file and given apart. Files that no decoder can read are left out of every figure.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import av
import psutil

from earmark.analysis import TAGS, analyze
from earmark.audio.decode import load_audio
from earmark.audio.discover import find_sound_files
from earmark.errors import EarmarkError
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path

SCAN = "import sys; from earmark.cli import main; sys.argv = ['earmark', *sys.argv[1:]]; main()"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--limit", type=int, help="measure so many files, spread evenly over the folder")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each kind, in turn; the median is given")
    parser.add_argument("--model", default="default")
    parser.add_argument("--out", type=Path, help="write the figures as JSON")
    options = parser.parse_args()
    figures = measure(options)
    for name, value in figures.items():
        print(f"{name:<36} {value}")
    if options.out:
        options.out.write_text(json.dumps(figures, indent=2) + "\n")


def measure(options) -> dict:
    with tempfile.TemporaryDirectory() as temporary:
        music = Path(temporary) / "music"
        seconds = gather(options.folder, music, options.limit)
        paths = sorted(music.iterdir())
        runs = [one_round(paths, Path(temporary), options) for _ in range(options.repeat)]
    median = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    net = median["scan"] - median["start"]
    return {
        "machine": f"{platform.platform()}, {os.cpu_count()} cores",
        "files": len(paths),
        "hours of audio": round(seconds / 3600, 2),
        "workers": options.workers,
        "decode s": round(median["decode"], 2),
        "decode to 16 kHz mono s": round(median["load"], 2),
        "analyse in one process s": round(median["analyse"], 2),
        "the same for tags alone s": round(median["tags"], 2),
        "scan s": round(median["scan"], 2),
        "start-up s": round(median["start"], 2),
        "scan, x real time": round(seconds / median["scan"]),
        "scan, tracks/min": round(60 * len(paths) / median["scan"]),
        "scan / decode to 16 kHz mono": round(net * options.workers / median["load"], 2),
        "tags alone / decode to 16 kHz mono": round(median["tags"] / median["load"], 2),
        "analysis / decode to 16 kHz mono": round(median["analyse"] / median["load"], 2),
        "scan / decode": round(net * options.workers / median["decode"], 2),
        "worker's peak memory MB": round(max(run["worker_mb"] for run in runs)),
        "scan's own peak memory MB": round(max(run["parent_mb"] for run in runs)),
        "second scan, unchanged, s": round(median["again"], 2),
    }


def gather(folder: Path, music: Path, limit: int | None) -> float:
    """Links to the readable files of a folder; returns their length in seconds."""
    music.mkdir()
    found = [file.path for file in find_sound_files([folder], Path("nowhere"), lambda problem: None).files]
    if limit and limit < len(found):
        found = [found[i * len(found) // limit] for i in range(limit)]
    seconds = 0.0
    for i, path in enumerate(found):
        try:
            seconds += load_audio(path).duration  # also brings the file into the system's cache
        except EarmarkError as error:
            print(f"left out: {error}", file=sys.stderr)
            continue
        (music / f"{i:05d}{Path(path).suffix}").symlink_to(Path(path).resolve())
    return seconds


def one_round(paths: list[Path], temporary: Path, options) -> dict:
    model = load_model(model_path(options.model))
    analyze(paths[0], model)  # first use of everything
    catalogue = temporary / "catalogue"
    shutil.rmtree(catalogue, ignore_errors=True)
    figures = {
        "decode": timed(lambda: [decode(path) for path in paths]),
        "load": timed(lambda: [load_audio(path) for path in paths]),
        "tags": timed(lambda: [analyze(path, model, parts={TAGS}) for path in paths]),
        "analyse": timed(lambda: [analyze(path, model) for path in paths]),
        "start": scan(paths[0], temporary / "one", options)["seconds"] - timed(lambda: analyze(paths[0], model)),
    }
    shutil.rmtree(temporary / "one")
    whole = scan(paths[0].parent, catalogue, options)
    again = scan(paths[0].parent, catalogue, options)
    return figures | {
        "scan": whole["seconds"], "worker_mb": whole["worker_mb"], "parent_mb": whole["parent_mb"],
        "again": again["report_seconds"],
    }  # fmt: skip


def timed(work) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def decode(path: Path) -> None:
    with av.open(str(path)) as container:
        stream = container.streams.best("audio")
        stream.codec_context.thread_count = 1
        for packet in container.demux(stream):
            try:
                for _ in packet.decode():
                    pass
            except av.error.InvalidDataError:
                pass


def scan(source: Path, catalogue: Path, options) -> dict:
    """`earmark scan` as a process of its own, watched."""
    command = [sys.executable, "-c", SCAN, "scan", str(source), "--catalogue", str(catalogue), "--json"]
    command += ["--workers", str(options.workers), "--model", options.model]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peaks = {"parent_mb": 0.0, "worker_mb": 0.0}
    watcher = threading.Thread(target=watch, args=(process.pid, peaks), daemon=True)
    watcher.start()
    out, _ = process.communicate()
    return peaks | {"seconds": time.perf_counter() - began, "report_seconds": json.loads(out)["seconds"]}


def watch(pid: int, peaks: dict) -> None:
    """Peak resident memory of the scan and of its largest worker, looked at every 20 ms."""
    try:
        parent = psutil.Process(pid)
        while True:
            peaks["parent_mb"] = max(peaks["parent_mb"], parent.memory_info().rss / 1e6)
            for child in parent.children():
                peaks["worker_mb"] = max(peaks["worker_mb"], child.memory_info().rss / 1e6)
            time.sleep(0.02)
    except psutil.Error:
        return


if __name__ == "__main__":
    main()
