"""A model over many cached spectrograms: logits and an embedding of each track."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from earmark.data.cache import FeatureCache
from earmark.progress import Progress, silent
from earmark.settings import cores
from earmark.tagger.model import Activations, Model


@dataclass(frozen=True)
class Predictions:
    """The model's outputs for each row, means over time.

    Attributes
    ----------
    logits : float32 [n_rows, n_tags]
    embedding : float32 [n_rows, dim]
    """

    logits: np.ndarray
    embedding: np.ndarray


def predict(
    model: Model,
    cache: FeatureCache,
    threads: int | None = None,
    progress: Progress = silent,
    stage: str = "predictions",
) -> Predictions:
    """Run the model over every row, several at once: ONNX Runtime computes without Python's lock.

    Parameters
    ----------
    cache : spectrograms [n_frames, n_mels] in the model's front end
    threads : one a core by default
    stage : name under which `progress` is told of rows done and rows in all

    Raises
    ------
    DataError : a row has no spectrogram, since its file cannot be read
    """

    def means(i: int) -> tuple[np.ndarray, np.ndarray]:
        activations = predict_row(model, cache, i)
        return activations.track_logits(), activations.track_embedding()

    found = []
    with ThreadPoolExecutor(threads or cores()) as pool:
        for done, pair in enumerate(pool.map(means, range(len(cache))), start=1):
            found.append(pair)
            progress(stage, done, len(cache))
    logits, embedding = zip(*found, strict=True)
    return Predictions(np.array(logits), np.array(embedding))


def predict_row(model: Model, cache: FeatureCache, i: int) -> Activations:
    """The model's outputs over time for row `i`; raises DataError where its file cannot be read."""
    return model.run(np.asarray(cache[i], np.float32))
