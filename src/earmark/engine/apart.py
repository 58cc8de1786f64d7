"""One file, opened in a process of its own with the limits of a scan: what it does there costs that process alone."""

import os
from collections.abc import Collection
from pathlib import Path

from earmark.analysis import Analysis, versions
from earmark.audio.earprint import earprint_name
from earmark.engine.limits import Limits
from earmark.engine.local import WorkerProcess
from earmark.engine.protocol import Analyse, Failed
from earmark.errors import AudioError
from earmark.tagger.model import Model


def analyze_apart(path: str | os.PathLike, model: Model, limits: Limits | None = None) -> Analysis:
    """What `earmark.analysis.analyze` does; raises AudioError also where the file has killed its process."""
    return _analysed(path, model, limits, versions(model))


def earprint_apart(path: str | os.PathLike, model: Model, folder: Path, limits: Limits | None = None) -> Path:
    """Write a file's earprint into a folder, named by its track; raises AudioError as `analyze_apart`."""
    analysis = _analysed(path, model, limits, (), str(folder))
    return folder / earprint_name(analysis.track_id)


def _analysed(path, model: Model, limits: Limits | None, parts: Collection[str], folder: str | None = None) -> Analysis:
    worker = WorkerProcess(model, limits or Limits())
    try:
        reply = worker.ask(Analyse(os.fspath(path), frozenset(parts), None, folder))
    finally:
        worker.close()
    if isinstance(reply, Failed):
        raise AudioError(path, reply.problem, reply.remedy)
    return reply.analysis
