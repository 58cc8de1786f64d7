"""Fit the numbers by which the octave of a tempo is judged, to songs whose tempo is known.

    python -m earmark_research.tempo.octave --data ../shared/data/tempo_songs ../shared/data/gtzan_partial

It prints `WEIGHTS` and `TRUST` of `earmark.descriptors.tempo.octave`. Every data set weighs the same, however many
songs it has. `benchmarks/rhythm.py` measures the same fit on artists that it was not made on.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from earmark.audio.decode import load_audio
from earmark.audio.earprint import EARPRINT_SUFFIX, read_earprint
from earmark.audio.features import log_mel
from earmark.descriptors.tempo.estimation import keeps_octave, measure_octave_evidence
from earmark.descriptors.tempo.octave import CERTAIN, WEIGHTS

TOLERANCE = 0.04  # of a right tempo
MIN_SECONDS = 15.0
RIDGE = 0.01  # pull towards zero of a weight per deviation of its feature
LOOSE_RIDGE, LOOSE = 0.001, ("tapped", "periodic")  # these two are nearly one, and their difference is small
PRIOR_TRUST, TRUST_RIDGE = (1.0, 0.0, 0.0), 0.001
N_INNER = 5


@dataclass(frozen=True)
class Song:
    """A song whose tempo is known, as the octave is judged.

    Attributes
    ----------
    source, artist, style : the data set, and what it says of the song
    bpm : the label
    is_sure : whether the octave of the label counts
    tempi : float [n_tempi], the octaves that there are to choose from, earmark's first tempo first; empty: no pulse
    X : float [n_tempi, n_features], in the order of WEIGHTS
    confidence : of the pulse
    is_kept : whether the metre decides for the first tempo
    """

    source: str
    artist: str
    style: str
    bpm: float
    is_sure: bool
    tempi: np.ndarray
    X: np.ndarray
    confidence: float
    is_kept: bool

    @property
    def right(self) -> int | None:
        """Index of the tempo that the label names; None where there is none, or the label's octave does not count."""
        hits = np.flatnonzero(np.abs(self.tempi / self.bpm - 1) <= TOLERANCE)
        return int(hits[0]) if self.is_sure and len(hits) else None


