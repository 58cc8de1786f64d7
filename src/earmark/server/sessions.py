"""Browsers that are let in: a token that is printed once at the start makes a cookie, and a key makes one too."""

import hashlib
import secrets
import time
from dataclasses import dataclass

LIFETIME = 7 * 86_400.0  # seconds
MOST = 100  # sessions; the oldest goes


@dataclass(frozen=True, slots=True)
class Session:
    """Until when it holds (seconds since 1970), what it may do, and whether the printed token has made it."""

    expires_at: float
    scopes: tuple[str, ...]
    at_console: bool


class Sessions:
    """The sessions of one server, in its memory: they end with it.

    Parameters
    ----------
    port : part of the cookie's name, since browsers do not tell ports apart in cookies

    Attributes
    ----------
    token : lets one browser in, once; None where it was used or there is none
    """

    def __init__(self, port: int, with_token: bool = True) -> None:
        self.cookie = f"earmark_{port}"
        self.token: str | None = secrets.token_urlsafe(24) if with_token else None
        self._open: dict[str, Session] = {}

    def redeem(self, token: str, scopes: tuple[str, ...]) -> str | None:
        """A session for the token that was printed; None where it is wrong or was used."""
        if self.token is None or not secrets.compare_digest(self.token.encode(), token.encode("utf-8", "replace")):
            return None
        self.token = None
        return self.open(scopes, at_console=True)

    def open(self, scopes: tuple[str, ...], at_console: bool = False) -> str:
        """A new session that may do this much; returns what its cookie holds."""
        value = secrets.token_urlsafe(32)
        while len(self._open) >= MOST:
            self._open.pop(next(iter(self._open)))
        self._open[_sum(value)] = Session(time.time() + LIFETIME, scopes, at_console)
        return value

    def find(self, value: str) -> Session | None:
        """The session of a cookie; None where there is none any more."""
        found = self._open.get(_sum(value))
        return found if found and time.time() < found.expires_at else None

    def close(self, value: str) -> None:
        """End the session of a cookie."""
        self._open.pop(_sum(value), None)


def _sum(value: str) -> str:
    return hashlib.sha256(value.encode("utf-8", "replace")).hexdigest()
