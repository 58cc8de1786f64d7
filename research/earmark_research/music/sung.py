"""Invented songs: voices that sing or rap over the pieces of `rendered`, by flite and our vocoder.

    python -m earmark_research.music.sung --rendered DIR --out DIR --takes 2

Free recordings with singers are rare, and a network that never heard one takes voices for flutes. Needs the program of
Debian's `flite`, and `mma` as `rendered` does; DIR of `--rendered` is what that one wrote. Resumable: a take depends on
the number of its piece and its own only.
"""

import argparse
import re
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.io import wavfile
from scipy.signal import fftconvolve

from earmark.audio.decode import load_audio
from earmark.errors import DataError
from earmark_research.music import mma
from earmark_research.music.composed import STYLES, draw_scale, melody, swung
from earmark_research.music.mma import Piece
from earmark_research.music.rendered import find_library, report
from earmark_research.music.voice import SR, Singer, Speech, Sung, sing, speak

VOICES = {"slt": 65, "rms": 54, "awb": 55, "kal16": 52}  # of flite -> the pitch around which they sing
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
    """One who sings: words, how they sound, the pitch around which, and semitones off the melody."""

    speech: Speech
    singer: Singer
    centre: float
    step: int = 0


def draw_voice(rng: np.random.Generator, kind: str, text: str, folder: Path) -> Voice:
    """Any of flite's voices, made larger or smaller: who is larger sings lower."""
    name = str(rng.choice(list(VOICES)))
    tract = float(rng.uniform(0.82, 1.2))
    centre = VOICES[name] - 30 * np.log2(tract) + rng.normal(0, 2.5)
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


def cast(rng: np.random.Generator, kind: str, folder: Path) -> list[Voice]:
    """Who sings a take of the kind."""
    text = write_lyrics(rng, 16)
    first = draw_voice(rng, kind, text, folder)
    if kind == "doubled":
        return [first, replace(first, step=int(rng.choice((0, 0, 12))))]
    if kind == "harmony":
        return [first, replace(first, step=int(rng.choice((3, 4, 7, -5))))]
    if kind == "choir":
        return [first, *(draw_voice(rng, kind, text, folder) for _ in range(4))]
    return [first]


def line(rng: np.random.Generator, piece: Piece) -> list[Sung]:
    """The melody of the piece, where it has one, or another over its chords; in seconds."""
    style = STYLES[piece.family]
    leads = [part.notes for part in piece.parts if part.role == "lead"]
    if leads and rng.random() < 0.4:
        notes = leads[0]
    else:
        scale = draw_scale(rng, style, *piece.key.split())
        notes = swung(melody(rng, piece.chords, piece.beats, scale), style.swing, rng)
    beat = 60 / piece.tempo
    if rng.random() < 0.5:  # long notes, as in ballads
        notes = [note for note in notes if note[1] > 0.4] or notes
    ends = [at for at, *_ in notes[1:]] + [notes[-1][0] + notes[-1][1]]
    return [
        (at * beat, max(0.08, min(1.15 * n, end - at) * beat), pitch)
        for (at, n, pitch, _), end in zip(notes, ends, strict=True)
    ]


def patter(rng: np.random.Generator, piece: Piece) -> list[Sung]:
    """Rapped syllables on the sixteenths, with the fall of speech; pitches around 0, in seconds."""
    beat = 60 / piece.tempo
    step = beat / 4 if beat > 0.44 else beat / 2
    at, end, notes, height = 0.0, len(piece.chords) * piece.beats * beat, [], 3.0
    while at < end:
        length = step * int(rng.choice((1, 2, 3), p=(0.5, 0.42, 0.08)))
        if rng.random() < 0.1:  # a breath, and the next phrase from above
            height = float(rng.uniform(1, 5))
        else:
            notes.append((at, 0.95 * length, height + rng.normal(0, 1)))
            height -= 0.3
        at += length
    return notes


def octaves(notes: list[Sung], centre: float) -> int:
    """Semitones by which notes move, octave by octave, to where a voice can sing them."""
    return 12 * round((centre - np.mean([pitch for *_, pitch in notes])) / 12)


def perform(rng: np.random.Generator, piece: Piece, kind: str, folder: Path) -> np.ndarray:
    """The voices of one take, float32 [n_samples] at 16 kHz."""
    notes = patter(rng, piece) if kind == "rap" else line(rng, piece)
    parts = []
    for voice in cast(rng, kind, folder):
        off, late = voice.step + rng.normal(0, 0.08), abs(rng.normal(0, 0.012))
        off += voice.centre if kind == "rap" else octaves(notes, voice.centre)
        part = sing(rng, voice.speech, [(at + late, n, pitch + off) for at, n, pitch in notes], voice.singer)
        parts.append(levelled(part))
    n = max(map(len, parts))
    return sum(np.pad(part, (0, n - len(part))) for part in parts)


def levelled(y: np.ndarray) -> np.ndarray:
    """As loud as all else: of standard deviation 1."""
    return y / (y.std() + 1e-6)


def produce(rng: np.random.Generator, y: np.ndarray) -> np.ndarray:
    """Compression and a room, as on records."""
    y = levelled(y)
    drive = rng.uniform(0.15, 0.8)
    y = np.tanh(drive * y) / drive
    wet, seconds = rng.uniform(0, 0.5) ** 2, rng.uniform(0.3, 1.8)
    t = np.arange(int(seconds * SR)) / SR
    room = rng.normal(0, 1, len(t)) * np.exp(-6.9 * t / seconds)
    return y + np.sqrt(wet / np.square(room).sum()) * fftconvolve(y, room)[: len(y)]


def make(number: int, take: int, seed: int, piece: Piece, accompaniment: Path, target: Path) -> None:
    """Write one take as WAV, whole or not at all."""
    rng = np.random.default_rng([seed, number, take])
    kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
    with tempfile.TemporaryDirectory() as folder:
        voice = produce(rng, perform(rng, piece, kind, Path(folder)))
    under = load_audio(accompaniment).y
    n = min(len(under), len(voice))
    y = voice[:n] * 10 ** (rng.uniform(0, 12) / 20)
    if rng.random() >= ALONE:
        y = y + levelled(under[:n])
    y *= rng.uniform(0.25, 0.97) / np.abs(y).max()
    draft = target.with_suffix(".part")
    wavfile.write(draft, SR, (32767 * y).astype(np.int16))
    draft.rename(target)


def produce_all(rendered: Path, out: Path, takes: int) -> list[tuple[str, str]]:
    """Make the takes that the folder does not hold yet; returns (name, why) of those that fail."""
    pieces = [path for path in sorted(rendered.glob("*.flac")) if re.fullmatch(r"\d+-\d+", path.stem)]
    if not pieces:
        raise DataError(rendered, "no invented pieces are in it", "Make them with earmark_research.music.rendered.")
    grooves, failures = mma.read_grooves(find_library()), []
    out.mkdir(parents=True, exist_ok=True)
    for path in pieces:
        seed, number = map(int, path.stem.split("-"))
        piece = mma.compose(np.random.default_rng([seed, number]), grooves)
        for take in range(takes):
            target = out / f"{path.stem}-{take}.wav"
            if target.exists():
                continue
            try:
                make(number, take, seed, piece, path, target)
            except DataError as error:
                failures.append((target.name, str(error)))
    return failures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rendered", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--takes", type=int, default=2)
    args = parser.parse_args()
    failures = produce_all(args.rendered, args.out, args.takes)
    report(f"{len(list(args.out.glob('*.wav')))} takes in {args.out}", failures)


if __name__ == "__main__":
    main()
