"""The process that analyses one file after another: ``python -m earmark.engine.worker MODEL TIME_LIMIT MAX_SECONDS``.

A decoder can crash or hang on a hostile file, so every file is opened in such a process and never in the scan's own.
Tasks come in on standard input and replies leave on standard output, both pickled; only `earmark.engine.local` starts
such a process and talks to it.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from earmark.analysis import analyze_earprint, needs_of
from earmark.audio.earprint import EARPRINT_SUFFIX, Earprint, read_earprint, write_earprint
from earmark.audio.listen import EVERYTHING, identify, listen
from earmark.engine.protocol import Analyse, Analysed, Failed, Identified, Identify, Limits, Reply, Task
from earmark.errors import AudioError, EarmarkError
from earmark.tagger.model import Model, load_model

GRACE = 30.0  # seconds beyond the time limit after which the system ends this process, should it hang

READY = "ready"  # the first message of a worker

Handler = Callable[[Task, Model, Limits], Reply]


def handle(task: Task, model: Model, limits: Limits) -> Reply:
    """Do one task; raises AudioError for a file that cannot be read."""
    match task:
        case Identify(path):
            return Identified(path, identify(path))
        case Analyse(path, parts):
            earprint = _kept_earprint(task, model) or _make_earprint(task, model, limits)
            return Analysed(path, analyze_earprint(path, earprint, model, parts))


def _kept_earprint(task: Analyse, model: Model) -> Earprint | None:
    """The earprint that was kept of this track, if it holds all that an analysis needs."""
    if not (task.earprints and task.track_id):
        return None
    try:
        kept = read_earprint(Path(task.earprints) / f"{task.track_id}{EARPRINT_SUFFIX}")
    except AudioError:
        return None
    complete = kept.chroma is not None and kept.loudness is not None and kept.features == model.info.features
    return kept if complete else None


def _make_earprint(task: Analyse, model: Model, limits: Limits) -> Earprint:
    """The earprint of the file; it holds everything where it is kept, else what the parts need."""
    needs = EVERYTHING if task.earprints else needs_of(task.parts)
    made = listen(task.path, model.info.features, limits.max_seconds, limits.time_limit, needs)
    if task.earprints:
        Path(task.earprints).mkdir(exist_ok=True)
        write_earprint(made, Path(task.earprints) / f"{made.track_id}{EARPRINT_SUFFIX}")
    return made


def serve(model_path: str, limits: Limits, handler: Handler = handle) -> None:
    """Answer tasks until standard input ends."""
    tasks, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the replies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the scan's to handle
    model = load_model(model_path)
    pickle.dump(READY, replies)
    replies.flush()
    while True:
        try:
            task = pickle.load(tasks)
        except EOFError:
            return
        _set_alarm(limits.time_limit + GRACE)
        pickle.dump(_reply(handler, task, model, limits), replies, pickle.HIGHEST_PROTOCOL)
        replies.flush()
        _set_alarm(0)


def _reply(handler: Handler, task: Task, model: Model, limits: Limits) -> Reply:
    try:
        return handler(task, model, limits)
    except EarmarkError as error:
        return Failed(task.path, error.problem, error.remedy)
    except MemoryError:
        return Failed(task.path, "not enough memory to analyse it", "Free memory, or scan with fewer workers.")
    except Exception as error:  # a fault of ours costs one file, and is reported as what it is
        problem = f"a fault in the analysis ({type(error).__name__}: {error})"
        return Failed(task.path, problem, "Please report this with the file.")


def _set_alarm(seconds: float) -> None:
    """Let the system end this process by then, should it hang in C while nobody is left to stop it; 0 takes it back."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds))


def main(arguments: list[str], handler: Handler = handle) -> None:
    """Serve by the arguments of the command line: model, time limit and seconds of sound."""
    serve(arguments[0], Limits(float(arguments[1]), float(arguments[2])), handler)


if __name__ == "__main__":
    main(sys.argv[1:])
