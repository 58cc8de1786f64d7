"""Addresses that hold for a short time and need no key: for players and downloads, which can send none.

An address is signed for one path, until a time, on behalf of the key that asked for it; where that key is revoked, its
addresses end too.
"""

import base64
import hmac
import time
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode

LIFETIME = 3600.0  # seconds
LONGEST = 86_400.0
BYTES = 24


class Signer:
    """Signs and checks addresses of one server.

    Parameters
    ----------
    secret : what they are signed with
    """

    def __init__(self, secret: bytes, clock: Callable[[], float] = time.time) -> None:
        self._secret, self._clock = secret, clock

    def sign(self, path: str, owner: str, seconds: float = LIFETIME) -> tuple[str, float]:
        """The address of a path on behalf of a key's id, and when it ends, seconds since 1970."""
        until = int(self._clock() + min(seconds, LONGEST))
        query = {"by": owner, "until": until, "signature": self._signature(path, owner, until)}
        return f"{path}?{urlencode(query)}", float(until)

    def owner(self, path: str, query: str) -> str | None:
        """On whose behalf a path with this query was signed; None where it was not, or no longer holds."""
        given = parse_qs(query, max_num_fields=20) if "signature=" in query else {}
        if any(len(given.get(name, ())) != 1 for name in ("by", "until", "signature")):
            return None
        owner, until, signature = (given[name][0] for name in ("by", "until", "signature"))
        if not (until.isdecimal() and until.isascii() and len(until) < 12) or int(until) < self._clock():
            return None
        meant = self._signature(path, owner, int(until))
        return owner if hmac.compare_digest(meant.encode(), signature.encode("utf-8", "replace")) else None

    def _signature(self, path: str, owner: str, until: int) -> str:
        digest = hmac.digest(self._secret, f"address\n{path}\n{owner}\n{until}".encode("utf-8", "replace"), "sha256")
        return base64.urlsafe_b64encode(digest[:BYTES]).decode()
