"""What makes the command line answer sooner: half of the time of a search is the loading of packages."""

import gc
import sys
from importlib.abc import MetaPathFinder

SELDOM = 50_000  # new objects between two looks for garbage; loading makes many that all stay


class _Absent(MetaPathFinder):
    """Makes a package look as if it were not installed."""

    def __init__(self, package: str) -> None:
        self._package = package

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        if name == self._package:
            raise ModuleNotFoundError(f"the command line does without {name}", name=name)


def start_quickly() -> None:
    """Leave pandas out: where it is installed, pyarrow loads it in .15 s, for conversions that no command asks for."""
    gc.set_threshold(SELDOM)
    if "pandas" not in sys.modules:
        sys.meta_path.insert(0, _Absent("pandas"))
