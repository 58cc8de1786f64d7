"""Jellyfin.

Source: the server's own description of its API (10.10): ``/Items``, ``/Playlists``; the key travels in the header
``Authorization: MediaBrowser Token=...`` alone, which is the way that stays in version 12.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from earmark.errors import FileError
from earmark.interop.servers.songs import Song
from earmark.interop.servers.web import Web, understood

PAGE = 500  # songs a question
TICKS = 10_000_000  # a second


class Jellyfin:
    """A server of this kind.

    Parameters
    ----------
    url : its address
    user : the name of the user whose lists are written
    secret : a key of the API
    public : see `Web`
    """

    def __init__(self, url: str, user: str, secret: str, public: bool = False) -> None:
        self._web, self._user = Web(url, {"Authorization": f'MediaBrowser Token="{secret}"'}, public=public), user

    def check(self) -> str:
        """What the server calls itself. Raises FileError: also where there is no such user."""
        with understood(self._web.base, "Jellyfin"):
            _ = self._user_id  # raises where there is no such user
            found = self._web.ask("GET", "/System/Info")
            return f"Jellyfin {found.get('Version', '')}".strip()

    def songs(self) -> Iterator[Song]:
        """All songs of the server."""
        with understood(self._web.base, "Jellyfin"):
            start, fields = 0, "Path,ProviderIds"
            while True:
                parameters = {"IncludeItemTypes": "Audio", "Fields": fields, "StartIndex": start, "Limit": PAGE}
                page = self._items(parameters)
                yield from map(_song, page)
                if len(page) < PAGE:
                    return
                start += PAGE

    def push(self, name: str, song_ids: list[str]) -> None:
        """Make a list of these songs in this order, or replace the one of this name."""
        with understood(self._web.base, "Jellyfin"):
            lists = self._items({"IncludeItemTypes": "Playlist", "SearchTerm": name})
            same = next((one["Id"] for one in lists if one.get("Name") == name), None)
            if same:
                self._web.ask("POST", f"/Playlists/{same}", body={"Ids": song_ids})
            else:
                wanted = {"Name": name, "Ids": song_ids, "UserId": self._user_id, "MediaType": "Audio"}
                self._web.ask("POST", "/Playlists", body=wanted)

    def _items(self, parameters: dict[str, Any]) -> list[dict]:
        found = self._web.ask("GET", "/Items", {"Recursive": "true", "userId": self._user_id} | parameters)
        return found["Items"] if isinstance(found, dict) else []

    @cached_property
    def _user_id(self) -> str:
        users = self._web.ask("GET", "/Users")
        found = next((user["Id"] for user in users or () if user.get("Name") == self._user), None)
        if found is None:
            raise FileError(self._web.base, f"has no user {self._user!r}", "Name another user of it.")
        return found


def _song(found: dict) -> Song:
    ids, artists = found.get("ProviderIds") or {}, found.get("Artists") or []
    ticks = found.get("RunTimeTicks")
    return Song(
        found["Id"], found.get("Name") or "", artists[0] if artists else found.get("AlbumArtist") or "",
        found.get("Album") or "", ticks / TICKS if ticks else None, found.get("Path") or "",
        ids.get("MusicBrainzRecording") or "",
    )  # fmt: skip
