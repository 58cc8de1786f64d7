"""The process that analyses one file after another: ``python -m earmark.engine.worker MODEL LIMIT ...``.

A decoder can crash or hang on a hostile file, so every file is opened in such a process and never in the scan's own.
Tasks come in on standard input; news and replies leave on standard output (`earmark.engine.wire`). Only
`earmark.engine.local` starts such a process and talks to it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av

from earmark.analysis import Analysis, analyze_earprint, needs_of
from earmark.audio.containers import open_container
from earmark.audio.earprint import Earprint, earprint_name, is_earprint, read_earprint, write_earprint
from earmark.audio.fileinfo import info_of, read_file_info
from earmark.audio.listen import EVERYTHING, identify, listen
from earmark.audio.opening import held
from earmark.catalogue.steps import pack_activations
from earmark.engine.limits import ALARM_GRACE, Limits
from earmark.engine.protocol import (
    Analyse,
    Analysed,
    Failed,
    Heard,
    Identified,
    Identify,
    News,
    Opened,
    Ready,
    Reply,
    Task,
)
from earmark.engine.signals import ENDING
from earmark.engine.wire import MOST_TEXT, WireError, decode_task, receive, send
from earmark.errors import AudioError, EarmarkError, Unreachable, one_line
from earmark.tagger.model import Model, load_model

PR_SET_PDEATHSIG = 1  # of Linux's prctl: the signal for a process whose parent has died

Tell = Callable[[News], None]
"""Takes news of a file while it is worked on."""

Handler = Callable[[Task, Model, Limits, Tell], Reply]


def handle(task: Task, model: Model, limits: Limits, tell: Tell = lambda news: None) -> Reply:
    """Do one task; raises AudioError for a file that cannot be read."""
    with held(task.path):
        return _handle(task, model, limits, tell)


def _handle(task: Task, model: Model, limits: Limits, tell: Tell) -> Reply:
    match task:
        case Identify(path, track_id):
            return Identified(path, track_id or identify(path), read_file_info(path))
        case Analyse(path, parts):
            kept = _kept_earprint(task, model, limits)  # it may have another file's tags
            earprint = kept or _make_earprint(task, model, limits, tell)
            tell(Heard(path))
            info = read_file_info(path) if kept else info_of(path, earprint)
            return Analysed(path, _packed(analyze_earprint(path, earprint, model, parts)), info)


def _packed(analysis: Analysis) -> Analysis:
    """With its activations packed as well: five sixths of the work of writing, which one process does for all."""
    heard = analysis.activations
    if heard is None:
        return analysis
    return replace(analysis, activations=replace(heard, packed=pack_activations(heard, analysis.tagset)))


def _kept_earprint(task: Analyse, model: Model, limits: Limits) -> Earprint | None:
    """The earprint that was kept of this track, if it holds all that an analysis needs."""
    if not (task.earprints and task.track_id):
        return None
    try:
        kept = read_earprint(Path(task.earprints) / earprint_name(task.track_id), limits.max_seconds)
    except AudioError:
        return None
    if kept.track_id != task.track_id:
        return None  # somebody has put another one in its place
    complete = kept.chroma is not None and kept.loudness is not None and kept.features == model.info.features
    return kept if complete else None


def _make_earprint(task: Analyse, model: Model, limits: Limits, tell: Tell) -> Earprint:
    """The earprint of the file; it holds everything where it is kept, else what the parts need."""
    needs = EVERYTHING if task.earprints else needs_of(task.parts)
    tell(Opened(task.path, _claimed_seconds(task.path)))  # by which the scan measures the time that it may take
    made = listen(task.path, model.info.features, limits.max_seconds, limits.time_limit, needs)
    if task.earprints:
        Path(task.earprints).mkdir(exist_ok=True)
        write_earprint(made, Path(task.earprints) / earprint_name(made.track_id))
    return made


def _claimed_seconds(path: str) -> float | None:
    """The length that the file says it has; None where it does not say. Raises AudioError."""
    if is_earprint(path):
        return None
    with open_container(path) as container:
        ticks = container.duration
    return ticks / av.time_base if ticks and ticks > 0 else None


def serve(model_path: str, limits: Limits, handler: Handler = handle) -> None:
    """Answer tasks until standard input ends."""
    tasks, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the replies
    _die_with_parent()
    for number in ENDING:  # the scan's to handle, should all processes get them
        signal.signal(number, signal.SIG_IGN)
    model = load_model(model_path)
    send(answers, Ready())
    while True:
        try:
            task = decode_task(receive(tasks))
        except (EOFError, WireError):
            return
        _set_alarm(limits.time_limit + ALARM_GRACE)
        send(answers, _reply(handler, task, model, limits, lambda news: send(answers, news)))
        _set_alarm(0)


def _die_with_parent() -> None:
    """On Linux at once, however the parent dies; elsewhere when standard input has ended and the file is done."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _reply(handler: Handler, task: Task, model: Model, limits: Limits, tell: Tell) -> Reply:
    try:
        return handler(task, model, limits, tell)
    except EarmarkError as error:
        return Failed(task.path, error.problem, error.remedy, again=isinstance(error, Unreachable))
    except MemoryError:
        return Failed(task.path, "not enough memory to analyse it", "Free memory, or scan with fewer workers.")
    except Exception as error:  # a fault of ours costs one file, and is reported as what it is
        problem = f"a fault in the analysis ({type(error).__name__}: {one_line(error)})"
        return Failed(task.path, problem[:MOST_TEXT], "Please report this with the file.")


def _set_alarm(seconds: float) -> None:
    """Let the system end this process by then, should it hang in C while nobody is left to stop it; 0 takes it back."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds))


def main(arguments: list[str], handler: Handler = handle) -> None:
    """Serve by the arguments of the command line: model, time limit, seconds of sound, memory."""
    serve(arguments[0], Limits(float(arguments[1]), float(arguments[2]), int(arguments[3])), handler)


if __name__ == "__main__":
    main(sys.argv[1:])
