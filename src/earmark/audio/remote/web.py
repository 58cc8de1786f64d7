"""Files of web servers by HTTP, in parts ("Range", RFC 9110); redirects are followed within the rules below only.

An address that was named with https stays there. A redirect may not lead from the internet into this machine or its
network: a list of songs must not be a way to ask a router or a cloud's metadata service.
"""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from earmark.audio.addresses import public
from earmark.audio.remote.source import AGAIN, TIMEOUT, Part, Passing, changed, missing, refused
from earmark.errors import MissingPackage, Unreachable
from earmark.network import is_public, resolve

MOST_REDIRECTS = 5
AGENT = "earmark"
INSTALL = "Install it with `pip install 'earmark[cloud]'`."
NO_PARTS = (
    "its server sends no parts of files (HTTP Range)",
    "Serve it with nginx, Apache, Caddy or an object store, or copy the file.",
)
ELSEWHERE = "Name the address that it leads to, if you trust it."
CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@lru_cache(maxsize=1)
def _pool():
    try:
        import urllib3
    except ImportError:
        raise MissingPackage("urllib3", "music at web addresses needs it", INSTALL) from None
    return urllib3.PoolManager(maxsize=4, timeout=urllib3.Timeout(connect=10.0, read=TIMEOUT))


class WebFile:
    """One file of a web server: a `Source`."""

    def __init__(self, address: str) -> None:
        self.address = self._at = address

    def fetch(self, start: int, stop: int, etag: str) -> Part:
        """Bytes from `start` to `stop`, see `Source`."""
        condition = {"If-Match": etag} if etag and not etag.startswith("W/") else {}
        answer = self._ask("GET", {"Range": f"bytes={start}-{stop - 1}", **condition})
        try:
            return self._part(answer, start, stop, etag)
        finally:
            answer.drain_conn() if answer.status == 206 else answer.close()

    def describe(self) -> tuple[int | None, str, str]:
        """Size, etag and time of the last change, as far as the server tells them without the content."""
        answer = self._ask("HEAD", {})
        answer.close()
        self._check(answer)
        length = answer.headers.get("Content-Length", "")
        return (
            int(length) if length.isdigit() else None,
            answer.headers.get("ETag", ""),
            answer.headers.get("Last-Modified", ""),
        )

    def _part(self, answer, start: int, stop: int, etag: str) -> Part:
        if answer.status == 416:
            return Part(b"", _length_of(answer.headers.get("Content-Range", "")))
        self._check(answer)
        if answer.status != 206:
            raise Unreachable(public(self.address), *NO_PARTS)
        found = CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
        if not found or int(found[1]) != start or not start <= int(found[2]) < stop:
            raise Unreachable(public(self.address), "its server sends other parts than those asked for", NO_PARTS[1])
        new = answer.headers.get("ETag", "")
        if etag and new != etag:
            raise changed(self.address)
        return Part(self._read(answer, int(found[2]) + 1 - start), int(found[3]), new)

    @staticmethod
    def _read(answer, expected: int) -> bytes:
        from urllib3.exceptions import HTTPError

        try:
            data = answer.read(expected, decode_content=False)
        except (HTTPError, OSError) as error:
            raise Passing(f"connection lost: {type(error).__name__}") from error
        if len(data) < expected:
            raise Passing("connection lost in the middle")
        return data

    def _ask(self, method: str, headers: dict[str, str]):
        """The answer after redirects; the place that they lead to is asked first from then on."""
        from_pool, address = _pool(), self._at
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(from_pool, method, address, headers)
            if answer.status not in (301, 302, 303, 307, 308):
                self._at = address
                return answer
            answer.close()
            address = self._next(address, answer.headers.get("Location", ""))
        raise Unreachable(public(self.address), "its server redirects in circles", "Check the address.")

    @staticmethod
    def _once(pool, method: str, address: str, headers: dict[str, str]):
        from urllib3.exceptions import HTTPError

        sent = {"User-Agent": AGENT, "Accept-Encoding": "identity", **headers}
        try:
            return pool.request(method, address, headers=sent, preload_content=False, redirect=False, retries=False)
        except (HTTPError, OSError) as error:
            raise Passing(f"{type(error).__name__}") from error

    def _next(self, here: str, location: str) -> str:
        there = urljoin(here, location)
        old, new = urlsplit(here), urlsplit(there)
        if new.scheme not in (("https",) if old.scheme == "https" else ("http", "https")) or not new.hostname:
            raise Unreachable(public(self.address), f"it redirects to {public(there)}, of another scheme", ELSEWHERE)
        if new.hostname != old.hostname and is_inside(new.hostname) and not is_inside(old.hostname):
            raise Unreachable(public(self.address), f"it redirects into this network ({new.hostname})", ELSEWHERE)
        return there

    def _check(self, answer) -> None:
        """Raise for an answer that is neither the file nor a part of it."""
        status = answer.status
        if status in AGAIN:
            after = answer.headers.get("Retry-After", "").strip()
            raise Passing(f"HTTP {status}", float(after) if after.isdigit() else 0.0)
        if status in (401, 403, 407):
            raise refused(self.address, f"HTTP {status}")
        if status == 412:
            raise changed(self.address)
        if status >= 400:
            raise missing(self.address, f"HTTP {status}")


def _length_of(content_range: str) -> int:
    """Bytes of a file in which nothing lies where it was looked: ``bytes */0`` for an empty one."""
    length = content_range.rpartition("/")[2]
    return int(length) if length.isdigit() else 0


def is_inside(host: str) -> bool:
    """Whether a host is this machine or one that the internet does not reach; a name that nobody knows is not."""
    try:
        return not all(map(is_public, resolve(host)))
    except OSError:
        return False
