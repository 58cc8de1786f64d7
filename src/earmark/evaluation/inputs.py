"""What is evaluated: a model and its labelled rows, which are sound files or songs of the Million Song Dataset."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from earmark.data.cache import FeatureCache
from earmark.data.manifest import Manifest
from earmark.data.read import read_manifest
from earmark.data.series import LYRICS_FILE, labelled_songs, load_lyrics_code, series_inputs
from earmark.errors import DataError
from earmark.evaluation.options import EvaluationOptions
from earmark.evaluation.predict import Predictions, predict, predict_row
from earmark.tagger.model import Activations, ModelInfo, load_model, open_model

RowActivations = Callable[[int], Activations]  # number of a predicted row -> its outputs over time
SONGS_PER_BATCH = 64  # given to the network at once: bounds memory, changes no result


class EvaluationSet(Protocol):
    """One model and the rows that it can be run on.

    Attributes
    ----------
    info : of the model
    manifest : all rows
    """

    info: ModelInfo
    manifest: Manifest

    def predict(self, rows: np.ndarray, stage: str) -> tuple[Predictions, RowActivations | None]:
        """Run the model on `rows`.

        Parameters
        ----------
        rows : int64 [n_rows], of the manifest
        stage : name for the progress

        Returns
        -------
        The outputs for each of `rows`, and these over time where the rows are sound
        """

    def spectrograms(self) -> FeatureCache | None:
        """Of every row, to compare rows by their sound; None where there is no sound."""


def open_set(model_file: Path, data: str | Path, columns: list[str], options: EvaluationOptions) -> EvaluationSet:
    """Songs where the model was trained on songs, which the file beside it tells; else sound files.

    Raises
    ------
    DataError, ModelError : manifest, songs or model cannot be read, or do not belong together
    """
    if (model_file.parent / LYRICS_FILE).is_file():
        return SongSet(model_file, data, columns, options)
    return SoundSet(model_file, data, options)


class SoundSet:
    """A manifest of sound files and a model of log-mel spectrograms: an `EvaluationSet`."""

    def __init__(self, model_file: Path, data: str | Path, options: EvaluationOptions) -> None:
        self._model, self._options = load_model(model_file), options
        self.info, self.manifest = self._model.info, read_manifest(data)

    def predict(self, rows: np.ndarray, stage: str) -> tuple[Predictions, RowActivations]:
        """See `EvaluationSet.predict`; raises DataError that lists every file that cannot be read."""
        o = self._options
        cache = FeatureCache.build(self.manifest.subset(rows), self.info.features, o.cache, o.workers, o.progress)
        found = predict(self._model, cache, o.workers, o.progress, stage)
        return found, lambda i: predict_row(self._model, cache, i)

    def spectrograms(self) -> FeatureCache:
        """Of every row that can be read."""
        o = self._options
        return FeatureCache.attempt(self.manifest, self.info.features, o.cache, o.workers, o.progress)


class SongSet:
    """The compact form of the Million Song Dataset and a network of timbre, chroma and lyrics: an `EvaluationSet`."""

    def __init__(self, model_file: Path, data: str | Path, columns: list[str], options: EvaluationOptions) -> None:
        if len(columns) != 1:
            raise DataError(",".join(columns), "the Million Song networks know one column", "Give one --target.")
        self._session, self.info = open_model(model_file)
        code, words, use = load_lyrics_code(model_file.parent / LYRICS_FILE)
        songs, self.manifest = labelled_songs(data, columns[0], min_songs=1)
        if not np.array_equal(words, songs.words):
            raise DataError(data, "its words are not those that the model learned from", "Use data of one release.")
        self._inputs = series_inputs(songs, code, use)
        self._progress = options.progress

    def predict(self, rows: np.ndarray, stage: str) -> tuple[Predictions, None]:
        """See `EvaluationSet.predict`; songs have no outputs over time."""
        found = []
        for start in range(0, len(rows), SONGS_PER_BATCH):
            found.append(self._run_batch(rows[start : start + SONGS_PER_BATCH]))
            self._progress(stage, min(start + SONGS_PER_BATCH, len(rows)), len(rows))
        logits, embedding = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Predictions(logits, embedding), None

    def _run_batch(self, rows: np.ndarray) -> list[np.ndarray]:
        """Logits [n_rows, n_tags] and embedding [n_rows, dim]."""
        given = dict(zip(("series", "lyrics"), (x[rows] for x in self._inputs), strict=True))
        return [x.mean(axis=1) for x in self._session.run(["logits", "embedding"], given)]

    def spectrograms(self) -> None:
        """None: there is no sound."""
