"""How ``earmark evaluate`` is asked to work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from earmark import settings
from earmark.evaluation.intervals import RESAMPLES
from earmark.evaluation.predict import default_workers

Progress = Callable[[str, int, int], None]  # what, done, in all


@dataclass(frozen=True)
class EvaluationOptions:
    """How to evaluate.

    Attributes
    ----------
    split : the part to judge; None for every row
    naive_too : also fit a probe on honest and random parts, to show the inflation
    ignore_unknown : leave out labels and columns that the model does not know
    workers : processes that compute features, threads that run the model
    resamples : of the bootstrap
    """

    split: str | None = None
    naive_too: bool = False
    ignore_unknown: bool = False
    workers: int = field(default_factory=default_workers)
    cache: Path = field(default_factory=settings.CACHE.path)
    resamples: int = RESAMPLES
    report: bool = True
    progress: Progress = lambda what, done, n: None

    def say(self, what: str) -> Callable[[int, int], None]:
        """The progress of one stage."""
        return lambda done, n: self.progress(what, done, n)
