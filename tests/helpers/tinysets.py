"""Data sets with an answer in them, for training tests that take a second."""

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from earmark.audio.config import FeatureConfig
from earmark.data.sets.msd import MsdSongs, save_msd_compact

FEATURES = FeatureConfig(n_mels=16)


def bright_and_dark(n: int = 24, frames: int = 64, seed: int = 0) -> tuple[list[np.ndarray], np.ndarray]:
    """Noise with energy in the upper half of the bands (class 1) or the lower (class 0).

    Returns spectrograms float32 [frames + 0..9, 16] and one-hot targets float32 [n, 2].
    """
    rng = np.random.default_rng(seed)
    index = np.arange(n) % 2
    spectrograms = []
    for k in index:
        S = rng.random((frames + int(rng.integers(0, 10)), 16)).astype(np.float32)
        S[:, 8 * k : 8 * k + 8] += 1.0
        spectrograms.append(S)
    return spectrograms, np.eye(2, dtype=np.float32)[index]


def write_songs(folder: Path) -> Path:
    """60 made-up songs in the compact form: genre x is loud and sings word 0, genre y is not and sings word 1."""
    rng, n = np.random.default_rng(0), 60
    genre = np.array(["x", "y"])[np.arange(n) % 2]
    bow = rng.integers(0, 3, (n, 6)).astype(np.uint16)
    bow[np.arange(n), np.arange(n) % 2] += 9
    texts = {
        k: np.array([f"{k}{i}" for i in range(n)]) for k in ("track_id", "song_id", "artist", "artist_name", "title")
    }
    timbre = rng.standard_normal((n, 300, 12)).astype(np.float32) + (genre == "x")[:, None, None]
    save_msd_compact(MsdSongs(
        **texts, genre=genre, timbre=timbre, chroma=rng.random((n, 300, 12)).astype(np.float32), bow=csr_matrix(bow),
        words=np.array(list("abcdef")), vectors=rng.standard_normal((6, 50)).astype(np.float32),
        popularity=np.linspace(0, 1, n, dtype=np.float32), tempo=np.full(n, 120.0), year=np.full(n, 1990.0),
    ), folder)  # fmt: skip
    return folder
