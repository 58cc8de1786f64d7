"""Songs: voices that sing or rap over the pieces of `pieces`, made by flite and our vocoder.

    python -m earmark_research.music.songs --rendered DIR --out DIR --takes 2

Free recordings with singers are rare, and a network trained without any takes voices for flutes. Needs the program of
Debian's `flite`, and `mma` as `pieces` does; DIR of `--rendered` is what that one wrote. Resumable: a take depends on
the number of its piece and its own only.
"""

import argparse
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import fftconvolve

from earmark.audio.decode import load_audio
from earmark.errors import DataError
from earmark.files import whole_file
from earmark_research.music import mma
from earmark_research.music.mma import Arrangement
from earmark_research.music.parts import Note, draw_scale, swing_notes, write_melody
from earmark_research.music.pieces import Failures, compose_piece, find_library, report
from earmark_research.music.styles import STYLES
from earmark_research.music.voice import SR, Singer, Speech, SungNote, sing, speak

CENTRES = {"slt": 65, "rms": 54, "awb": 55, "kal16": 52}  # voice of flite -> the MIDI pitch around which it sings
KINDS = {"lead": 0.42, "doubled": 0.15, "harmony": 0.13, "choir": 0.08, "rap": 0.22}  # how often each is drawn
ALONE = 0.1  # of the takes have no accompaniment: they are mixed with other music later
WORDS = """
a and the of my your in on to you me I we they never always tonight tomorrow yesterday morning evening summer winter
river mountain ocean city street window door house home road train heart hand eyes face soul body fire water rain snow
sun moon star sky light dark shadow dream sleep wake love hate want need give take hold leave stay run walk fall rise
fly sing dance cry laugh burn break turn move feel know see hear call tell say believe remember forget lonely crazy
happy easy broken golden silver blue red black white long slow high low deep young old new free wild sweet bitter money
trouble party people brother sister mother baby girl boy king queen angel devil nothing something everything forever
again away around together alone down up over under yeah oh hey la na
""".split()


def write_lyrics(rng: np.random.Generator, n: int) -> str:
    """n words in no order."""
    return " ".join(rng.choice(WORDS, n))


@dataclass(frozen=True, slots=True)
class Voice:
    """One singer of a take: words, how they sound, the MIDI pitch around which, and semitones off the melody."""

    speech: Speech
    singer: Singer
    centre: float
    step: int = 0


def draw_voice(rng: np.random.Generator, kind: str, text: str, folder: Path) -> Voice:
    """Any of flite's voices, made larger or smaller; a larger one sings lower. Scratch files go to `folder`."""
    name = str(rng.choice(list(CENTRES)))
    tract = float(rng.uniform(0.82, 1.2))
    centre = CENTRES[name] - 30 * np.log2(tract) + rng.normal(0, 2.5)
    singer = Singer(
        tract=tract,
        presence=float(rng.uniform(0, 9)),
        breath=float(rng.choice((0.03, 0.1, 0.3), p=(0.5, 0.35, 0.15))),
        vibrato=0.0 if kind == "rap" else float(rng.uniform(0, 0.7)),
        rate=float(rng.uniform(4.5, 6.5)),
        glide=float(rng.uniform(0.02, 0.14)),
        rough=float(rng.choice((0.0, 0.3, 0.9), p=(0.75, 0.15, 0.1))),
    )
    return Voice(speak(text, name, folder), singer, float(centre))


def draw_voices(rng: np.random.Generator, kind: str, folder: Path) -> list[Voice]:
    """The singers of a take of the kind, one of `KINDS`."""
    text = write_lyrics(rng, 16)
    first = draw_voice(rng, kind, text, folder)
    if kind == "doubled":
        return [first, replace(first, step=int(rng.choice((0, 0, 12))))]
    if kind == "harmony":
        return [first, replace(first, step=int(rng.choice((3, 4, 7, -5))))]
    if kind == "choir":
        return [first, *(draw_voice(rng, kind, text, folder) for _ in range(4))]
    return [first]


def write_tune(rng: np.random.Generator, piece: Arrangement) -> list[SungNote]:
    """The melody of the piece, where it has one, or another over its chords; in seconds."""
    notes = _draw_melody(rng, piece)
    beat = 60 / piece.tempo
    if rng.random() < 0.5:  # long notes, as in ballads
        notes = [note for note in notes if note.length > 0.4] or notes
    ends = [note.start for note in notes[1:]] + [notes[-1].start + notes[-1].length]
    return [
        SungNote(start * beat, max(0.08, min(1.15 * length, end - start) * beat), pitch)
        for (start, length, pitch, _), end in zip(notes, ends, strict=True)
    ]


def _draw_melody(rng: np.random.Generator, piece: Arrangement) -> list[Note]:
    """In beats."""
    leads = [part.notes for part in piece.parts if part.role == "lead"]
    if leads and rng.random() < 0.4:
        return leads[0]
    style = STYLES[piece.family]
    scale = draw_scale(rng, style, *piece.key.split())
    return swing_notes(write_melody(rng, piece.chords, piece.beats, scale), style.swing, rng)


