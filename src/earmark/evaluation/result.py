"""One evaluation in memory: what is written to files and drawn in the report."""

from dataclasses import dataclass

import numpy as np

from earmark.data.manifest import Manifest
from earmark.evaluation.alignment import Alignment
from earmark.evaluation.inputs import RowActivations
from earmark.evaluation.predict import Predictions
from earmark.tagger.model import ModelInfo


@dataclass(frozen=True)
class Evaluation:
    """What was measured. `manifest`, `predictions`, `p` and `activations` have the rows of ``alignment.truth``.

    Attributes
    ----------
    metrics : the content of metrics.json
    alignment : the truth, and which outputs of the model belong to it
    info : of the model
    manifest : the evaluated rows
    predictions : the model's outputs for them
    p : float32 [n_rows, n], calibrated probabilities (or values) of ``alignment.names``
    activations : row number -> its outputs over time; None where rows have no time, as songs that are known by their
        statistics
    """

    metrics: dict
    alignment: Alignment
    info: ModelInfo
    manifest: Manifest
    predictions: Predictions
    p: np.ndarray
    activations: RowActivations | None
