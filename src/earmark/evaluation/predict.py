"""A model over many cached spectrograms: one answer and one embedding a track."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from earmark.data.cache import FeatureCache
from earmark.tagger.model import Activations, Model

Progress = Callable[[int, int], None]  # done, in all


@dataclass(frozen=True)
class Heard:
    """What a model makes of each row: logits float32 [n_rows, n_tags], embedding float32 [n_rows, dim]."""

    logits: np.ndarray
    embedding: np.ndarray


def hear(model: Model, cache: FeatureCache, threads: int | None = None, progress: Progress | None = None) -> Heard:
    """Run the model over every row, several at once: ONNX Runtime computes outside Python's lock."""

    def one(i: int) -> tuple[np.ndarray, np.ndarray]:
        heard = hear_row(model, cache, i)
        return heard.track_logits(), heard.track_embedding()

    found = []
    with ThreadPoolExecutor(threads or default_workers()) as pool:
        for done, pair in enumerate(pool.map(one, range(len(cache))), start=1):
            found.append(pair)
            if progress:
                progress(done, len(cache))
    logits, embedding = zip(*found, strict=True)
    return Heard(np.array(logits), np.array(embedding))


def hear_row(model: Model, cache: FeatureCache, i: int) -> Activations:
    """Everything the model says of one row, over time."""
    return model.run(np.asarray(cache[i], np.float32))


def default_workers() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
