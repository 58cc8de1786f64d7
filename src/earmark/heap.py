"""What the C library keeps of memory that was freed; only the GNU library on Linux is asked, elsewhere nothing happens.

It has an arena for every thread that ever asked, eight for every core at most, and gives whole ones back by itself only
from their end. Lance reads a table with many threads.
"""

import ctypes
import sys

M_ARENA_MAX = -8  # see mallopt(3)
FEW = 2


def give_back() -> None:
    """Let the system have all pages that nothing lies on any more."""
    _call("malloc_trim", 0)


def share_arenas() -> None:
    """From now on threads share `FEW` arenas, but for those that have one already."""
    _call("mallopt", M_ARENA_MAX, FEW)


def _call(name: str, *numbers: int) -> int | None:
    if sys.platform != "linux":
        return None
    function = getattr(ctypes.CDLL(None), name, None)  # musl has neither
    return None if function is None else function(*numbers)
