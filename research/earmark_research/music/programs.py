"""Other people's programs: mma, FluidSynth and flite, each run in one call with a limit of time."""

import shutil
import subprocess
from collections.abc import Sequence

from earmark.errors import DataError

TIME_LIMIT = 120  # seconds


def require_programs(*names: str) -> None:
    """Raise DataError for the first program that is not installed."""
    for name in names:
        if shutil.which(name) is None:
            raise _not_installed(name)


def run_program(command: Sequence[str]) -> str:
    """Run a program to its end and return what it printed; DataError where it is missing, fails or takes too long."""
    try:
        done = subprocess.run(command, check=True, capture_output=True, timeout=TIME_LIMIT, stdin=subprocess.DEVNULL)
    except OSError as error:
        raise _not_installed(command[0]) from error
    except subprocess.SubprocessError as error:
        raise DataError(command[0], f"failed ({_last_words(error)})", "Run it by hand.") from error
    return done.stdout.decode(errors="replace")


def _not_installed(name: str) -> DataError:
    return DataError(name, "this program is not installed", f"Install it: `apt-get install {name}`.")


def _last_words(error: subprocess.SubprocessError) -> str:
    """The end of what a failed program printed, on one line; else Python's own message."""
    printed = getattr(error, "stdout", b"") or getattr(error, "stderr", b"") or b""
    return " ".join(printed.decode(errors="replace").split())[-200:] or str(error)
