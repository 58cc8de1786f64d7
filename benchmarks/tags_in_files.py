"""Tags into 1,000 files of ten formats and back: sound and bytes compared, times, size of the journal.

python benchmarks/tags_in_files.py --files 1000 --seconds 5
"""

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from earmark.audio.decode import content_hash
from earmark.interop.apply import apply_plan, digest, undo_run
from earmark.interop.journal import journal_path, open_journal
from earmark.interop.plan import make_plan
from earmark.interop.profile import CHOICES, Profile
from tagged import KINDS, track_of, write_kind


def write_music(folder: Path, n: int, seconds: float) -> list[Path]:
    """n files, as many of each format."""
    folder.mkdir()
    first = [write_kind(folder / f"0.{kind}", seconds) for kind in KINDS]
    copies = [(first[i % len(first)], folder / f"{i}{first[i % len(first)].suffix}") for i in range(len(first), n)]
    return [*first, *(Path(shutil.copyfile(source, copy)) for source, copy in copies)]


def timed(what: str, n: int, work):
    """The result of `work`, its time told."""
    began = time.perf_counter()
    found = work()
    took = time.perf_counter() - began
    print(f"{what:<8} {took:7.1f} s  {1000 * took / n:6.1f} ms a file")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=5.0)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run(Path(folder), options.files, options.seconds)


def run(folder: Path, n: int, seconds: float) -> None:
    paths = write_music(folder / "music", n, seconds)
    before = {path: (digest(path), content_hash(path)) for path in paths}
    tracks = [track_of(path) for path in paths]
    plan = timed("plan", n, lambda: make_plan(tracks, Profile("all", CHOICES), "add"))
    with open_journal(folder / "catalogue") as journal:
        written = timed("apply", n, lambda: apply_plan(plan, journal)).written
        same_sound = sum(content_hash(path) == before[path][1] for path in paths)
        undone = timed("undo", n, lambda: undo_run(plan.id, journal)).written
    equal = sum(digest(path) == before[path][0] for path in paths)
    size = journal_path(folder / "catalogue").stat().st_size
    print(f"{len(written)} written, {same_sound} of the same sound, {len(undone)} undone, {equal} of the same bytes")
    print(f"journal: {size / n:.0f} bytes a file; music: {sum(p.stat().st_size for p in paths) / n:.0f} bytes a file")


if __name__ == "__main__":
    main()
