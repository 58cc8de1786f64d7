"""Finding the same recording twice by its sound: another encoding, level or excerpt of it.

After Haitsma & Kalker 2002, "A highly robust audio fingerprinting system": each step of a coarse spectrogram becomes 32
bits, the signs of energy differences between neighbouring bands and steps; equal words propose pairs of tracks
and a time offset, and the share of unequal bits along that offset decides.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from earmark.audio.config import FeatureConfig

N_BITS = 32
STEP = 0.016  # seconds between words; with 0.064 half of the noisy 3 s excerpts of real music go unfound
SPAN = 0.256  # seconds that each word averages over
MAX_UNEQUAL = 0.33  # share of unequal bits; unrelated music has 0.5, Haitsma & Kalker allow 0.35
MIN_OVERLAP = 1.9  # seconds that two tracks must share
MAX_SHARED_BY = 200  # a word that more steps than this have proposes no pairs: it is too common
MOST_WAITING = 4_000_000  # proposals kept before equal ones are joined
SHIFT_BITS = 24  # of a proposal's number; the others hold the pair
NO_SHIFT = 1 << (SHIFT_BITS - 1)
POPCOUNT = np.array([bin(i).count("1") for i in range(1 << 16)], np.uint8)


@dataclass(frozen=True)
class SoundPair:
    """Two rows that hold the same recording.

    Attributes
    ----------
    a, b : the rows, a < b
    offset : `b` starts this many seconds after `a`
    unequal : share of the fingerprint's bits that differ, 0 to `MAX_UNEQUAL`
    """

    a: int
    b: int
    offset: float
    unequal: float


def fingerprint_words(S: np.ndarray, cfg: FeatureConfig) -> np.ndarray:
    """The fingerprint of one log-mel spectrogram [n_frames, n_mels]: uint32 [n_words], `STEP` seconds apart.

    A word is 0 where the sound does not change, as in silence.
    """
    hop, span = max(1, round(STEP * cfg.frame_rate)), max(1, round(SPAN * cfg.frame_rate))
    edges = np.linspace(0, S.shape[1], N_BITS + 2).round().astype(int)  # 33 bands
    width = np.maximum(np.diff(edges), 1)
    bands = np.add.reduceat(np.asarray(S, np.float32), edges[:-1], axis=1) / width
    total = np.cumsum(np.pad(bands, ((1, 0), (0, 0))), axis=0, dtype=np.float64)
    starts = np.arange(0, max(len(bands) - span, 0), hop)
    coarse = (total[starts + span] - total[starts]) / span  # [n_steps, 33]
    slope = np.diff(coarse, axis=1)
    change = np.diff(slope, axis=0)  # [n_words, 32]
    bits = (change > 0).astype(np.uint32)
    words = (bits << np.arange(N_BITS, dtype=np.uint32)).sum(axis=1, dtype=np.uint32)
    words[np.abs(change).max(axis=1, initial=0) < 1e-3] = 0
    return words


def sound_pairs(fingerprints: Iterable[np.ndarray]) -> list[SoundPair]:
    """All pairs of tracks that share a stretch of sound, in the order of their rows, the best offset of each.

    Parameters
    ----------
    fingerprints : uint32 [n_words] of each track, from `fingerprint_words`; empty for tracks to leave out
    """
    tracks = list(fingerprints)
    pairs = {}
    for a, b, shift in _proposals(tracks).tolist():
        found = _compare(tracks[a], tracks[b], shift)
        if found is not None and ((a, b) not in pairs or found < pairs[a, b].unequal):
            pairs[a, b] = SoundPair(a, b, shift * STEP, found)
    return sorted(pairs.values(), key=lambda pair: (pair.a, pair.b))


def _proposals(tracks: list[np.ndarray]) -> np.ndarray:
    """Each (a, b, shift in steps) at which two tracks have an equal word, int64 [n, 3], a < b."""
    n, found, waiting = len(tracks), [np.zeros(0, np.int64)], 0
    for track, step in _same_words(tracks):
        i, j = np.triu_indices(len(track), 1)
        keys = ((track[i] * n + track[j]) << SHIFT_BITS) + (step[i] - step[j]) + NO_SHIFT
        found.append(keys[track[i] != track[j]])
        waiting += len(found[-1])
        if waiting > MOST_WAITING:  # many copies of one file propose the same again and again
            found, waiting = [np.unique(np.concatenate(found))], 0
    keys = np.unique(np.concatenate(found))
    pair, shift = keys >> SHIFT_BITS, (keys & (2 * NO_SHIFT - 1)) - NO_SHIFT
    return np.stack([pair // max(n, 1), pair % max(n, 1), shift], axis=1)


def _same_words(tracks: list[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each word that 2 to MAX_SHARED_BY steps have: their tracks, ascending, and steps, int64."""
    word = np.concatenate([*tracks, np.zeros(0, np.uint32)])
    track = np.repeat(np.arange(len(tracks), dtype=np.int32), [len(words) for words in tracks])
    step = np.concatenate([np.arange(len(words), dtype=np.int32) for words in (*tracks, ())])
    order = np.argsort(word, kind="stable")
    order = order[word[order] != 0]
    word = word[order]
    bounds = np.flatnonzero(np.r_[True, word[1:] != word[:-1], True]) if len(word) else np.zeros(0, int)
    size = np.diff(bounds)
    for k in np.flatnonzero((size >= 2) & (size <= MAX_SHARED_BY)):
        rows = order[bounds[k] : bounds[k + 1]]
        yield track[rows].astype(np.int64), step[rows].astype(np.int64)


def _compare(a: np.ndarray, b: np.ndarray, shift: int) -> float | None:
    """Share of unequal bits where b, moved by `shift` steps, lies over a; None where that is no match."""
    start, end = max(0, shift), min(len(a), len(b) + shift)
    x, y = a[start:end], b[start - shift : end - shift]
    sounding = (x != 0) & (y != 0)
    if sounding.sum() * STEP < MIN_OVERLAP - SPAN - STEP:
        return None
    unequal = x[sounding] ^ y[sounding]
    share = float((POPCOUNT[unequal & 0xFFFF] + POPCOUNT[unequal >> 16]).mean() / N_BITS)
    return share if share <= MAX_UNEQUAL else None
