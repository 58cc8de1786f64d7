"""Sounds without a key, and music that must keep it.

    python benchmarks/no_key.py --data ../shared/data [--seed 1] [--fit]

Drums alone come from three sources: the demo's drums, drums of sines and noise, and FluidSynth's General MIDI kits
where the program is installed; noises from `earmark_research.music.negatives`. Music is GTZAN (clips with a labelled
key apart), Emotify, the free catalogue and the songs of rhythm games. Prints how many of each have a key. `--fit` fits
the weights of `earmark.descriptors.key.tonality` anew and prints them.
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import mido
import numpy as np
import pandas as pd

from earmark.audio.chroma import chroma, semitones, tuning_cents
from earmark.audio.decode import load_audio
from earmark.audio.earprint import read_earprint
from earmark.demo import drums
from earmark.demo.mix import Part, mixdown
from earmark.demo.score import Note
from earmark.demo.synth import SR as DEMO_SR
from earmark.descriptors.key.estimation import estimate_key
from earmark.descriptors.key.tonality import MIN_ROWS, measure
from earmark_research.music import negatives
from earmark_research.music.fluidsynth import SOUNDFONT, Synthesis, play

SR = 16_000
KIT = (drums.kick, drums.snare, drums.hat)
MORE = (drums.metal_kick, drums.rim, drums.brush, drums.clap, drums.open_hat, drums.shaker, drums.ride, drums.crash,
        drums.frame_drum, drums.chip_noise)  # fmt: skip
GM_KITS = (0, 8, 16, 24, 25, 32, 40, 48)
GM_DRUMS = (35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 49, 51, 54, 56, 60, 62, 64, 69, 70, 75)


def resample(y: np.ndarray, sr: int) -> np.ndarray:
    """float [n] at `sr` Hz -> float32 at 16 kHz."""
    from scipy.signal import resample_poly

    return resample_poly(y, SR, sr).astype(np.float32)


def demo_drums(rng: np.random.Generator) -> np.ndarray:
    """A pattern for two to six of the demo's drums."""
    bpm, bars, parts = rng.uniform(70, 180), int(rng.integers(4, 9)), []
    for drum in {*(KIT if rng.random() < 0.6 else ()), *(MORE[i] for i in rng.choice(len(MORE), 3, replace=False))}:
        steps = np.flatnonzero(rng.random(16) < rng.uniform(0.1, 0.6)) if rng.random() < 0.9 else [0, 8]
        notes = [Note(4 * bar + step / 4, 0.25, 60, rng.uniform(0.5, 1)) for bar in range(bars) for step in steps]
        parts.append(Part(drum, notes or [Note(0, 1, 60, 1)], level=rng.uniform(-8, 2), room=rng.uniform(0, 0.3)))
    return resample(mixdown(parts, bpm, bars * 240 / bpm + 1, rng.uniform(0.3, 1.5)).mean(axis=1), DEMO_SR)


