"""Labels of listeners, and teachers' probabilities, as training targets for every tag of the starter model."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark_research.tagger.corpus import Corpus, source_of
from earmark_research.tagger.tags import DANCEABILITY, DERIVED, FEELINGS, GENRES, derived_target, emotion_values

GENRES_OF = {
    "gtzan": tuple(genre for genre in GENRES if genre != "electronic"),
    "emotify": ("classical", "rock", "electronic", "pop"),
}
FULL_TRUST = 25  # raters whose mean is taken at full weight
AUDIBLE = 0.1  # log10(1 + 1e4 p) of a patch's loudest cell; below it, even a piece of music is silent
LEARNED_NOISE = ("nonmusic", "nonmusic_synth")  # sources without music
HELD_NOISE = ("noise_held", "synth_held")  # the same, not trained on


@dataclass
class Targets:
    """Training targets of each patch, or track; NaN where nothing is known.

    Attributes
    ----------
    genre : float32 [n, 11], one-hot
    offered : bool [n, 11], the genres that the labeller could choose from
    mood : float32 [n, 9], shares of raters
    weight : float32 [n], trust in mood
    values : float32 [n, 3]
    derived : float32 [n, len(DERIVED)], from the teachers
    music : float32 [n]
    """

    genre: np.ndarray
    offered: np.ndarray
    mood: np.ndarray
    weight: np.ndarray
    values: np.ndarray
    derived: np.ndarray
    music: np.ndarray

    def take(self, rows: np.ndarray) -> "Targets":
        """The targets at `rows`, indices or a mask."""
        return Targets(*(value[rows] for value in vars(self).values()))

    def join(self, other: "Targets") -> "Targets":
        """Both, one after the other."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Targets(*(np.concatenate(pair) for pair in pairs))


def read_rows(manifest: Path) -> dict[str, dict[str, str]]:
    """path -> row of a tracks.csv."""
    with Path(manifest).open(encoding="utf-8", newline="") as file:
        return {row["path"]: row for row in csv.DictReader(file)}


def make_targets(corpus: Corpus, rows: dict[str, dict[str, str]], trained: np.ndarray) -> Targets:
    """Targets of every patch.

    Parameters
    ----------
    rows : ``source/path`` -> labels; sources ``gtzan`` and ``emotify`` are understood
    trained : bool [n_tracks], the tracks whose labels may be used; all others keep the teachers' targets only
    """
    genre, offered, mood, weight = _label_arrays(corpus.paths, rows, trained)
    energy, valence = emotion_values(mood)
    track = corpus.track
    danceability = derived_target(DANCEABILITY, corpus.probabilities)
    values = np.column_stack([energy[track], valence[track], danceability])
    derived = np.column_stack([derived_target(tag, corpus.probabilities) for tag in DERIVED])
    audible = corpus.mel.max(axis=(1, 2)) > AUDIBLE
    music = ~np.isin(corpus.sources, LEARNED_NOISE + HELD_NOISE)[track] & audible
    return Targets(
        genre[track], offered[track], mood[track], weight[track],
        values.astype(np.float32), derived.astype(np.float32), music.astype(np.float32),
    )  # fmt: skip


def _label_arrays(
    paths: Sequence[str], rows: dict[str, dict[str, str]], trained: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """`genre`, `offered`, `mood` and `weight` of each track, as in `Targets`."""
    n = len(paths)
    genre = np.full((n, len(GENRES)), np.nan, np.float32)
    offered = np.ones((n, len(GENRES)), bool)
    mood, weight = np.full((n, len(FEELINGS)), np.nan, np.float32), np.zeros(n, np.float32)
    for i, path in enumerate(paths):
        row, source = rows.get(path), source_of(path)
        if row is None or not trained[i]:
            continue
        genre[i] = [float(row["genre"] == name) for name in GENRES]
        offered[i] = [name in GENRES_OF[source] for name in GENRES]
        if source == "emotify":
            mood[i] = [float(row[name]) for name in FEELINGS]
            weight[i] = min(1.0, float(row["n_raters"]) / FULL_TRUST)
    return genre, offered, mood, weight
