"""The media servers that a user has named, with their secrets, in a file that only that user can read."""

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from filelock import FileLock

from earmark.catalogue.track import Track
from earmark.errors import ConfigError, NotFound
from earmark.files import whole_file
from earmark.interop.paths import read_roots
from earmark.interop.servers.jellyfin import Jellyfin
from earmark.interop.servers.plex import Plex
from earmark.interop.servers.songs import MatchReport, Song, match
from earmark.interop.servers.subsonic import Subsonic
from earmark.settings import MEDIA


class MediaServer(Protocol):
    """What is asked of every kind."""

    def check(self) -> str:
        """What the server calls itself."""

    def songs(self) -> Iterator[Song]:
        """All its songs."""

    def push(self, name: str, song_ids: list[str]) -> None:
        """Make or replace a list."""


SERVER_KINDS: dict[str, Callable[[str, str, str, bool], MediaServer]] = {
    "jellyfin": Jellyfin, "navidrome": Subsonic, "plex": Plex, "subsonic": Subsonic,
}  # fmt: skip
"""Kind -> what speaks to it, made of address, user, secret, and whether it must lie in the internet."""
NEEDS_USER = {"jellyfin"}


@dataclass(frozen=True)
class KnownServer:
    """One server.

    Attributes
    ----------
    name : by which the user calls it
    kind : of `SERVER_KINDS`
    url : its address
    user : the name of the user whose lists are written; "" where the secret tells
    roots : maps of folders, such as ``/music=/data/music``
    secret : password, key or token; in no text that is printed
    public : it must lie in the internet: somebody has named it who may not see our own network through us
    """

    name: str
    kind: str
    url: str
    user: str = ""
    roots: tuple[str, ...] = ()
    secret: str = ""
    public: bool = False

    @property
    def id(self) -> str:
        """12 hexadecimal digits made of its name, for addresses."""
        return hashlib.blake2b(self.name.encode("utf-8", "replace"), digest_size=6).hexdigest()

    def __repr__(self) -> str:
        """Without the secret."""
        return f"KnownServer({self.to_dict()})"

    def to_dict(self) -> dict:
        """JSON, without the secret."""
        return {"name": self.name, "kind": self.kind, "url": self.url, "user": self.user, "roots": list(self.roots)}

    def connect(self) -> MediaServer:
        """What speaks to it. Raises MissingPackage."""
        return SERVER_KINDS[self.kind](self.url, self.user, self.secret, self.public)

    def push(self, name: str, tracks: Iterable[Track], dry_run: bool = False) -> MatchReport:
        """Make or replace a list there, of those tracks that it has; none is made where it has none of them.

        dry_run : only say which tracks it has

        Raises
        ------
        FileError : the server does not answer, or refuses
        MissingPackage : httpx is not installed
        """
        there = self.connect()
        report = match(tracks, there.songs(), read_roots(self.roots))
        if report.pairs and not dry_run:
            there.push(name, [song.id for _, song, _ in report.pairs])
        return report


def known_servers() -> dict[str, KnownServer]:
    """Name -> server. Raises ConfigError: the file is damaged, or others can read it."""
    path = _file()
    try:
        mode = path.stat().st_mode
        rows = json.loads(path.read_text(encoding="utf-8"))
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise ConfigError(path, "can be read by others, though it holds secrets", f"Run `chmod 600 {path}`.")
        return {row["name"]: KnownServer(**row | {"roots": tuple(row["roots"])}) for row in rows}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ConfigError(path, f"cannot be read ({error})", "Remove it and add the servers again.") from error


def known_server(name: str) -> KnownServer:
    """One of them. Raises NotFound that names the others."""
    known = known_servers()
    if name not in known:
        there = f"There are: {', '.join(sorted(known))}." if known else "Add one: `earmark servers add`."
        raise NotFound(name, "no media server of this name", there)
    return known[name]


def add_server(new: KnownServer) -> None:
    """Keep a server, in place of one of the same name. Raises ConfigError."""
    if new.kind not in SERVER_KINDS:
        raise ConfigError(new.kind, "no kind of media server", f"There are: {', '.join(sorted(SERVER_KINDS))}.")
    if not _is_of_server(new.url):
        raise ConfigError(new.url, "no address of a server", "Write it as http://name:4533, without a password.")
    if new.kind in NEEDS_USER and not new.user:
        raise ConfigError(new.name, f"a server of kind {new.kind} needs a user", "Add the name of one.")
    read_roots(new.roots)  # raises ConfigError
    _change(lambda known: known | {new.name: new})


def _is_of_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return False
    return bool(whole) and not (parts.username or parts.password or parts.query or parts.fragment)


def remove_server(name: str) -> None:
    """Forget a server and its secret. Raises NotFound."""
    known_server(name)
    _change(lambda known: {other: kept for other, kept in known.items() if other != name})


def _file() -> Path:
    return MEDIA.path() / "servers.json"


def _change(change: Callable[[dict[str, KnownServer]], dict[str, KnownServer]]) -> None:
    path = _file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{path}.lock"):
        known = change(known_servers())
        with whole_file(path) as draft:
            draft.touch(mode=0o600)
            draft.write_text(json.dumps([asdict(one) for one in known.values()], indent=1), encoding="utf-8")