def plain_drums(rng: np.random.Generator) -> np.ndarray:
    """A sweeping sine, noise over a tone, noise: what a first drum machine in code sounds like."""
    seconds, step, t = rng.uniform(8, 24), 15 / rng.uniform(70, 180), np.arange(SR // 2) / SR
    low, fall, fading = rng.uniform(40, 65), rng.uniform(1, 8), rng.uniform(0.05, 0.35)
    kick = np.sin(2 * np.pi * (low * t - fall * np.exp(-t / 0.03))) * np.exp(-t / fading)
    tone = rng.uniform(0, 0.8) * np.sin(2 * np.pi * rng.uniform(150, 250) * t) * np.exp(-t / 0.06)
    y = np.zeros(round(seconds * SR) + SR)
    patterns = rng.random((3, 16)) < np.array([[0.25], [0.2], [0.6]])
    patterns[0, 0] = patterns[1, 4] = patterns[1, 12] = True
    for k in range(int(seconds / step)):
        noise, at = rng.standard_normal(len(t)), round(k * step * SR)
        strokes = kick, 0.5 * noise * np.exp(-t / 0.1) + tone, 0.3 * np.diff(noise, append=0) * np.exp(-t / 0.03)
        for on, stroke in zip(patterns[:, k % 16], strokes, strict=True):
            y[at : at + len(t)] += on * rng.uniform(0.7, 1) * stroke
    return (0.3 * y[: round(seconds * SR)]).astype(np.float32)


def midi_drums(rng: np.random.Generator) -> np.ndarray:
    """A pattern for one of FluidSynth's kits."""
    beat, bars, now = rng.uniform(0.33, 0.86), int(rng.integers(4, 10)), 0
    track = mido.MidiTrack([mido.Message("program_change", channel=9, program=int(rng.choice(GM_KITS)))])
    track.insert(0, mido.MetaMessage("set_tempo", tempo=int(beat * 1e6)))
    chosen = {36, 38, 42, *map(int, rng.choice(GM_DRUMS, rng.integers(2, 6), replace=False))}
    patterns = {pitch: rng.random(16) < rng.uniform(0.1, 0.5) for pitch in sorted(chosen)}
    for tick in range(bars * 16):
        for pitch, pattern in patterns.items():
            if pattern[tick % 16]:
                velocity = int(rng.uniform(60, 125))
                track.append(mido.Message("note_on", channel=9, note=pitch, velocity=velocity, time=tick * 120 - now))
                now = tick * 120
    midi = mido.MidiFile(ticks_per_beat=480)
    midi.tracks.append(track)
    with tempfile.TemporaryDirectory() as folder:
        midi.save(Path(folder) / "drums.mid")
        y = play(Path(folder) / "drums.mid", SOUNDFONT, Synthesis(44_100, 0.7, reverb=bool(rng.random() < 0.5)))
    return resample(y.mean(axis=1)[: int(bars * 4 * beat * 44_100)], 44_100)


def no_music(rng: np.random.Generator) -> np.ndarray:
    """One of the research's noises, 10 s."""
    return negatives.negative(rng, 10.0).astype(np.float32)


def sounds_without_key(seed: int, n: int) -> Iterator[tuple[str, np.ndarray]]:
    """(kind, chroma) of n sounds of every kind."""
    makers = {"demo drums": demo_drums, "plain drums": plain_drums, "no music": no_music}
    if shutil.which("fluidsynth") and SOUNDFONT.is_file():
        makers["MIDI drums"] = midi_drums
    for kind, make in makers.items():
        rng = np.random.default_rng([seed, len(kind)])
        yield from ((kind, chroma(make(rng))) for _ in range(n))


def music(data: Path) -> Iterator[tuple[str, np.ndarray]]:
    """(kind, chroma) of all music; 30 s of long tracks."""
    for name in ("gtzan_partial", "emotify", "cc_catalogue"):
        table = pd.read_csv(data / name / "tracks.csv")
        labelled = table.key_lerch.notna() if "key_lerch" in table else np.zeros(len(table), bool)
        for path, has_key in zip(table.path, labelled, strict=True):
            kind = f"{name}, labelled" if has_key else name
            yield kind, chroma(load_audio(data / name / path).y[: 30 * SR])
    for path in sorted((data / "tempo_songs" / "earprints").iterdir()):
        yield "tempo_songs", read_earprint(path).chroma


def fit(examples: list[tuple[str, np.ndarray]], musical: set[str]) -> None:
    """Print weights and bias of a logistic regression over the sounds of at least MIN_ROWS rows."""
    from sklearn.linear_model import LogisticRegression

    rows = [(kind, C, semitones(C, tuning_cents(C))) for kind, C in examples]
    rows = [(kind, measure(C, P)) for kind, C, P in rows if P.any(axis=(1, 2)).sum() >= MIN_ROWS]
    X, y = np.array([figures for _, figures in rows]), np.array([kind in musical for kind, _ in rows])
    scale, weight = X.std(axis=0), [5.0 if "labelled" in kind or kind == "cc_catalogue" else 1.0 for kind, _ in rows]
    model = LogisticRegression(C=0.3).fit((X - X.mean(axis=0)) / scale, y, sample_weight=weight)
    weights = model.coef_[0] / scale
    print("weights", weights.round(2), "bias", round(float(model.intercept_[0] - weights @ X.mean(axis=0)), 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=60, help="of sounds of each kind without a key")
    parser.add_argument("--fit", action="store_true")
    arguments = parser.parse_args()
    without, tonal = list(sounds_without_key(arguments.seed, arguments.number)), list(music(arguments.data))
    found = pd.DataFrame([(kind, estimate_key(C).tonic is not None) for kind, C in without + tonal])
    for kind, rows in found.groupby(0, sort=False)[1]:
        print(f"{kind:24s} {rows.sum():4d} of {len(rows):4d} have a key")
    if arguments.fit:
        fit(without + tonal, {kind for kind, _ in tonal})


if __name__ == "__main__":
    main()
