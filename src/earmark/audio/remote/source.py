"""Where parts of a file come from, and what is done when they do not come."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from earmark.audio.addresses import STORES, public
from earmark.errors import Unreachable

WAITS = (0.5, 1.0, 2.0, 4.0)  # seconds before each further try, and up to half as much by chance
LONGEST_WAIT = 30.0  # seconds, also where a server asks for more
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})  # answers of HTTP that may be different next time
TIMEOUT = 30.0  # seconds without a byte
LATER = "Scan again: what is done is kept, and this file is tried again."
RIGHTS = {
    "s3": "Check the bucket's name and your rights; keys are read from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    "gs": "Check the bucket's name and your rights; the key file is named by GOOGLE_SERVICE_ACCOUNT.",
    "az": "Check the container's name and your rights; AZURE_STORAGE_ACCOUNT_NAME and _KEY are read.",
}
NO_RIGHTS = "Check your rights to it; a signed address may have expired."
NOT_THERE = "Check the address, and whether it is still there."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Part:
    """Some bytes of a file, and what the server says of the whole of it.

    Attributes
    ----------
    data : fewer than were asked for where the file ends
    size : bytes of the whole file
    etag : of its content; empty where the server has none
    """

    data: bytes
    size: int
    etag: str = ""


class Source(Protocol):
    """Gives parts of one file."""

    def fetch(self, start: int, stop: int, etag: str) -> Part:
        """Bytes from `start` to `stop`, in one try.

        etag : of the parts before; another one is a failure. Raises Passing and Unreachable.
        """


class Passing(Exception):
    """A fault that may pass.

    Parameters
    ----------
    reason : what came instead of an answer
    after : seconds that the server asks to wait; 0 where it does not
    """

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


def patiently(address: str, ask: Callable[[], T], sleep: Callable[[float], None] | None = None) -> T:
    """What `ask` returns, after a few tries where it raises Passing. Raises Unreachable."""
    for wait in (*WAITS, None):
        try:
            return ask()
        except Passing as fault:
            if wait is None:
                raise Unreachable(
                    public(address), f"no answer after {len(WAITS) + 1} tries ({fault})", LATER
                ) from fault
            (sleep or time.sleep)(min(max(wait * random.uniform(1.0, 1.5), fault.after), LONGEST_WAIT))
    raise AssertionError("unreachable")


def refused(address: str, said: str) -> Unreachable:
    """The error for a server that knows us and says no."""
    scheme = address.split("://", 1)[0]
    return Unreachable(public(address), f"no access ({said})", RIGHTS[scheme] if scheme in STORES else NO_RIGHTS)


def missing(address: str, said: str = "404") -> Unreachable:
    """The error for what is not there."""
    return Unreachable(public(address), f"not there ({said})", NOT_THERE)


def changed(address: str) -> Unreachable:
    """The error for a file that was written anew while it was read."""
    return Unreachable(public(address), "it was changed while it was read", "Scan again.")
