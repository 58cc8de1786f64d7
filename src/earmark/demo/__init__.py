"""Sixteen short pieces that earmark composes itself: music of known tempo, key, metre and instruments."""

import os
from pathlib import Path

import numpy as np

from earmark.demo import files
from earmark.demo.mix import mixdown
from earmark.demo.pieces import PIECES, Piece
from earmark.demo.synth import SR

__all__ = ["PIECES", "SR", "Piece", "render", "write"]


def render(piece: Piece) -> np.ndarray:
    """The piece as stereo, float32 [n_samples, 2] at `SR` (44,100) Hz, peak 0.89; the same on every run."""
    return mixdown(piece.compose(), piece.bpm, piece.seconds, piece.room_seconds)


def write(folder: str | os.PathLike) -> list[Path]:
    """Write all pieces as tagged files of seven formats, and tracks.csv, into `folder`; returns the files in order.

    What an earlier call wrote there and nothing has changed since is kept. Raises OSError where it cannot write.
    """
    return files.write(folder, render)
