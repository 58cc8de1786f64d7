"""How long a scan takes that finds nothing to do: its seconds, CPU and wall, from start to end, and its memory.

    python benchmarks/known_files.py [--files 20000] [--folder DIR]
    python benchmarks/known_files.py --real ../shared/data --files 387

The files are hard links to one short sound, a hundred in a folder. The catalogue knows each as a track of its own, with
its own tags: rows are written as a scan writes them, without hearing one sound so often.

With --real they are copies of distinct files of music below a folder, and a first scan hears them. Beside it stands
the same scan of one of these files: what is left between the two is the cost of looking at the others.
"""

import argparse
import hashlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil

from earmark.analysis import analyze, join_versions, versions
from earmark.audio.discover import find_sound_files
from earmark.audio.fileinfo import FileInfo, read_file_info
from earmark.audio.filetags import FileTags
from earmark.catalogue.files import FileState
from earmark.catalogue.store import Store
from earmark.demo.files import Format, encode
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path

SCAN = "import sys; from earmark.cli import main; sys.argv = ['earmark', *sys.argv[1:]]; main()"
BATCH = 1000
SR = 44_100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--real", type=Path, help="copy distinct files from here, and hear them")
    parser.add_argument("--folder", type=Path, help="where to work; a temporary folder by default")
    parser.add_argument("--repeat", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        music, catalogue = Path(temporary) / "music", Path(temporary) / "catalogue"
        if options.real:
            one = copy_files(options.real, music, options.files)[0]
            show("first scan", scan(music, catalogue))
        else:
            one = link_files(music, options.files)[0]
            write_rows(catalogue, sorted(music.rglob("*.flac")))
        for _ in range(options.repeat):
            show("one file", scan(one, catalogue))
            show("all files", scan(music, catalogue))


def copy_files(source: Path, music: Path, n: int) -> list[Path]:
    """n files of music, of which no two are equal, a hundred in a folder."""
    found = [Path(file.path) for file in find_sound_files([source], None, print).files]
    distinct = {hashlib.blake2b(path.read_bytes()).digest(): path for path in found}
    if len(distinct) < n:
        sys.exit(f"{source} holds {len(distinct)} distinct files, and {n} are wanted")
    copies = []
    for i, path in enumerate(list(distinct.values())[:n]):
        copies.append(music / f"{i // 100:04d}" / f"{i:06d}{path.suffix}")
        copies[-1].parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copies[-1])
    return copies


def link_files(music: Path, n: int) -> list[Path]:
    """n hard links to one sound of five seconds."""
    music.mkdir()
    noise = np.random.default_rng(0).normal(0, 0.1, (5 * SR, 2)).astype(np.float32)
    first = music.parent / "sound.flac"
    encode(noise, first, Format("flac", "flac", ("flac",)))
    paths = [music / f"{i // 100:04d}" / f"{i:06d}.flac" for i in range(n)]
    for path in paths:
        path.parent.mkdir(exist_ok=True)
        os.link(first, path)
    return paths


def write_rows(catalogue: Path, paths: list[Path]) -> None:
    """A track and a file a path, as a scan would have left them."""
    model, store = load_model(model_path("default")), Store(catalogue, create=True)
    store.migrate()
    store.set_model(model, "default")
    analysis, info = analyze(paths[0], model), read_file_info(paths[0])
    text = join_versions(versions(model))
    for start in range(0, len(paths), BATCH):
        some = range(start, min(start + BATCH, len(paths)))
        ids = {i: hashlib.blake2b(str(i).encode(), digest_size=10).hexdigest() for i in some}
        states = [state_of(paths[i], ids[i], text, info, i) for i in some]
        store.write([replace(analysis, track_id=ids[i]) for i in some], states)
    store.tidy()


def state_of(path: Path, track_id: str, text: str, info: FileInfo, i: int) -> FileState:
    status = path.stat()
    tags = FileTags(f"Title {i}", f"Artist {i // 10}", f"Album {i // 10}", 1950 + i % 70, "Rock")
    return FileState(str(path), status.st_size, status.st_mtime_ns, text, track_id, info=replace(info, tags=tags))


def scan(music: Path, catalogue: Path) -> tuple[float, float, float, str]:
    """CPU seconds (of the scan and its workers), wall seconds, peak megabytes and first line of one scan."""
    began, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", SCAN, "scan", str(music), "--catalogue", str(catalogue)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        peak = 0
        while process.poll() is None:
            try:
                peak = max(peak, psutil.Process(process.pid).memory_info().rss)
            except psutil.NoSuchProcess:
                break
            time.sleep(0.02)
        line = process.stdout.readline().strip()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - began, peak / 1e6, line


def show(what: str, figures: tuple[float, float, float, str]) -> None:
    cpu, wall, megabytes, line = figures
    print(f"{what:10}  {cpu:6.2f} s CPU  {wall:6.2f} s  {megabytes:5.0f} MB  {line}", flush=True)


if __name__ == "__main__":
    main()
