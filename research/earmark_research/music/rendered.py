"""Invented music as sound: accompaniments by `mma`, our own parts over them, played by FluidSynth.

    python -m earmark_research.music.rendered --out DIR --pieces 900 --seed 0

Needs the programs of Debian's `mma` and `fluidsynth` and the soundfont of `fluid-soundfont-gm`; nothing of them is
kept. DIR holds one FLAC file a piece and tracks.csv. Resumable: a piece depends on the seed and its number only.
"""

import argparse
import csv
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import mido
import numpy as np

from earmark.demo.files import Format, encode
from earmark.demo.synth import SR
from earmark.errors import DataError
from earmark_research.music import mma
from earmark_research.music.composed import STYLES
from earmark_research.music.mma import Piece

LIBRARIES = (Path("/usr/local/share/mma/lib"), Path("/usr/share/mma/lib"), Path("/opt/mma/lib"))
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
COLUMNS = ("path", "groove", "family", "tempo", "key", "programs")
MAX_SECONDS = 16.0


def play(rng: np.random.Generator, midi: Path, soundfont: Path, drive: float) -> np.ndarray:
    """float32 [n_samples, 2] at 44.1 kHz: FluidSynth in a random room, sometimes overdriven (`drive` of the time)."""
    raw = midi.with_suffix(".raw")
    room, wet, chorus = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.7), int(rng.random() < 0.5)
    command = ["fluidsynth", "-ni", "-q", "-R", str(int(rng.random() < 0.75)), "-C", str(chorus), "-g", "0.3"]
    command += ["-o", f"synth.reverb.room-size={room:.2f}", "-o", f"synth.reverb.level={wet:.2f}"]
    command += ["-o", "synth.dynamic-sample-loading=1"]  # only the instruments that play: half the time
    _run([*command, "-r", str(SR), "-O", "float", "-T", "raw", "-F", str(raw), str(soundfont), str(midi)])
    y = trim(np.fromfile(raw, "<f4").reshape(-1, 2))
    y /= np.abs(y).max()
    if rng.random() < drive:
        y = np.tanh(rng.uniform(1.5, 5) * y)
        y /= np.abs(y).max()
    if rng.random() < 0.15:
        y = y.mean(axis=1, keepdims=True).repeat(2, axis=1)
    return (y * rng.uniform(0.25, 0.97)).astype(np.float32)


def trim(y: np.ndarray) -> np.ndarray:
    """At most 16 s, faded out, without silence (50 dB under the peak) at its ends; DataError if little is left."""
    level = np.abs(y).max(axis=1)
    loud = np.flatnonzero(level > max(1e-3, 10 ** (-50 / 20) * level.max(initial=0)))
    if len(loud) < SR or loud[-1] - loud[0] < 6 * SR:
        raise DataError("FluidSynth", "hardly a sound came out", "Check the soundfont.")
    y = y[loud[0] : loud[-1] + 1][: int(MAX_SECONDS * SR)]
    fade = SR // 20
    y[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    return y


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stdout", b"") or getattr(error, "stderr", b"") or b"").decode(errors="replace")
        raise DataError(command[0], f"failed ({' '.join(said.split())[-200:] or error})", "Run it by hand.") from error


def make(piece: Piece, target: Path, soundfont: Path) -> list[str]:
    """Write one piece as FLAC, whole or not at all; returns the names of the programs that sound in it."""
    rng = np.random.default_rng(piece.seed)
    with tempfile.TemporaryDirectory() as folder:
        text, path = Path(folder) / "piece.mma", Path(folder) / "piece.mid"
        if piece.groove:
            text.write_text(mma.mma_text(piece), encoding="utf-8")
            _run(["mma", "-w", "-f", str(path), str(text)])
        midi = mido.MidiFile(path) if piece.groove else mido.MidiFile(ticks_per_beat=mma.TICKS)
        if not piece.groove:
            midi.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(piece.tempo))]))
        mma.arrange(piece, midi)
        mma.substitute(rng, midi, STYLES[piece.family].kits)
        midi.save(path)
        y = play(rng, path, soundfont, STYLES[piece.family].drive)
        draft = target.with_suffix(".part")
        encode(y, draft, Format("flac", "flac", ("flac",), int(rng.choice((22050, 32000, 44100)))))
    draft.rename(target)
    return mma.sounding(midi)


def find_library() -> Path:
    """mma's library of grooves. Raises DataError where mma or FluidSynth is missing."""
    for program in ("mma", "fluidsynth"):
        if shutil.which(program) is None:
            raise DataError(program, "this program is not installed", f"Install it: `apt-get install {program}`.")
    found = next((path for path in LIBRARIES if path.is_dir()), None)
    if found is None:
        raise DataError(LIBRARIES[1], "mma's library of grooves is not there", "Install it: `apt-get install mma`.")
    return found


def render(out: Path, n: int, seed: int, soundfont: Path = SOUNDFONT) -> list[tuple[str, str]]:
    """Make the first n pieces of a seed that the folder does not hold yet; returns (name, why) of those that fail."""
    grooves, failures, manifest = mma.read_grooves(find_library()), [], out / "tracks.csv"
    if not soundfont.is_file():
        raise DataError(soundfont, "no such soundfont", "Install `fluid-soundfont-gm`, or name one with --soundfont.")
    out.mkdir(parents=True, exist_ok=True)
    if not manifest.exists():
        manifest.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    with manifest.open(encoding="utf-8", newline="") as file:
        done = {row["path"] for row in csv.DictReader(file)}
    for number in range(n):
        name = f"{seed}-{number:05d}.flac"
        if name in done and (out / name).is_file():
            continue
        piece = mma.compose(np.random.default_rng([seed, number]), grooves)
        try:
            programs = make(piece, out / name, soundfont)
        except DataError as error:
            failures.append((name, str(error)))
            continue
        if name not in done:
            groove = piece.groove.name if piece.groove else ""
            row = (name, groove, piece.family, piece.tempo, piece.key, ";".join(programs))
            with manifest.open("a", encoding="utf-8", newline="") as file:
                csv.writer(file).writerow(row)
    return failures


def report(made: str, failures: list[tuple[str, str]]) -> None:
    """Say what was `made` and what was left out, and end the program: with 1 if anything was."""
    for name, why in failures:
        print(f"left out: {name}: {why}")
    print(f"{made}, {len(failures)} failed")
    sys.exit(bool(failures))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pieces", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT)
    args = parser.parse_args()
    failures = render(args.out, args.pieces, args.seed, args.soundfont)
    report(f"{args.pieces - len(failures)} pieces in {args.out}", failures)


if __name__ == "__main__":
    main()
