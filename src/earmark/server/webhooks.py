"""Webhooks: addresses that are told what happens, by the rules of Standard Webhooks 1.0.

Source: https://github.com/standard-webhooks/standard-webhooks, specification 1.0.0.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import FileLock

from earmark.errors import ConfigError, NotFound
from earmark.files import whole_file

TYPES = ("job.finished", "track.analysed", "track.failed", "track.corrected")
"""What may be told."""
TEST = "webhook.test"
PREFIX = "whsec_"
SECRET_BYTES = 32
ROTATION = 86_400.0  # seconds for which the former secret signs too
MOST = 20  # webhooks


@dataclass(frozen=True, slots=True)
class Webhook:
    """One address that is told.

    Attributes
    ----------
    id : 8 hexadecimal digits
    url : where it is told
    types : of `TYPES`
    secret : ``whsec_`` and base64, with which it is signed
    created_at : seconds since 1970
    former, former_until : the secret before the last rotation, and until when it signs too
    enabled : whether it is told anything
    reason : why not, where it was the server that stopped
    failing_since : of the first failure since the last success, None where there is none
    """

    id: str
    url: str
    types: tuple[str, ...]
    secret: str
    created_at: float
    former: str | None = None
    former_until: float = 0.0
    enabled: bool = True
    reason: str | None = None
    failing_since: float | None = None

    def secrets(self, now: float) -> list[str]:
        """Those that sign now, the newest first."""
        return [self.secret, self.former] if self.former and now < self.former_until else [self.secret]

    def to_dict(self) -> dict:
        """The JSON object of a webhook, without its secrets."""
        values = asdict(self)
        del values["secret"], values["former"]
        return values | {"types": list(self.types), "former_until": self.former_until or None}


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """``v1,<base64 of HMAC-SHA256 over id.timestamp.body>``."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    content = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def headers_of(webhook: Webhook, message_id: str, body: bytes, now: float) -> dict[str, str]:
    """The headers of a message; while a secret is being changed it is signed by both."""
    stamp = int(now)
    return {
        "Content-Type": "application/json",
        "User-Agent": "earmark",
        "webhook-id": message_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": " ".join(sign(secret, message_id, stamp, body) for secret in webhook.secrets(now)),
    }


class WebhookStore:
    """The webhooks of one catalogue's server, in one file of mode 0600."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._path, self._clock = folder / "webhooks.json", clock

    def all(self) -> dict[str, Webhook]:
        """Id -> webhook, the oldest first."""
        if not self._path.is_file():
            return {}
        values = json.loads(self._path.read_text(encoding="utf-8"))
        return {value["id"]: Webhook(**value | {"types": tuple(value["types"])}) for value in values}

    def get(self, webhook_id: str) -> Webhook:
        """One of them; raises NotFound."""
        found = self.all().get(webhook_id)
        if found is None:
            raise NotFound(webhook_id, "no such webhook", "GET /api/v1/webhooks lists those that there are.")
        return found

    def create(self, url: str, types: tuple[str, ...]) -> Webhook:
        """A new one, with its secret; raises ConfigError where there are too many."""
        made = Webhook(secrets.token_hex(4), url, types, _new_secret(), self._clock())

        def add(known: dict[str, Webhook]) -> dict[str, Webhook]:
            if len(known) >= MOST:
                raise ConfigError("webhooks", f"there are {MOST} already", "Delete one first.")
            return known | {made.id: made}

        self._change(add)
        return made

    def rotate(self, webhook_id: str) -> Webhook:
        """Let it have a new secret; the former signs too for a day."""
        known = self.get(webhook_id)
        return self.change(webhook_id, secret=_new_secret(), former=known.secret, former_until=self._clock() + ROTATION)

    def change(self, webhook_id: str, **values) -> Webhook:
        """Let it have other values; raises NotFound."""
        self.get(webhook_id)
        self._change(
            lambda known: {
                name: replace(hook, **values) if name == webhook_id else hook for name, hook in known.items()
            }
        )
        return self.get(webhook_id)

    def remove(self, webhook_id: str) -> None:
        """Forget it; raises NotFound."""
        self.get(webhook_id)
        self._change(lambda known: {name: hook for name, hook in known.items() if name != webhook_id})

    def _change(self, change: Callable[[dict[str, Webhook]], dict[str, Webhook]]) -> None:
        with FileLock(f"{self._path}.lock"):
            known = change(self.all())
            with whole_file(self._path) as draft:
                os.close(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600))
                draft.write_text(json.dumps([asdict(hook) for hook in known.values()]), encoding="utf-8")


def _new_secret() -> str:
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()