def read_songs(folder: Path) -> Iterator[Song]:
    """The songs of a manifest that have a tempo and at least MIN_SECONDS of sound."""
    with open(folder / "tracks.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["tempo_bpm"] and float(row["seconds"]) >= MIN_SECONDS:
            yield measure_song(read_mel(folder / row["path"]), row, folder.name)


def read_mel(path: Path) -> np.ndarray:
    """The log-mel of an earprint or a sound file."""
    return read_earprint(path).S if path.suffix == EARPRINT_SUFFIX else log_mel(load_audio(path).y)


def measure_song(S: np.ndarray, row: dict[str, str], source: str) -> Song:
    """A song from its log-mel and its row of the manifest."""
    rhythm, evidence = measure_octave_evidence(S)
    tempi = [] if evidence is None else evidence.octaves(rhythm.bpm)
    X = [[evidence.features(bpm)[name] for name in WEIGHTS] for bpm in tempi]
    return Song(
        source, row["artist"] or row.get("song", row["path"]), row.get("style") or row.get("genre", ""),
        float(row["tempo_bpm"]), row.get("octave_sure", "1") == "1", np.array(tempi),
        np.array(X).reshape(-1, len(WEIGHTS)), rhythm.confidence,
        keeps_octave(rhythm),
    )  # fmt: skip


def balance(songs: Sequence[Song]) -> np.ndarray:
    """A weight for every song, float [n], so that each source weighs the same; they sum to 1."""
    sources = np.array([song.source for song in songs])
    names, counts = np.unique(sources, return_counts=True)
    shares = dict(zip(names, 1 / (len(names) * counts), strict=True))
    return np.array([shares[name] for name in sources])


def fit_weights(songs: Sequence[Song]) -> np.ndarray:
    """The weights that make the right octaves most probable: float [n_features], in the order of WEIGHTS.

    A conditional logit: softmax over the tempi of each song, with a ridge on weights of standardised features. Songs
    none of whose tempi is right are left out.
    """
    songs = [song for song in songs if song.right is not None]
    scale = np.concatenate([song.X for song in songs]).std(axis=0) + 1e-9
    X, absent = _pad(songs, scale)
    right, share = np.array([song.right for song in songs]), balance(songs)
    ridge = np.array([LOOSE_RIDGE if name in LOOSE else RIDGE for name in WEIGHTS])

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        p = _softmax(X @ w + absent)
        rows = np.arange(len(right))
        value = -(share * np.log(p[rows, right] + 1e-12)).sum() + (ridge * w**2).sum()
        p[rows, right] -= 1
        return value, np.einsum("i,ij,ijk->k", share, p, X) + 2 * ridge * w

    return minimize(loss, np.zeros(len(WEIGHTS)), jac=True, method="L-BFGS-B").x / scale


def _pad(songs: Sequence[Song], scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Features of all songs, float [n_songs, most, n_features], and 0 or -1e9 for a tempo there is or is not."""
    most = max(len(song.tempi) for song in songs)
    X, absent = np.zeros((len(songs), most, len(scale))), np.full((len(songs), most), -1e9)
    for i, song in enumerate(songs):
        X[i, : len(song.tempi)], absent[i, : len(song.tempi)] = song.X / scale, 0
    return X, absent


def _softmax(x: np.ndarray) -> np.ndarray:
    """Over the last axis."""
    odds = np.exp(x - x.max(axis=-1, keepdims=True))
    return odds / odds.sum(axis=-1, keepdims=True)


def choose(song: Song, weights: np.ndarray) -> tuple[float | None, float]:
    """The tempo that the weights choose, BPM, and its share; None and 0 without a pulse."""
    if not len(song.tempi):
        return None, 0.0
    shares = _softmax(song.X @ weights)
    best = 0 if song.is_kept else int(shares.argmax())
    return float(song.tempi[best]), float(shares[best])


def is_right(bpm: float | None, song: Song) -> bool:
    """Whether a tempo is the label's, octave included."""
    return bpm is not None and abs(bpm / song.bpm - 1) <= TOLERANCE


def fit_trust(songs: Sequence[Song], shares: np.ndarray, hits: np.ndarray) -> np.ndarray:
    """The three numbers of TRUST: logistic regression of being right on what songs get that no weight was fitted to.

    Parameters
    ----------
    shares, hits : float [n_songs], of the chosen tempo; whether it is right
    """
    Z, share = trust_features(songs, shares), balance(songs)

    def loss(w: np.ndarray) -> float:
        odds = Z @ w
        return float(
            (share * (np.logaddexp(0, odds) - hits * odds)).sum() + TRUST_RIDGE * ((w - PRIOR_TRUST) ** 2).sum()
        )

    return minimize(loss, np.array(PRIOR_TRUST)).x


def trust_features(songs: Sequence[Song], shares: np.ndarray) -> np.ndarray:
    """What TRUST multiplies: float [n_songs, 3]."""
    p = np.clip(shares, 1 - CERTAIN, CERTAIN)
    clear = np.log(np.array([song.confidence for song in songs]) + 0.02)
    return np.stack([np.log(p / (1 - p)), clear, np.ones(len(songs))], axis=1)


def divide_groups(groups: Sequence[str], n_folds: int, seed: int) -> np.ndarray:
    """A fold for every song, int [n], by its artist: largest first, ties at random, each to the smallest fold."""
    rng = np.random.default_rng(seed)
    names, member, counts = np.unique(groups, return_inverse=True, return_counts=True)
    sizes, fold = np.zeros(n_folds), np.zeros(len(names), int)
    for i in sorted(rng.permutation(len(names)), key=lambda i: -counts[i]):
        fold[i] = sizes.argmin()
        sizes[fold[i]] += counts[i]
    return fold[member]


def choose_apart(songs: Sequence[Song], n_folds: int, seed: int) -> list[tuple[float | None, float]]:
    """`choose` for every song, with weights that were fitted to other artists."""
    fold = divide_groups([song.artist for song in songs], n_folds, seed)
    chosen: list[tuple[float | None, float]] = [(None, 0.0)] * len(songs)
    for k in range(n_folds):
        weights = fit_weights([song for song, f in zip(songs, fold, strict=True) if f != k])
        for i in np.flatnonzero(fold == k):
            chosen[i] = choose(songs[i], weights)
    return chosen


def fit(songs: Sequence[Song], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Weights from all songs, and trust from choices by weights of other artists."""
    heard = [song for song in songs if song.is_sure and len(song.tempi)]
    chosen = choose_apart(heard, N_INNER, seed)
    hits = np.array([is_right(bpm, song) for (bpm, _), song in zip(chosen, heard, strict=True)], float)
    return fit_weights(songs), fit_trust(heard, np.array([share for _, share in chosen]), hits)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="folders with tracks.csv")
    args = parser.parse_args()
    songs = [song for folder in args.data for song in read_songs(folder)]
    weights, trust = fit(songs)
    print(f"{len(songs)} songs, {sum(song.right is not None for song in songs)} with a right octave to choose")
    print("WEIGHTS =", {name: round(float(w), 2) for name, w in zip(WEIGHTS, weights, strict=True)})
    print("TRUST =", tuple(np.round(trust, 3).tolist()))


if __name__ == "__main__":
    main()
