"""What a process says when it must end: one line, whatever happened, and nothing that a library prints beside it."""

import ctypes
import os
import signal
import sys
import traceback

from earmark.errors import printable
from earmark.settings import TRACEBACK

CRASHED = (
    b"earmark: a library ended the program. "
    b"If it was reading a catalogue, `earmark catalogue check DIR` names what is damaged.\n"
)
_kept = []  # what C calls must not be collected


def silence_libraries() -> None:
    """Let C and Rust print into nothing, and a library that aborts the process leave one line.

    Lance prints a backtrace for every damaged file and may abort; `sys.stderr` goes on to the terminal. Where standard
    error was replaced (tests), nothing is done.
    """
    if os.environ.get(TRACEBACK) or not _is_standard_error():
        return
    own = os.dup(2)
    os.set_inheritable(own, False)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    sys.stderr = os.fdopen(own, "w", encoding=sys.stderr.encoding, errors="backslashreplace", buffering=1)
    _speak_on_abort(own)


def _is_standard_error() -> bool:
    try:
        return sys.stderr.fileno() == 2
    except (OSError, ValueError, AttributeError):
        return False


def _speak_on_abort(own: int) -> None:
    """A handler in Python would run after the abort, that is never: C calls this one at once."""
    if sys.platform == "win32":
        return

    def last_line(_number: int) -> None:
        os.write(own, CRASHED)
        os._exit(1)

    handler = ctypes.CFUNCTYPE(None, ctypes.c_int)(last_line)
    _kept.append(handler)
    ctypes.CDLL(None).signal(signal.SIGABRT, handler)


def in_one_line(error: Exception) -> str:
    """An error that nobody foresaw; with EARMARK_TRACEBACK set, where it happened."""
    if os.environ.get(TRACEBACK):
        return "".join(traceback.format_exception(error)).strip()
    if isinstance(error, OSError) and error.strerror:
        place = f"{printable(str(error.filename))}: " if error.filename is not None else ""
        return f"{place}{error.strerror}. Free space, mend its permissions, or choose another place."
    what = " ".join(printable(str(error)).split())[:300]
    return f"a fault of earmark ({type(error).__name__}: {what}). Please report it; {TRACEBACK}=1 shows where it is."
