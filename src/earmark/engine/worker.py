"""The process that listens to one file after another: ``python -m earmark.engine.worker MODEL TIME_LIMIT MAX_SECONDS``.

A decoder can crash or hang on a hostile file, so every file is opened in such a process and never in the scan's own.
Requests come in on standard input and replies leave on standard output, both pickled; the scan alone talks to it.
"""

import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

from earmark.errors import AudioError, EarmarkError, Interrupted

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}


@dataclass(frozen=True, slots=True)
class Request:
    """One task for a worker.

    Attributes
    ----------
    path : the file
    parts : what to compute; None is everything, an empty set only identifies the file
    track_id : of the file where it is known from before
    earprints : folder that keeps earprints; one that lies there is read in place of the audio
    """

    path: str
    parts: frozenset[str] | None = None
    track_id: str | None = None
    earprints: str | None = None


def handle(request: Request, model, time_limit: float, max_seconds: float):
    """Request -> Analysis, or only the track_id where no part is wanted."""
    from earmark.analysis import analyze_heard, needs_of
    from earmark.audio.earprint import SUFFIX, write_earprint
    from earmark.audio.listen import identify, listen

    if request.parts is not None and not request.parts:
        return identify(request.path)
    heard = _kept(request, model)
    if heard is None:
        parts = None if request.earprints else request.parts  # an earprint that is kept is a whole one
        heard = listen(request.path, model.info.features, max_seconds, time_limit, needs_of(parts))
        if request.earprints:
            Path(request.earprints).mkdir(exist_ok=True)
            write_earprint(heard, Path(request.earprints) / f"{heard.track_id}{SUFFIX}")
    return analyze_heard(request.path, heard, model, request.parts)


def _kept(request: Request, model):
    """The earprint that was kept of this track, if it holds all that an analysis needs."""
    from earmark.audio.earprint import SUFFIX, read_earprint

    if not (request.earprints and request.track_id):
        return None
    try:
        heard = read_earprint(Path(request.earprints) / f"{request.track_id}{SUFFIX}")
    except AudioError:
        return None
    complete = heard.chroma is not None and heard.loudness is not None and heard.features == model.info.features
    return heard if complete else None


def serve(model_path: str, time_limit: float, max_seconds: float, handler=handle) -> None:
    """Answer requests until standard input ends."""
    from earmark.tagger.model import load_model

    requests, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get between the replies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the scan's to handle
    model = load_model(model_path)
    while True:
        try:
            request = pickle.load(requests)
        except EOFError:
            return
        _arm(time_limit + 30)
        pickle.dump(_reply(handler, request, model, time_limit, max_seconds), replies, pickle.HIGHEST_PROTOCOL)
        replies.flush()
        _arm(0)


def _reply(handler, request, model, time_limit: float, max_seconds: float):
    try:
        return handler(request, model, time_limit, max_seconds)
    except EarmarkError as error:
        return error
    except MemoryError:
        return AudioError(request.path, "not enough memory to analyse it", "Free memory, or scan with fewer workers.")
    except Exception as error:  # a fault of ours costs one file, and is reported as what it is
        problem = f"the analysis stumbled ({type(error).__name__}: {error})"
        return AudioError(request.path, problem, "Please report this with the file.")


def _arm(seconds: float) -> None:
    """Let the system end this process by then, should it hang in C while nobody is left to stop it."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(seconds))


class Worker:
    """The scan's side of one such process; started when first asked, and again after it died.

    Parameters
    ----------
    model_path : the model file
    time_limit, max_seconds : as in `earmark.audio.decode.load_audio`; a process that is silent for longer is killed
    command : what to start, for tests of crashing decoders
    """

    def __init__(
        self, model_path: Path, time_limit: float, max_seconds: float, command: list[str] | None = None
    ) -> None:
        self._command = [*(command or [sys.executable, "-m", "earmark.engine.worker"])]
        self._command += [str(model_path), str(time_limit), str(max_seconds)]
        self._limit = 1.2 * time_limit + 5  # the process gives up by itself before that, unless it hangs
        self._process: subprocess.Popen | None = None
        self._closed = False

    def ask(self, request: Request):
        """Send one request and wait; returns its result or raises the AudioError that stands for it."""
        process = self._running(request.path)
        hung = threading.Event()
        alarm = threading.Timer(self._limit, self._give_up, (process, hung))
        alarm.start()
        try:
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            reply = pickle.load(process.stdout)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError):  # ValueError: the pipe was closed under it
            reply = self._post_mortem(process, request.path, hung.is_set())
        finally:
            alarm.cancel()
        if isinstance(reply, EarmarkError):
            raise reply
        return reply

    def _running(self, path: str) -> subprocess.Popen:
        """The process, started if there is none."""
        if self._closed:
            raise Interrupted(path, "the scan was stopped", "Run it again: it goes on from there.")
        if self._process is None:
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=os.environ | ONE_THREAD,
            )
        return self._process

    def _give_up(self, process: subprocess.Popen, hung: threading.Event) -> None:
        hung.set()
        process.kill()

    def _post_mortem(self, process: subprocess.Popen, path: str, hung: bool) -> AudioError:
        code = process.wait()
        self._process = None
        if hung:
            return AudioError(path, f"its decoder hung and was stopped after {self._limit:.0f} s", SUSPECT)
        return AudioError(path, f"its decoder crashed ({_cause(code)})", SUSPECT)

    def close(self) -> None:
        """End the process; one that is at work is killed."""
        self._closed = True
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):  # a request may still lie in its buffer
                    pipe.close()


SUSPECT = "The file is damaged or hostile: convert it with another program, or remove it."


def _cause(code: int) -> str:
    with contextlib.suppress(ValueError):
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return f"signal {-code}"


if __name__ == "__main__":
    from earmark.engine.worker import serve  # not this module's own: requests are pickled under the name earmark.worker

    serve(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
