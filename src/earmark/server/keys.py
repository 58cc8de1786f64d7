"""Keys of the API: who may do what. A key is shown once; kept is its SHA-256, in a file of mode 0600."""

import hashlib
import hmac
import json
import os
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

from earmark.errors import ConfigError, NotFound, printable
from earmark.files import whole_file

SCOPES = ("read", "search", "audio", "analyze", "write-catalogue", "write-files", "admin")
"""What a key may do: look things up, ask what sounds alike, hear the music, have files analysed, scan and correct,
write tags into files, and everything, keys included."""
KEY = re.compile(r"em_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
MOST_NAME = 100  # characters
DAY = 86_400.0
NOTED = 60.0  # seconds between two notes of a key's use


@dataclass(frozen=True, slots=True)
class Key:
    """One key as it is kept.

    Attributes
    ----------
    id : 8 hexadecimal digits, the part of a key that may be shown
    name : what it is for
    scopes : of `SCOPES`
    sha256 : of the whole key, hexadecimal
    created_at, expires_at, last_used_at : seconds since 1970; None: never
    """

    id: str
    name: str
    scopes: tuple[str, ...]
    sha256: str
    created_at: float
    expires_at: float | None = None
    last_used_at: float | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it has not expired."""
        return self.expires_at is None or time.time() < self.expires_at

    def to_dict(self) -> dict:
        """The JSON object of a key, without anything that could be used as one."""
        values = asdict(self)
        del values["sha256"]
        return values | {"scopes": list(self.scopes), "valid": self.is_valid}


class KeyStore:
    """The keys of one catalogue's server, in one file; another process may change it at any time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys.json"
        self._seen: tuple[int, int] | None = None  # of the file that was read
        self._keys: dict[str, Key] = {}

    def create(self, name: str, scopes: tuple[str, ...], days: float | None = None) -> tuple[Key, str]:
        """A new key, and its text, which is kept nowhere; raises ConfigError for what is no name, scope or time."""
        _check(name, scopes, days)
        key_id = secrets.token_hex(4)
        text = f"em_{key_id}_{secrets.token_urlsafe(32)}"
        now = time.time()
        expires = None if days is None else now + days * DAY
        key = Key(key_id, printable(name), tuple(sorted(set(scopes), key=SCOPES.index)), _sum(text), now, expires)
        self._change(lambda keys: keys | {key_id: key})
        return key, text

    def revoke(self, key_id: str) -> None:
        """Let a key be none any more, at once; raises NotFound."""
        if key_id not in self.all():
            raise NotFound(key_id, "no such key", "`earmark keys list` shows the keys that there are.")
        self._change(lambda keys: {name: key for name, key in keys.items() if name != key_id})

    def all(self) -> dict[str, Key]:
        """Id -> key, the oldest first."""
        try:
            status = os.stat(self._path)
        except OSError:
            self._seen, self._keys = None, {}
            return {}
        if (seen := (status.st_mtime_ns, status.st_ino)) != self._seen:
            values = json.loads(self._path.read_text(encoding="utf-8"))
            self._keys = {value["id"]: Key(**value | {"scopes": tuple(value["scopes"])}) for value in values}
            self._seen = seen
        return self._keys

    def find(self, text: str) -> Key | None:
        """The key that this is, if it is one and holds today."""
        parts = KEY.fullmatch(text)
        key = self.all().get(parts[1]) if parts else None
        if key is None or not hmac.compare_digest(key.sha256, _sum(text)) or not key.is_valid:
            return None
        self._note_use(key)
        return key

    def _note_use(self, key: Key) -> None:
        now = time.time()
        if now - (key.last_used_at or 0.0) > NOTED:
            used = Key(**asdict(key) | {"last_used_at": now})
            self._change(lambda keys: keys | {key.id: used} if key.id in keys else keys)

    def _change(self, change: Callable[[dict[str, Key]], dict[str, Key]]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(f"{self._path}.lock"):
            keys = change(dict(self.all()))
            with whole_file(self._path) as draft:
                os.close(os.open(draft, os.O_CREAT | os.O_WRONLY, 0o600))
                draft.write_text(json.dumps([asdict(key) for key in keys.values()]), encoding="utf-8")
        self._seen = None


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _check(name: str, scopes: tuple[str, ...], days: float | None) -> None:
    if not name.strip() or len(name) > MOST_NAME:
        raise ConfigError(
            name[:MOST_NAME], "no name of a key", f"Give 1 to {MOST_NAME} characters that say who has it."
        )
    if unknown := [scope for scope in scopes if scope not in SCOPES]:
        raise ConfigError(unknown[0], "no scope", f"There are: {', '.join(SCOPES)}.")
    if not scopes:
        raise ConfigError("scopes", "a key that may do nothing", f"Give some of: {', '.join(SCOPES)}.")
    if days is not None and not 0 < days < 36_500:
        raise ConfigError(days, "no number of days", "Give more than 0, or none for a key that does not expire.")
