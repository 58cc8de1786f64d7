"""What every part of a remote catalogue needs: the server, its tags, and the ids of tracks."""

import os
from collections.abc import Iterator, Sequence
from functools import cached_property

from earmark.catalogue.filters import Filter, filter_to_json
from earmark.catalogue.track import Track
from earmark.client.connection import Connection
from earmark.client.reading import read_tagset, read_track
from earmark.errors import NotFound
from earmark.tagger.tagset import Tagset

PAGE = 500  # entries of one answer
EVERYTHING = (
    "path", "paths", "duration", "analysed", "analysis_version", "model", "title", "artist", "album", "year", "tags",
    "tempo", "key", "loudness", "energy", "structure", "course", "description", "phrases", "incomplete", "warnings",
    "files", "corrections", "similarity", "relevance", "versions", "asked",
)  # fmt: skip
Place = str | os.PathLike


class Remote:
    """A server, asked as a catalogue.

    connection : to the server
    """

    def __init__(self, connection: Connection) -> None:
        self._server = connection

    @cached_property
    def _tagset(self) -> Tagset:
        return read_tagset(self._server.get("/tags"))

    def _id(self, track: Place) -> str:
        return self._server.get("/resolve", track=os.fspath(track))["track_id"]

    def _ids(self, tracks: Sequence[Place]) -> list[str]:
        return [self._id(track) for track in tracks]

    def _listed(self, asked: dict, n: int | None) -> Iterator[dict]:
        """The JSON objects of n tracks, or of all; a page is asked for when it is needed."""
        cursor, left = None, n
        asked = {name: value for name, value in asked.items() if value is not None} | {"fields": list(EVERYTHING)}
        while left is None or left > 0:
            more = {"limit": PAGE if left is None else min(PAGE, left)} | ({"cursor": cursor} if cursor else {})
            told = self._server.post("/tracks:search", asked | more)
            yield from told["items"]
            cursor = told["next"]
            left = None if left is None else left - len(told["items"])
            if cursor is None:
                return

    def shown(self, track_ids: Sequence[str]) -> list[Track]:
        """As `Catalogue.shown`.

        Examples
        --------
        >>> [track.title for track in catalogue.shown(["c00c9bc7bd3a6b1e0a55"])]  # doctest: +SKIP
        """
        wanted, found = list(dict.fromkeys(track_ids)), {}
        for i in range(0, len(wanted), PAGE):
            among = {"field": "track_id", "op": "in", "value": wanted[i : i + PAGE]}
            tracks = (read_track(told, self._tagset) for told in self._listed({"filter": among}, None))
            found |= {track.track_id: track for track in tracks}
        if gone := [track_id for track_id in wanted if track_id not in found]:
            raise NotFound(gone[0], "no such track", "Give the id of one that the catalogue holds.")
        return [found[track_id] for track_id in track_ids]


def where_of(where: str | Filter | None) -> dict:
    """A filter as a question has it."""
    if where is None:
        return {}
    return {"where": where} if isinstance(where, str) else {"filter": filter_to_json(where)}
