"""What is judged: a model and its labelled rows, which are sound files or songs of the Million Song part."""

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
from earmark.evaluation.predict import Heard, hear, hear_row
from earmark.tagger.model import Activations, ModelInfo, load_model, open_model

OverTime = Callable[[int], Activations]  # of the heard row with that number
MOST_AT_ONCE = 64  # songs given to the network at once: bounds memory, changes no result


class Subject(Protocol):
    """One model and the rows that it can be asked about."""

    info: ModelInfo
    manifest: Manifest

    def hear(self, rows: np.ndarray, what: str) -> tuple[Heard, OverTime | None]:
        """The answers to `rows`, and each of them over time where the rows are sound; `what` names the stage."""

    def spectrograms(self) -> FeatureCache | None:
        """Of every row, to compare them by sound; None where there is none to compare."""


def subject_of(model_file: Path, data: str | Path, columns: list[str], options: EvaluationOptions) -> Subject:
    """Songs where the model was trained on them, which the file beside it tells; else sound."""
    if (model_file.parent / LYRICS_FILE).is_file():
        return Songs(model_file, data, columns, options)
    return Sounds(model_file, data, options)


class Sounds:
    """A manifest of sound files and a model that hears them."""

    def __init__(self, model_file: Path, data: str | Path, options: EvaluationOptions) -> None:
        self._model, self._options = load_model(model_file), options
        self.info, self.manifest = self._model.info, read_manifest(data)

    def hear(self, rows: np.ndarray, what: str) -> tuple[Heard, OverTime]:
        o = self._options
        manifest = self.manifest.subset(rows)
        cache = FeatureCache.build(manifest, self.info.features, o.cache, o.workers, o.progress)
        return hear(self._model, cache, o.workers, o.say(what)), lambda i: hear_row(self._model, cache, i)

    def spectrograms(self) -> FeatureCache:
        o = self._options
        return FeatureCache.attempt(self.manifest, self.info.features, o.cache, o.workers, o.progress)


class Songs:
    """The compact form of the Million Song Dataset and a network of timbre, chroma and lyrics."""

    def __init__(self, model_file: Path, data: str | Path, columns: list[str], options: EvaluationOptions) -> None:
        if len(columns) != 1:
            raise DataError(",".join(columns), "the Million Song networks know one column", "Give one --target.")
        self._session, self.info = open_model(model_file)
        code, words, use = load_lyrics_code(model_file.parent / LYRICS_FILE)
        songs, self.manifest = labelled_songs(data, columns[0], min_songs=1)
        if not np.array_equal(words, songs.words):
            raise DataError(data, "its words are not those that the model learned from", "Use data of one release.")
        self._inputs = series_inputs(songs, code, use)
        self._say = options.say

    def hear(self, rows: np.ndarray, what: str) -> tuple[Heard, None]:
        say, found = self._say(what), []
        for start in range(0, len(rows), MOST_AT_ONCE):
            batch = rows[start : start + MOST_AT_ONCE]
            given = dict(zip(("series", "lyrics"), (x[batch] for x in self._inputs), strict=True))
            found.append([x.mean(axis=1) for x in self._session.run(["logits", "embedding"], given)])
            say(start + len(batch), len(rows))
        logits, embedding = (np.concatenate(parts) for parts in zip(*found, strict=True))
        return Heard(logits, embedding), None

    def spectrograms(self) -> None:
        return None
