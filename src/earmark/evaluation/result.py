"""One evaluation in memory: what is written, and what a report draws."""

from dataclasses import dataclass

import numpy as np

from earmark.data.manifest import Manifest
from earmark.evaluation.alignment import Question
from earmark.evaluation.inputs import OverTime
from earmark.evaluation.predict import Heard
from earmark.tagger.model import ModelInfo


@dataclass(frozen=True)
class Evaluation:
    """`metrics` as written; `manifest`, `heard`, `p` and `over_time` are of the judged rows, as `question.truth`.

    Attributes
    ----------
    p : float [n_rows, n], the answers
    over_time : a row's activations; None where rows have no time, as songs that are known by their statistics
    """

    metrics: dict
    question: Question
    info: ModelInfo
    manifest: Manifest
    heard: Heard
    p: np.ndarray
    over_time: OverTime | None
