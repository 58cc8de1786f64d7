"""Pieces as training examples: played by FluidSynth, turned into log-mel, with the times of their beats."""

import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.features import log_mel
from earmark.progress import Progress, silent
from earmark_research.music.fluidsynth import Synthesis, play
from earmark_research.music.groove import compose
from earmark_research.music.midi import write_performance
from earmark_research.music.performance import Performance
from earmark_research.music.scores import perform, read_scores

STEPS = 40  # of the 8-bit spectrograms that are kept: one step is 1/40
SECONDS = 20.0
PATCH = 800  # frames that the network is trained on at a time, 12.8 s
N_SCORES = 125  # that excerpts are taken of


@dataclass
class Example:
    """One rendered piece: S uint8 [n_frames, n_mels] in steps of 1/40; beats and downbeats float64 [n], seconds."""

    S: np.ndarray
    beats: np.ndarray
    downbeats: np.ndarray


def render(piece: Performance, soundfont: Path, seed: int) -> Example:
    """Play a piece at a random level, with or without reverberation. Raises DataError if FluidSynth fails."""
    rng = np.random.default_rng(seed)
    reverb = bool(rng.random() < 0.5)
    synthesis = Synthesis(DEFAULT_FEATURES.sr, 0.6, reverb, sample_format="s16", load_all=True)
    with tempfile.TemporaryDirectory() as folder:
        midi = Path(folder) / "piece.mid"
        write_performance(piece, midi)
        stereo = play(midi, soundfont, synthesis)
    y = stereo[: int(SECONDS * DEFAULT_FEATURES.sr)].mean(axis=1)
    y *= rng.uniform(0.3, 0.95) / max(1e-3, float(np.abs(y).max()))
    S = np.round(log_mel(y) * STEPS).clip(0, 255).astype(np.uint8)
    return Example(S, piece.beats, piece.downbeats)


def composed_examples(n: int, soundfonts: Sequence[Path], progress: Progress = silent) -> list[Example]:
    """The first n pieces that code composes, two in three with the first soundfont."""
    examples = []
    for seed in range(n):
        examples.append(render(compose(seed, SECONDS), soundfonts[-1 if seed % 3 == 0 else 0], seed))
        progress("composed pieces", seed + 1, n)
    return examples


def written_examples(n: int, soundfonts: Sequence[Path], progress: Progress = silent) -> list[Example]:
    """n excerpts of scores, several of each; shorter ones are filled up with silence to a patch and a half.

    Fewer where the scores do not hold so many that are long enough.
    """
    examples, tries = [], 2 * n
    scores = list(itertools.islice(read_scores(), min(N_SCORES, tries)))
    for seed in range(tries):
        piece = perform(scores[seed % len(scores)], seed)
        if piece is not None and len(examples) < n:
            examples.append(fill_up(render(piece, soundfonts[seed % len(soundfonts)], seed)))
            progress("excerpts of scores", len(examples), n)
    return examples


def fill_up(example: Example) -> Example:
    """The same, at least a patch and a half long."""
    missing = max(0, PATCH * 3 // 2 - len(example.S))
    return replace(example, S=np.pad(example.S, ((0, missing), (0, 0))))
