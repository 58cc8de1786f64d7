"""Pieces -> sound -> training examples: FluidSynth plays them with General MIDI soundfonts.

Needs the programs and soundfonts of Debian's `fluidsynth`, `fluid-soundfont-gm` and `timgm6mb-soundfont` (MIT and
GPL; they are used to render, and nothing of them is kept).
"""

import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.features import log_mel
from earmark.errors import DataError
from earmark_research.music.groove import Piece

STEPS = 40  # of the 8-bit spectrograms that are kept: one step is 1/40
SECONDS = 20.0
DRUM_CHANNEL = 9


@dataclass
class Example:
    """One rendered piece: S uint8 [n_frames, n_mels] in steps of 1/40; beats and downbeats in seconds."""

    S: np.ndarray
    beats: np.ndarray
    downbeats: np.ndarray


def render(piece: Piece, soundfont: Path, seed: int) -> Example:
    """Play a piece at a random level, with or without reverberation. Raises DataError if FluidSynth fails."""
    rng = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "piece.mid"
        write_midi(piece, midi)
        y = _play(midi, soundfont, reverb=bool(rng.random() < 0.5))
    y *= rng.uniform(0.3, 0.95) / max(1e-3, float(np.abs(y).max()))
    S = np.round(log_mel(y) * STEPS).clip(0, 255).astype(np.uint8)
    return Example(S, piece.beats, piece.downbeats)


def write_midi(piece: Piece, path: Path) -> None:
    """One track, one tick a millisecond, a channel for each instrument."""
    midi, track, channels, events = mido.MidiFile(ticks_per_beat=1000), mido.MidiTrack(), {}, []
    free = [channel for channel in range(16) if channel != DRUM_CHANNEL]
    for start, end, pitch, velocity, programme, drum in piece.notes:
        channel = DRUM_CHANNEL if drum else channels.setdefault(programme, free[len(channels) % len(free)])
        events.append((int(start * 1000), 1, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity)))
        events.append((int(end * 1000), 0, mido.Message("note_off", channel=channel, note=pitch)))
    track.append(mido.MetaMessage("set_tempo", tempo=1_000_000))
    track.extend(mido.Message("program_change", channel=c, program=p) for p, c in channels.items())
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    midi.tracks.append(track)
    midi.save(path)


def _play(midi: Path, soundfont: Path, reverb: bool) -> np.ndarray:
    """float32 [n_samples] at 16 kHz, mono, the first `SECONDS`."""
    raw = midi.with_suffix(".raw")
    command = ["fluidsynth", "-ni", "-q", "-R", str(int(reverb)), "-C", "0", "-g", "0.6"]
    command += ["-r", str(DEFAULT_FEATURES.sr), "-O", "s16", "-T", "raw", "-F", str(raw), str(soundfont), str(midi)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    except (OSError, subprocess.SubprocessError) as error:
        raise DataError(soundfont, f"FluidSynth failed ({error})", "Install fluidsynth and a soundfont.") from error
    stereo = np.fromfile(raw, "<i2").reshape(-1, 2)[: int(SECONDS * DEFAULT_FEATURES.sr)]
    return stereo.mean(axis=1).astype(np.float32) / 32768
