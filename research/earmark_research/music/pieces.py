"""Composed pieces as sound: accompaniments by `mma`, our own parts over them, played by FluidSynth.

    python -m earmark_research.music.pieces --out DIR --pieces 900 --seed 0

Needs the programs of Debian's `mma` and `fluidsynth` and the soundfont of `fluid-soundfont-gm`; nothing of them is
kept. DIR holds one FLAC file a piece and tracks.csv. Resumable: a piece depends on the seed and its number only.
"""

import argparse
import csv
import sys
import tempfile
from pathlib import Path

import mido
import numpy as np

from earmark.demo.files import Format, encode
from earmark.demo.synth import SR
from earmark.errors import DataError
from earmark.files import whole_file
from earmark_research.music import mma
from earmark_research.music.fluidsynth import SOUNDFONT, Synthesis, play, require_soundfont
from earmark_research.music.mma import Arrangement, Groove
from earmark_research.music.programs import require_programs, run_program
from earmark_research.music.styles import STYLES

LIBRARIES = (Path("/usr/local/share/mma/lib"), Path("/usr/share/mma/lib"), Path("/opt/mma/lib"))
COLUMNS = ("path", "groove", "family", "tempo", "key", "programs")
RATES = (22050, 32000, 44100)  # Hz, of the files
MAX_SECONDS = 16.0
MIN_SECONDS = 6
QUIET = 10 ** (-50 / 20)  # of the peak: what is softer at the ends is cut

Failures = list[tuple[str, str]]
"""(name, why) of what could not be made."""


def record(rng: np.random.Generator, midi: Path, soundfont: Path, drive: float) -> np.ndarray:
    """float32 [n_samples, 2] at 44.1 kHz: FluidSynth in a random room, sometimes overdriven (`drive` of the time)."""
    room, wet, chorus = rng.uniform(0.1, 0.9), rng.uniform(0.1, 0.7), bool(rng.random() < 0.5)
    y = trim(play(midi, soundfont, Synthesis(SR, 0.3, bool(rng.random() < 0.75), chorus, room, wet)))
    y /= np.abs(y).max()
    if rng.random() < drive:
        y = np.tanh(rng.uniform(1.5, 5) * y)
        y /= np.abs(y).max()
    if rng.random() < 0.15:
        y = y.mean(axis=1, keepdims=True).repeat(2, axis=1)
    return (y * rng.uniform(0.25, 0.97)).astype(np.float32)


def trim(y: np.ndarray) -> np.ndarray:
    """At most 16 s, faded out, without silence (50 dB under the peak) at its ends.

    Parameters
    ----------
    y : float32 [n_samples, 2] at 44.1 kHz; changed in place

    Raises
    ------
    DataError : less than 6 s are left
    """
    level = np.abs(y).max(axis=1)
    loud = np.flatnonzero(level > max(1e-3, QUIET * level.max(initial=0)))
    if len(loud) < SR or loud[-1] - loud[0] < MIN_SECONDS * SR:
        raise DataError("FluidSynth", "hardly a sound came out", "Check the soundfont.")
    y = y[loud[0] : loud[-1] + 1][: int(MAX_SECONDS * SR)]
    fade = SR // 20
    y[-fade:] *= np.linspace(1, 0, fade, dtype=np.float32)[:, None]
    return y


def make_piece(piece: Arrangement, target: Path, soundfont: Path) -> list[str]:
    """Write one piece as FLAC, whole or not at all; returns the names of the programs that sound in it."""
    rng = np.random.default_rng(piece.seed)
    with tempfile.TemporaryDirectory() as folder:
        midi, path = _accompaniment(piece, Path(folder)), Path(folder) / "piece.mid"
        mma.arrange(piece, midi)
        mma.substitute_programs(rng, midi, STYLES[piece.family].kits)
        midi.save(path)
        y = record(rng, path, soundfont, STYLES[piece.family].drive)
    with whole_file(target) as draft:
        encode(y, draft, Format("flac", "flac", ("flac",), int(rng.choice(RATES))))
    return mma.sounding_programs(midi)


def _accompaniment(piece: Arrangement, folder: Path) -> mido.MidiFile:
    """What mma plays, or a file that holds the tempo alone."""
    if piece.groove:
        text, path = folder / "piece.mma", folder / "mma.mid"
        text.write_text(mma.mma_text(piece), encoding="utf-8")
        run_program(["mma", "-w", "-f", str(path), str(text)])
        return mido.MidiFile(path)
    midi = mido.MidiFile(ticks_per_beat=mma.TICKS)
    midi.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(piece.tempo))]))
    return midi


def find_library() -> Path:
    """mma's library of grooves. Raises DataError where mma or FluidSynth is missing."""
    require_programs("mma", "fluidsynth")
    found = next((path for path in LIBRARIES if path.is_dir()), None)
    if found is None:
        raise DataError(LIBRARIES[1], "mma's library of grooves is not there", "Install it: `apt-get install mma`.")
    return found


def make_pieces(out: Path, n: int, seed: int, soundfont: Path = SOUNDFONT) -> Failures:
    """Make the first n pieces of a seed that the folder does not hold yet; returns those that fail.

    Raises DataError where a program or the soundfont is missing, OSError where `out` cannot be written to.
    """
    grooves, failures, manifest = mma.read_grooves(find_library()), [], out / "tracks.csv"
    require_soundfont(soundfont)
    done = _open_manifest(manifest)
    for number in range(n):
        name = f"{seed}-{number:05d}.flac"
        if name in done and (out / name).is_file():
            continue
        piece = compose_piece(seed, number, grooves)
        try:
            programs = make_piece(piece, out / name, soundfont)
        except DataError as error:
            failures.append((name, str(error)))
            continue
        if name not in done:
            _add_row(manifest, name, piece, programs)
    return failures


def compose_piece(seed: int, number: int, grooves: list[Groove]) -> Arrangement:
    """The piece of this number among those of a seed: always the same one."""
    return mma.compose(np.random.default_rng([seed, number]), grooves)


def _open_manifest(manifest: Path) -> set[str]:
    """Names of the pieces that it lists; it is begun where there is none."""
    manifest.parent.mkdir(parents=True, exist_ok=True)
    if not manifest.exists():
        manifest.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")
    with manifest.open(encoding="utf-8", newline="") as file:
        return {row["path"] for row in csv.DictReader(file)}


def _add_row(manifest: Path, name: str, piece: Arrangement, programs: list[str]) -> None:
    groove = piece.groove.name if piece.groove else ""
    with manifest.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow((name, groove, piece.family, piece.tempo, piece.key, ";".join(programs)))


def report(made: str, failures: Failures) -> None:
    """Print what was `made` and what was left out, and end the program: with 1 if anything was."""
    for name, why in failures:
        print(f"left out: {name}: {why}")
    print(f"{made}, {len(failures)} failed")
    sys.exit(bool(failures))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--pieces", type=int, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--soundfont", type=Path, default=SOUNDFONT)
    args = parser.parse_args()
    failures = make_pieces(args.out, args.pieces, args.seed, args.soundfont)
    report(f"{args.pieces - len(failures)} pieces in {args.out}", failures)


if __name__ == "__main__":
    main()
