"""HTTP with a pause between requests, a few retries that wait longer each time, and a time limit for every request."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import Request, urlopen

from earmark.errors import DataError
from earmark.files import whole_file

PAUSE = 1.0  # seconds between two requests
TRIES = 5
FIRST_WAIT = 2.0  # seconds before the second try; doubled each time
LONGEST_WAIT = 120.0  # seconds, also when a server asks for more
TIMEOUT = 60.0  # seconds without an answer
MOST_BYTES = 200_000_000  # of one download
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})  # answers that may be different next time


class TryAgain(Exception):
    """A fault that may pass.

    Parameters
    ----------
    reason : what came instead of an answer
    after : seconds that the server asks to wait, 0 where it does not
    """

    def __init__(self, reason: str, after: float = 0.0) -> None:
        super().__init__(reason)
        self.after = after


@dataclass
class Web:
    """Requests to one or several servers.

    Attributes
    ----------
    pause : seconds between two requests, at least
    tries : of one request
    first_wait : seconds before the second try; doubled each time, at most `LONGEST_WAIT`
    sleep, clock : for tests
    """

    pause: float = PAUSE
    tries: int = TRIES
    first_wait: float = FIRST_WAIT
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _last: float = field(default=float("-inf"), init=False)

    def get_json(self, url: str, parameters: dict[str, str], check: Callable[[dict], None]) -> dict:
        """GET a JSON document.

        Parameters
        ----------
        check : looks at the document, and raises TryAgain or DataError where it reports a fault

        Raises DataError where the server refuses or does not answer, or as `check` does.
        """

        def read() -> dict:
            with self._open(f"{url}?{urlencode(parameters)}") as answer:
                document = json.load(answer)
            check(document)
            return document

        return self._retry(url, read)

    def download(self, url: str, target: Path) -> None:
        """GET a file, whole or not at all; raises DataError where the server refuses, or the file is too long."""

        def read() -> None:
            with self._open(url) as answer, whole_file(target) as draft, open(draft, "wb") as file:
                shutil.copyfileobj(_Limited(answer, url), file)
                expected = answer.headers.get("Content-Length")
                if expected and file.tell() != int(expected):
                    raise TryAgain(f"{file.tell()} of {expected} bytes came")

        self._retry(url, read)

    def _open(self, url: str):
        """Open one address, no sooner than `pause` after the last one; HTTP errors that may pass become TryAgain."""
        self.sleep(max(0.0, self._last + self.pause - self.clock()))
        self._last = self.clock()
        request = Request(url, headers={"User-Agent": f"earmark/{version('earmark')}"})
        try:
            return urlopen(request, timeout=TIMEOUT)
        except HTTPError as error:
            if error.code in AGAIN:
                raise TryAgain(f"HTTP {error.code}", _seconds(error.headers.get("Retry-After"))) from error
            remedy = "Check the address and your rights to it."
            raise DataError(_public(url), f"HTTP {error.code} {error.reason}", remedy) from error

    def _retry(self, url: str, read: Callable):
        if urlsplit(url).scheme not in ("http", "https"):
            raise DataError(_public(url), "not an http(s) address", "Give a file or a web address.")
        wait, reason = self.first_wait, ""
        for attempt in range(self.tries):
            try:
                return read()
            except TryAgain as error:
                reason, after = str(error), error.after
            except (URLError, HTTPException, TimeoutError, ConnectionError, json.JSONDecodeError) as error:
                reason, after = str(getattr(error, "reason", error)), 0.0
            if attempt + 1 < self.tries:
                self.sleep(min(max(wait, after), LONGEST_WAIT))
                wait *= 2
        raise DataError(_public(url), f"no answer after {self.tries} tries ({reason})",
                        "Run the same command later; what is there already is kept.")  # fmt: skip


class _Limited:
    """A response that stops with an error when it is longer than any song."""

    def __init__(self, answer, url: str) -> None:
        self.answer, self.url, self.left = answer, url, MOST_BYTES

    def read(self, n: int = -1) -> bytes:
        block = self.answer.read(n)
        self.left -= len(block)
        if self.left < 0:
            raise DataError(_public(self.url), f"more than {MOST_BYTES // 10**6} MB", "Leave this track out.")
        return block


def _public(url: str) -> str:
    """The address without its query, which may hold a key."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}{parts.path}"


def _seconds(text: str | None) -> float:
    """``Retry-After`` in seconds; the form with a date counts as none."""
    return float(text) if text and text.strip().isdigit() else 0.0
