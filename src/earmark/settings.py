"""The settings of a machine, each an environment variable, and the limits that commands start from.

What belongs to a model or an earprint is not here: it travels with the file, see `earmark.audio.config`.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

MAX_SECONDS = 1800.0
"""How much of a file is listened to, seconds."""
TIME_LIMIT = 300.0
"""Wall clock that one file may take, seconds; most have less, by their length."""
WORKER_MEMORY = 1_500_000_000
"""Memory that a worker of a scan may take, bytes."""
QUOTA = Path("/sys/fs/cgroup/cpu.max")
"""Where Linux tells a container how much of its cores it may use: microseconds, or ``max``, and of how many."""


def cores() -> int:
    """How many cores this process may use: those that it is bound to, as far as the quota of its container goes."""
    bound = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = map(int, QUOTA.read_text(encoding="ascii").split())
        return max(1, min(bound, round(quota / period)))
    except (OSError, ValueError, ZeroDivisionError):  # no container, another system, or no quota
        return bound


@dataclass(frozen=True)
class Folder:
    """A folder that the user may move by an environment variable.

    Attributes
    ----------
    variable : name of the environment variable
    meaning : what is kept there, for the documentation
    default : where it is without the variable
    """

    variable: str
    meaning: str
    default: Callable[[], Path]

    def path(self) -> Path:
        """The folder that holds now: read at each call, so that a changed environment counts."""
        value = os.environ.get(self.variable)
        return Path(value).expanduser() if value else self.default()


CATALOGUE = Folder(
    "EARMARK_CATALOGUE", "the catalogue that commands use without --catalogue", lambda: Path("catalogue")
)
MODELS = Folder(
    "EARMARK_MODELS", "models that were added or pulled", lambda: user_data_path("earmark", appauthor=False) / "models"
)
CACHE = Folder(
    "EARMARK_CACHE",
    "spectrograms that training and evaluation keep between runs",
    lambda: user_cache_path("earmark", appauthor=False) / "features",
)
ENCODER = Folder(
    "EARMARK_TEXT",
    "the sentence encoder of `earmark[text]`, unpacked on its first use (82 MB)",
    lambda: user_cache_path("earmark", appauthor=False) / "text",
)
SERVER = Folder(
    "EARMARK_SERVER",
    "keys and jobs of `earmark serve`, a folder for each catalogue",
    lambda: user_data_path("earmark", appauthor=False) / "server",
)
MEDIA = Folder(
    "EARMARK_MEDIA",
    "media servers that playlists are pushed to, with their secrets",
    lambda: user_data_path("earmark", appauthor=False) / "media",
)
JOURNALS = Folder(
    "EARMARK_JOURNALS",
    "journals of tags written into files, of catalogues in an object store",
    lambda: user_data_path("earmark", appauthor=False) / "journals",
)
FOLDERS = (CATALOGUE, MODELS, CACHE, ENCODER, SERVER, MEDIA, JOURNALS)
"""The documented table: every ``EARMARK_*`` variable that names a folder."""
LANGUAGE = "EARMARK_LANGUAGE"
"""The language of descriptions in words, such as ``de``; English without it."""


def language() -> str:
    """The language that holds now, as the user wrote it."""
    return os.environ.get(LANGUAGE) or "en"


STORAGE_OPTIONS = "EARMARK_STORAGE_OPTIONS"
"""A TOML or JSON file with the storage options of catalogues in an object store, which only its owner may read."""


def storage_options_file() -> Path | None:
    """The file that holds now; None where options come from the environment alone."""
    value = os.environ.get(STORAGE_OPTIONS)
    return Path(value).expanduser() if value else None


LEASE = "EARMARK_LEASE_SECONDS"
"""Seconds without a sign of life after which others may go on with a catalogue in an object store: 30 without it."""


def lease_seconds() -> float:
    """The seconds that hold now; 30 for what is no number of 1 to 3600."""
    try:
        seconds = float(os.environ.get(LEASE) or 30)
    except ValueError:
        return 30.0
    return seconds if 1 <= seconds <= 3600 else 30.0


TRACEBACK = "EARMARK_TRACEBACK"
"""Set to anything: an unforeseen error shows where it happened, and what libraries print is not kept back."""
