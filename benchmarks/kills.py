"""Does a catalogue survive SIGKILL at any moment? Scans, corrections, compactions and repairs are killed, then ended.

    python benchmarks/kills.py [--kills 200] [--tracks 40] [--seed 0]

Each kill strikes after a time drawn from the length of the whole deed. After every tenth the deeds are run to their
end, and the catalogue is compared with one that was never disturbed: tracks, vectors, files, corrections, bytes on
disk.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from catalogues import contents, write_music
from earmark.catalogue.checksums import bytes_of
from earmark.catalogue.store import Store
from earmark.library import Catalogue
from tiny_model import write_tiny_model

SCAN = """
import sys
from earmark.engine import writer
from earmark.library import Catalogue, ScanOptions
writer.FLUSH_TRACKS = 3
Catalogue(sys.argv[1]).scan(sys.argv[2], sys.argv[3], ScanOptions(workers=1))
"""
CORRECT = """
import sys
from earmark.library import Catalogue
catalogue = Catalogue(sys.argv[1])
for row in catalogue.tracks().select(["track_id", "title"]).to_pylist():
    if row["title"] in {f"Track {i}" for i in range(8)}:  # the same ones while a killed scan has found only some
        catalogue.correct(row["track_id"], tempo=90)
"""
COMPACT = "import sys; from earmark.library import Catalogue; Catalogue(sys.argv[1]).compact()"
REPAIR = "import sys; from earmark.library import Catalogue; Catalogue(sys.argv[1]).repair()"
DEEDS = {"scan": SCAN, "correct": CORRECT, "compact": COMPACT, "repair": REPAIR}
ROUND = 10
CHECKED = ("tracks", "vectors", "files", "corrections")


def start(deed: str, catalogue: Path, root: Path) -> subprocess.Popen:
    """A process that does it."""
    command = [sys.executable, "-c", DEEDS[deed], str(catalogue), str(root / "music"), str(root / "tiny.onnx")]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(deed: str, catalogue: Path, root: Path) -> float:
    """Do it to its end; seconds that it took."""
    began, process = time.monotonic(), start(deed, catalogue, root)
    _, errors = process.communicate()
    assert process.returncode == 0, f"{deed}: {errors.decode()[-2000:]}"
    return time.monotonic() - began


def kill_after(deed: str, catalogue: Path, root: Path, seconds: float) -> bool:
    """Whether it was still at work, and was killed."""
    process = start(deed, catalogue, root)
    try:
        process.communicate(timeout=seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return True


def everything(catalogue: Path) -> dict:
    """What a catalogue holds, corrections included."""
    store = Store(catalogue)
    return contents(catalogue) | {"corrections": store.corrections(sorted(store.track_ids()))}


def half_corrected(catalogue: Path) -> list[str]:
    """The tracks whose correction is noted, while their rows show another tempo."""
    store = Store(catalogue)
    tempi = {row["track_id"]: row["tempo"] for row in store.table().select(["track_id", "tempo"]).to_pylist()}
    return [track_id for track_id in store.corrections(sorted(tempi)) if tempi[track_id] != 90]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--tracks", type=int, default=40)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    rng, counts, wrong, leaks, began = np.random.default_rng(args.seed), Counter(), [], [], time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_music(root / "music", [f"track {i}" for i in range(args.tracks)], seconds=0.6)
        write_tiny_model(root / "tiny.onnx")
        seconds = {deed: finish(deed, root / "whole", root) for deed in DEEDS}
        expected, size = everything(root / "whole"), bytes_of(root / "whole")
        while sum(counts.values()) < args.kills:
            catalogue = root / f"killed{len(leaks)}"
            while sum(counts.values()) < min(args.kills, ROUND * (len(leaks) + 1)):
                deed = str(rng.choice(list(DEEDS)))
                if deed != "scan" and not catalogue.exists():
                    continue
                if deed != "scan" and not (catalogue / "tracks.lance" / "_versions").exists():
                    deed = "scan"
                counts[deed] += kill_after(deed, catalogue, root, rng.uniform(0.2, 1) * seconds[deed])
            finish("scan", catalogue, root)
            wrong += [f"{catalogue.name}: {track_id} is corrected in part" for track_id in half_corrected(catalogue)]
            for deed in ("correct", "compact"):
                finish(deed, catalogue, root)
            found = everything(catalogue)
            wrong += [f"{catalogue.name}: {part}" for part in CHECKED if found[part] != expected[part]]
            wrong += [f"{catalogue.name}: {f.where} {f.what}" for f in Catalogue(catalogue).check().findings]
            leaks.append(bytes_of(catalogue) / size)
            print(
                f"{sum(counts.values())} kills, {len(wrong)} differences, bytes {leaks[-1]:.2f} of the whole",
                flush=True,
            )
    print(
        f"\n| killed during | times |\n|---|---|\n{''.join(f'| {deed} | {n} |{chr(10)}' for deed, n in counts.items())}"
    )
    print(f"catalogues that differ: {wrong or 'none'}")
    print(f"bytes on disk, of those of the undisturbed one: at most {max(leaks):.2f}, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
