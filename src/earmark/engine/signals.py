"""How a scan is told to end: Ctrl-C, SIGTERM (service managers, a shutdown) and SIGHUP (its terminal is closed)."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Those of them that this system has."""


@contextmanager
def woken_by_signals(stop: Callable[[], None]) -> Iterator[None]:
    """While the block runs, the first of these signals calls `stop`, in place of an end that could strike anywhere.

    The second one is hard: it does what it would do without us. One that was ignored (``nohup``) is still ignored.
    """
    if threading.current_thread() is not threading.main_thread():  # signals are the main thread's alone
        yield
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    taken = {number: handler for number, handler in before.items() if handler not in (signal.SIG_IGN, None)}

    def restore() -> None:
        for number, handler in taken.items():
            signal.signal(number, handler)

    def first(*_) -> None:
        restore()
        stop()

    for number in taken:
        signal.signal(number, first)
    try:
        yield
    finally:
        restore()
