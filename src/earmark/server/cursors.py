"""Cursors: the place in a list at which a page ends, as a text that only the server that wrote it takes back."""

import base64
import hashlib
import hmac
import json
from datetime import datetime

from earmark.server.problems import Refused

SIGNED = 16  # bytes


class Cursors:
    """Writes and reads the cursors of one server.

    Parameters
    ----------
    secret : what they are signed with
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def write(self, question: object, place: object) -> str:
        """A cursor at a place in the answer to a question."""
        body = json.dumps([_digest(question), _plain(place)]).encode()
        return base64.urlsafe_b64encode(self._sign(body) + body).decode().rstrip("=")

    def read(self, question: object, cursor: str) -> object:
        """The place; raises Refused where the cursor is not ours or belongs to another question."""
        try:
            raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            signature, body = raw[:SIGNED], raw[SIGNED:]
            whole = hmac.compare_digest(signature, self._sign(body))
            digest, place = json.loads(body) if whole else (None, None)
        except ValueError:
            digest = None
        if digest != _digest(question):
            raise Refused(400, "cursor", "not of this list", "Begin again without one.")
        return _moments(place)

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, "sha256")[:SIGNED]


def _digest(question: object) -> str:
    return hashlib.blake2b(json.dumps(question, sort_keys=True, default=str).encode(), digest_size=8).hexdigest()


def _plain(place):
    """Times have no JSON of their own."""
    if isinstance(place, list | tuple):
        return [_plain(part) for part in place]
    return {"time": place.isoformat()} if isinstance(place, datetime) else place


def _moments(place):
    if isinstance(place, list):
        return [_moments(part) for part in place]
    return datetime.fromisoformat(place["time"]) if isinstance(place, dict) else place
