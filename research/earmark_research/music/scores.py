"""Written music with its bars, for training the tempo network: excerpts of the scores that come with music21.

music21 (BSD) is needed for this alone: `pip install -e 'research[scores]'`. A player's rubato, looseness, accents and
instruments are drawn anew for every excerpt; beats follow the time signature.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from earmark_research.music.performance import Performance, TimedNote

COMPOSERS = {
    "mozart": 16, "beethoven": 24, "haydn": 9, "bach": 70, "corelli": 2, "handel": 1, "schumann_robert": 5,
    "schumann_clara": 4, "monteverdi": 12, "ryansMammoth": 70, "cpebach": 2, "joplin": 1, "chopin": 1, "schubert": 1,
    "verdi": 1, "weber": 1, "beach": 1, "airdsAirs": 6,
}  # fmt: skip
PROGRAMS = (0, 0, 6, 19, 48, 40, 42, 73, 68, 71, 24, 46, 6, 0, 11)
SECONDS = 20.0


@dataclass(frozen=True)
class Score:
    """A score, read.

    Attributes
    ----------
    bars : (onset, length, signature) of each, in quarters
    notes : (onset, length, pitch, number of the part), in quarters
    """

    bars: list[tuple[float, float, str]]
    notes: list[tuple[float, float, int, int]]
    n_parts: int


def read_scores(seed: int = 0) -> Iterator[Score]:
    """Scores of the corpus in a random order; those that music21 cannot read or that hold few bars are left out."""
    from music21 import corpus

    rng = np.random.default_rng(seed)
    paths = []
    for composer, n in COMPOSERS.items():
        found = sorted(str(path) for path in corpus.getComposer(composer))
        paths += list(rng.permutation(found)[:n])
    for path in rng.permutation(paths):
        score = _read(str(path))
        if score and len(score.bars) >= 8:
            yield score


def _read(path: str) -> Score | None:
    from music21 import converter, exceptions21, stream

    try:
        parsed = converter.parse(path)
    except (exceptions21.Music21Exception, ValueError, AttributeError):
        return None
    parsed = parsed.scores[0] if isinstance(parsed, stream.Opus) else parsed
    return Score(_bars(parsed), _notes(parsed), len(parsed.parts))


def _bars(parsed) -> list[tuple[float, float, str]]:
    """Of a music21 score: the bars from the first time signature on."""
    signature, bars = None, []
    for measure in parsed.parts[0].getElementsByClass("Measure") if parsed.parts else []:
        signature = measure.timeSignature or signature
        if signature is not None:
            bars.append((float(measure.offset), float(measure.barDuration.quarterLength), signature.ratioString))
    return bars


def _notes(parsed) -> list[tuple[float, float, int, int]]:
    """Of a music21 score: its notes without ornaments, chords as single pitches."""
    return [
        (float(note.offset), float(note.quarterLength), pitch.midi, part)
        for part, line in enumerate(parsed.parts)
        for note in line.flatten().notes
        if not note.duration.isGrace
        for pitch in note.pitches
    ]


def perform(score: Score, seed: int) -> Performance | None:
    """About `SECONDS` of the score as somebody may play it; None where the excerpt has too few beats or notes.

    The same seed gives the same excerpt, played alike.
    """
    rng = np.random.default_rng(seed)
    signature = score.bars[len(score.bars) // 2][2]
    beat, centre = _beat_of(signature, rng)  # quarters, BPM
    bpm = float(np.clip(np.exp(rng.normal(np.log(centre), 0.35)), 45, 190))
    beats, downbeats = _excerpt(score, signature, beat, SECONDS * bpm / 60 * beat, rng)
    if len(beats) < 8:
        return None
    ends = np.append(beats, beats[-1] + beat)
    times = _play_times(ends, beat, 60 / bpm, rng)

    def clock(position: float) -> float:
        return float(np.interp(position, ends, times))

    piece = Performance(signature, bpm, beats=times[:-1], downbeats=np.interp(downbeats, ends, times))
    _add_notes(piece, score, ends, set(np.round(downbeats, 4)), clock, rng)
    return piece if len(piece.notes) >= 20 else None


def _beat_of(signature: str, rng: np.random.Generator) -> tuple[float, float]:
    """Length of a beat in quarters, and the tempo that such beats are usually taken at."""
    n, unit = map(int, signature.split("/"))
    if n in (6, 9, 12) and unit >= 8:
        return 12 / unit, 80.0
    if (n, unit) == (2, 2):
        return float(rng.choice([2, 1])), 100.0
    return 4 / unit, 100.0


def _excerpt(score: Score, signature: str, beat: float, length: float, rng) -> tuple[np.ndarray, np.ndarray]:
    """Beats and downbeats in quarters, from a random bar on, as far as the signature stays."""
    end = score.bars[-1][0] + score.bars[-1][1]
    fitting = sum(1 for onset, _, _ in score.bars if onset + length < end)
    first = int(rng.integers(0, max(1, fitting)))
    beats, downbeats = [], []
    for onset, duration, name in score.bars[first:]:
        if name != signature or onset >= score.bars[first][0] + length + 2 * beat:
            break
        downbeats.append(onset)
        beats += list(np.arange(onset, onset + duration - 1e-6, beat))
    return np.array(beats), np.array(downbeats)


def _play_times(ends: np.ndarray, beat: float, period: float, rng: np.random.Generator) -> np.ndarray:
    """Seconds of every beat and of the end, with drift and rubato of a random depth."""
    depth = float(rng.choice([0, 0.01, 0.03, 0.06, 0.1]))
    n = len(ends) - 1
    stretch = np.cumsum(rng.normal(0, depth / 3, n)) + rng.normal(0, depth / 3, n)
    return 0.2 + np.concatenate([[0], np.cumsum(period * np.exp(np.clip(stretch, -0.25, 0.25)) * np.diff(ends) / beat)])


def _add_notes(
    piece: Performance, score: Score, ends: np.ndarray, downbeats: set, clock, rng: np.random.Generator
) -> None:
    """The notes of the excerpt, with this player's instruments, key, touch, accents and looseness."""
    one = int(rng.choice(PROGRAMS))
    programs = rng.choice(PROGRAMS, score.n_parts) if rng.random() < 0.4 else [one] * score.n_parts
    loose, shift = float(rng.choice([0, 0.005, 0.01, 0.02])), int(rng.integers(-4, 5))
    accent, touch, beats = rng.uniform(0, 16), float(rng.choice([0.95, 0.8, 0.5])), set(np.round(ends, 4))
    for onset, length, pitch, part in score.notes:
        if not ends[0] <= onset < ends[-1] - 1e-6:
            continue
        stress = accent if round(onset, 4) in downbeats else accent / 2 if round(onset, 4) in beats else 0
        start = max(0.0, clock(onset) + rng.normal(0, loose))
        end = max(start + 0.05, clock(min(onset + length * touch, ends[-1])))
        velocity = int(np.clip(70 + stress + rng.normal(0, 7), 20, 127))
        pitch = int(np.clip(pitch + shift, 24, 100))
        piece.notes.append(TimedNote(start, end, pitch, velocity, int(programs[part]), False))
