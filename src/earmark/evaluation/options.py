"""The settings of ``earmark evaluate``."""

from dataclasses import dataclass, field
from pathlib import Path

from earmark import settings
from earmark.evaluation.intervals import RESAMPLES
from earmark.progress import Progress, silent


@dataclass(frozen=True)
class EvaluationOptions:
    """How to evaluate.

    Attributes
    ----------
    split : the part to evaluate on; None for every row
    naive_too : also fit a probe on artist-disjoint and on random parts, to show by how much a random split flatters
    ignore_unknown : leave out labels and columns that the model has no tag for
    workers : processes that compute spectrograms, threads that run the model
    cache : folder that keeps spectrograms between runs
    resamples : of the bootstrap
    report : also write report.html
    progress : called with the stage, rows done and rows in all
    """

    split: str | None = None
    naive_too: bool = False
    ignore_unknown: bool = False
    workers: int = field(default_factory=settings.cores)
    cache: Path = field(default_factory=settings.CACHE.path)
    resamples: int = RESAMPLES
    report: bool = True
    progress: Progress = silent
