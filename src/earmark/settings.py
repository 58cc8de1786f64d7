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
"""Wall clock that one file may take, seconds."""


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
FOLDERS = (CATALOGUE, MODELS, CACHE)
"""The documented table: every ``EARMARK_*`` variable there is."""
