"""Plex.

Source: developer.plex.tv/pms: ``/library/sections``, ``/playlists``; a list is made of an address that names its songs.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from earmark.errors import FileError
from earmark.interop.servers.songs import Song
from earmark.interop.servers.web import Web, understood

PAGE = 500  # songs a question
TRACKS = 10  # Plex's number of this kind of item
BATCH = 200  # songs that one address names


class Plex:
    """A server of this kind.

    Parameters
    ----------
    url : its address
    user : not used; lists belong to the user of the token
    secret : the token (X-Plex-Token)
    public : see `Web`
    """

    def __init__(self, url: str, user: str, secret: str, public: bool = False) -> None:
        self._web = Web(url, {"X-Plex-Token": secret, "Accept": "application/json"}, public=public)

    def check(self) -> str:
        """What the server calls itself. Raises FileError."""
        with understood(self._web.base, "Plex"):
            return f"Plex {self._ask('GET', '/identity').get('version', '')}".strip()

    def songs(self) -> Iterator[Song]:
        """All songs of its music libraries."""
        with understood(self._web.base, "Plex"):
            for section in self._ask("GET", "/library/sections").get("Directory", []):
                if section.get("type") == "artist":
                    yield from self._songs_of(section["key"])

    def _songs_of(self, section: str) -> Iterator[Song]:
        start = 0
        while True:
            parameters = {"type": TRACKS, "X-Plex-Container-Start": start, "X-Plex-Container-Size": PAGE}
            page = self._ask("GET", f"/library/sections/{section}/all", parameters).get("Metadata", [])
            yield from map(_song, page)
            if len(page) < PAGE:
                return
            start += PAGE

    def push(self, name: str, song_ids: list[str]) -> None:
        """Make a list of these songs in this order, or replace the one of this name."""
        with understood(self._web.base, "Plex"):
            lists = self._ask("GET", "/playlists", {"playlistType": "audio"}).get("Metadata", [])
            batches = [song_ids[i : i + BATCH] for i in range(0, len(song_ids), BATCH)]
            same = next((one["ratingKey"] for one in lists if one.get("title") == name), None)
            if same:
                self._ask("DELETE", f"/playlists/{same}/items")
            elif batches:
                wanted = {"type": "audio", "title": name, "smart": 0, "uri": self._address(batches.pop(0))}
                same = self._ask("POST", "/playlists", wanted)["Metadata"][0]["ratingKey"]
            for some in batches:
                self._ask("PUT", f"/playlists/{same}/items", {"uri": self._address(some)})

    @cached_property
    def _machine(self) -> str:
        return self._ask("GET", "/identity")["machineIdentifier"]

    def _address(self, song_ids: list[str]) -> str:
        return f"server://{self._machine}/com.plexapp.plugins.library/library/metadata/{','.join(song_ids)}"

    def _ask(self, method: str, path: str, parameters: Any = ()) -> dict:
        found = self._web.ask(method, path, parameters)
        if found is None:
            return {}
        if not isinstance(found, dict) or "MediaContainer" not in found:
            raise FileError(self._web.base, "does not speak the API of Plex", "Check the address and the kind.")
        return found["MediaContainer"]


def _song(found: dict) -> Song:
    parts = [part for media in found.get("Media", []) for part in media.get("Part", [])]
    guids = [guid.get("id", "") for guid in found.get("Guid", [])]
    length = found.get("duration")
    return Song(
        str(found["ratingKey"]), found.get("title") or "",
        found.get("originalTitle") or found.get("grandparentTitle") or "", found.get("parentTitle") or "",
        length / 1000 if length else None, parts[0].get("file", "") if parts else "",
        next((guid.removeprefix("mbid://") for guid in guids if guid.startswith("mbid://")), ""),
    )  # fmt: skip