def write_rap(rng: np.random.Generator, piece: Arrangement) -> list[SungNote]:
    """Syllables on the sixteenths, with the fall of speech; pitches around 0, in seconds."""
    beat = 60 / piece.tempo
    step = beat / 4 if beat > 0.44 else beat / 2
    at, end, notes, height = 0.0, len(piece.chords) * piece.beats * beat, [], 3.0
    while at < end:
        length = step * int(rng.choice((1, 2, 3), p=(0.5, 0.42, 0.08)))
        if rng.random() < 0.1:  # a breath, and the next phrase from above
            height = float(rng.uniform(1, 5))
        else:
            notes.append(SungNote(at, 0.95 * length, height + rng.normal(0, 1)))
            height -= 0.3
        at += length
    return notes


def octave_shift(notes: list[SungNote], centre: float) -> int:
    """Semitones, in whole octaves, that bring notes nearest to the pitch `centre` of a voice."""
    return 12 * round((centre - np.mean([note.pitch for note in notes])) / 12)


def perform(rng: np.random.Generator, piece: Arrangement, kind: str, folder: Path) -> np.ndarray:
    """The voices of one take, float32 [n_samples] at 16 kHz."""
    notes = write_rap(rng, piece) if kind == "rap" else write_tune(rng, piece)
    parts = []
    for voice in draw_voices(rng, kind, folder):
        off, late = voice.step + rng.normal(0, 0.08), abs(rng.normal(0, 0.012))
        off += voice.centre if kind == "rap" else octave_shift(notes, voice.centre)
        moved = [SungNote(start + late, length, pitch + off) for start, length, pitch in notes]
        parts.append(standardise(sing(rng, voice.speech, moved, voice.singer)))
    n = max(map(len, parts))
    return sum(np.pad(part, (0, n - len(part))) for part in parts)


def standardise(y: np.ndarray) -> np.ndarray:
    """y [n_samples] with standard deviation 1."""
    return y / (y.std() + 1e-6)


def produce(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    """y [n_samples] at 16 kHz -> float64 [n_samples]: compression and a room, as on records."""
    y = standardise(y)
    drive = rng.uniform(0.15, 0.8)
    y = np.tanh(drive * y) / drive
    wet, seconds = rng.uniform(0, 0.5) ** 2, rng.uniform(0.3, 1.8)
    t = np.arange(int(seconds * SR)) / SR
    room = rng.normal(0, 1, len(t)) * np.exp(-6.9 * t / seconds)
    return y + np.sqrt(wet / np.square(room).sum()) * fftconvolve(y, room)[: len(y)]


def make_take(number: int, take: int, seed: int, piece: Arrangement, accompaniment: Path, target: Path) -> None:
    """Write one take as WAV, whole or not at all."""
    rng = np.random.default_rng([seed, number, take])
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    with tempfile.TemporaryDirectory() as folder:
        voice = produce(rng, perform(rng, piece, kind, Path(folder)))
    under = load_audio(accompaniment).y
    n = min(len(under), len(voice))
    y = voice[:n] * 10 ** (rng.uniform(0, 12) / 20)
    if rng.random() >= ALONE:
        y = y + standardise(under[:n])
    y *= rng.uniform(0.25, 0.97) / np.abs(y).max()
    with whole_file(target) as draft:
        wavfile.write(draft, SR, (32767 * y).astype(np.int16))


def make_songs(pieces: Path, out: Path, takes: int) -> Failures:
    """Make the takes that the folder `out` does not hold yet, over the pieces of the folder `pieces`.

    Returns those that fail. Raises DataError where a program is missing or there are no pieces, OSError where `out`
    cannot be written to.
    """
    accompaniments = [path for path in sorted(pieces.glob("*.flac")) if re.fullmatch(r"\d+-\d+", path.stem)]
    if not accompaniments:
        raise DataError(pieces, "no pieces are in it", "Make them with earmark_research.music.pieces.")
    grooves = mma.read_grooves(find_library())
    out.mkdir(parents=True, exist_ok=True)
    return [failure for path in accompaniments for failure in _make_takes(path, out, takes, grooves)]


def _make_takes(accompaniment: Path, out: Path, takes: int, grooves: list[mma.Groove]) -> Iterator[tuple[str, str]]:
    seed, number = map(int, accompaniment.stem.split("-"))
    piece = compose_piece(seed, number, grooves)
    for take in range(takes):
        target = out / f"{accompaniment.stem}-{take}.wav"
        if target.exists():
            continue
        try:
            make_take(number, take, seed, piece, accompaniment, target)
        except DataError as error:
            yield target.name, str(error)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rendered", type=Path, required=True, help="what `pieces` wrote")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--takes", type=int, default=2)
    args = parser.parse_args()
    failures = make_songs(args.rendered, args.out, args.takes)
    report(f"{len(list(args.out.glob('*.wav')))} takes in {args.out}", failures)


if __name__ == "__main__":
    main()
