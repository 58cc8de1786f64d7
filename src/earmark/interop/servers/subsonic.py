"""Navidrome, and other servers that speak the Subsonic API.

Source: opensubsonic.netlify.app (API 1.16.1): ``search3`` with an empty query lists all songs, lists are made and
replaced by ``createPlaylist``, questions may be forms (extension ``formPost``).
"""

import hashlib
import secrets
from collections.abc import Iterator
from typing import Any

from earmark.errors import FileError
from earmark.interop.servers.songs import Song
from earmark.interop.servers.web import Web, understood

PAGE = 500  # songs a question
VERSION, CLIENT = "1.16.1", "earmark"
REMEDY = {40: "Add the server again, with another password.", 44: "Add the server again, with another key."}


class Subsonic:
    """A server of this kind.

    Parameters
    ----------
    url : its address
    user : the name of the user whose lists are written; "" with a key of the API (extension ``apiKeyAuthentication``)
    secret : the password, or the key
    public : see `Web`
    """

    def __init__(self, url: str, user: str, secret: str, public: bool = False) -> None:
        common = {"v": VERSION, "c": CLIENT, "f": "json"}
        self._web = Web(url, parameters=common | _credentials(user, secret), public=public)

    def check(self) -> str:
        """What the server calls itself. Raises FileError."""
        with understood(self._web.base, "Subsonic"):
            found = self._ask("ping")
            return " ".join(str(found.get(name, "")) for name in ("type", "serverVersion")).strip() or "Subsonic"

    def songs(self) -> Iterator[Song]:
        """All songs of the server."""
        with understood(self._web.base, "Subsonic"):
            start = 0
            while True:
                parameters = {"query": "", "artistCount": 0, "albumCount": 0, "songCount": PAGE, "songOffset": start}
                page = self._ask("search3", parameters).get("searchResult3", {}).get("song", [])
                yield from map(_song, page)
                if len(page) < PAGE:
                    return
                start += PAGE

    def push(self, name: str, song_ids: list[str]) -> None:
        """Make a list of these songs in this order, or replace the one of this name."""
        with understood(self._web.base, "Subsonic"):
            lists = self._ask("getPlaylists").get("playlists", {}).get("playlist", [])
            same = next((one["id"] for one in lists if one.get("name") == name), None)
            which = [("playlistId", same)] if same else [("name", name)]
            self._ask("createPlaylist", form=[*which, *(("songId", song_id) for song_id in song_ids)])

    def _ask(self, method: str, parameters: Any = (), form: Any = None) -> dict:
        found = self._web.ask("POST" if form else "GET", f"/rest/{method}.view", parameters, form)
        answer = found.get("subsonic-response") if isinstance(found, dict) else None
        if not isinstance(answer, dict):
            raise FileError(self._web.base, "does not speak the API of Subsonic", "Check the address and the kind.")
        if answer.get("status") != "ok":
            error = answer.get("error", {})
            remedy = REMEDY.get(error.get("code"), "Look into its log.")
            raise FileError(self._web.base, f"refuses: {error.get('message', 'no reason told')}", remedy)
        return answer


def _credentials(user: str, secret: str) -> dict[str, str]:
    if not user:
        return {"apiKey": secret}
    salt = secrets.token_hex(8)
    token = hashlib.md5(f"{secret}{salt}".encode(), usedforsecurity=False).hexdigest()  # as the API wants it
    return {"u": user, "t": token, "s": salt}


def _song(found: dict) -> Song:
    isrc = found.get("isrc") or ""
    return Song(
        str(found["id"]), found.get("title") or "", found.get("artist") or "", found.get("album") or "",
        found.get("duration"), found.get("path") or "", found.get("musicBrainzId") or "",
        isrc[0] if isinstance(isrc, list) else isrc,
    )  # fmt: skip
