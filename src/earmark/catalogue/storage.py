"""What an object store must know beside the address: storage options, from a file of the user's or the environment.

They are named as Lance and obstore name them (``aws_endpoint``, ``aws_access_key_id``, ``region``, ``allow_http`` ...),
both of which also read the usual variables, such as ``AWS_ENDPOINT_URL``. What they hold is never shown.
"""

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from earmark import settings
from earmark.errors import ConfigError

DEFAULTS = {
    "client_max_retries": "3",
    "client_retry_timeout": "30",
}  # so that an address that is not there is told soon
CLIENT = frozenset(
    "allow_http allow_invalid_certificates connect_timeout timeout proxy_url proxy_ca_certificate proxy_excludes "
    "user_agent".split()
)
"""Options of the connection, which obstore takes apart from those of the store."""
LANCE_ONLY = frozenset({*DEFAULTS, "download_retry_count"})
VENDOR = re.compile(r"^(aws|google|azure)_(?=allow_|connect_|timeout|proxy_|user_agent)")
PLAIN = "AWS_ALLOW_HTTP"
SECRET = re.compile(r"key|secret|token|password|sas|credential", re.IGNORECASE)
SHORTEST = 8  # of a key; "test" is none, and stands in other words
OWNERS = ("AWS_", "AZURE_", "GOOGLE_")
FORM = 'Write lines such as `aws_endpoint = "https://..."` (TOML), or one JSON object.'


def storage_options() -> dict[str, str]:
    """The options of the file that ``EARMARK_STORAGE_OPTIONS`` names, none without it.

    Raises ConfigError: it cannot be read, is no table of texts, or others may read it.
    """
    path = settings.storage_options_file()
    return DEFAULTS | (_read(path) if path else {})


def _read(path: Path) -> dict[str, str]:
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be read ({getattr(error, 'strerror', None) or 'no UTF-8'})"
        raise ConfigError(path, problem, f"{settings.STORAGE_OPTIONS} names this file of storage options.") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigError(path, "others may read it, and it holds keys", f"Run `chmod 600 {path}`.")
    return {VENDOR.sub("", name.lower()): _as_text(path, name, value) for name, value in _table(path, text).items()}


def _table(path: Path, text: str) -> dict:
    """Errors of the parsers are not told: they may quote a key."""
    try:
        found = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except ValueError:
        raise ConfigError(path, "is no TOML, or with the suffix .json no JSON", FORM) from None
    if not isinstance(found, dict):
        raise ConfigError(path, "is no table of options", FORM)
    return found


def _as_text(path: Path, name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    raise ConfigError(path, f"{name} is no text", FORM)


def for_obstore(options: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The options of the store, and those of the connection."""
    mine = {name: value for name, value in options.items() if name not in LANCE_ONLY}
    client = {"allow_http": os.environ[PLAIN]} if PLAIN in os.environ else {}  # obstore reads it in no other company
    client |= {name: value for name, value in mine.items() if name in CLIENT}
    return {name: value for name, value in mine.items() if name not in CLIENT}, client


def masked(text: str, options: Mapping[str, str] | None = None) -> str:
    """A message of a library without any key or token of the options or the environment."""
    around = {name: value for name, value in os.environ.items() if name.startswith(OWNERS)}
    for name, value in {**around, **(options or {})}.items():
        if SECRET.search(name) and len(value) >= SHORTEST:
            text = text.replace(value, "***")
    return text
