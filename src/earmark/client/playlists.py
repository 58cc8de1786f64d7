"""The playlists that a server keeps, and files of playlists that are written here."""

import csv
import io
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from earmark.catalogue.filters import Filter, parse_filter
from earmark.catalogue.keys import stored_value
from earmark.catalogue.track import Track
from earmark.client.reading import read_difference, read_kept
from earmark.client.remote import Place, Remote
from earmark.explore.playlists.editing import Difference
from earmark.explore.playlists.keeping import Playlist, find_id
from earmark.explore.playlists.recipe import Recipe, as_given
from earmark.explore.playlists.upkeep import Edits
from earmark.interop import paths, playlist, smart
from earmark.interop.playlist import PlaylistReport
from earmark.interop.servers.known import known_server
from earmark.interop.servers.songs import MatchReport
from earmark.playlists import PlaylistEntry, read_playlist

GivenRecipe = Recipe | Mapping | Place | None


class RemotePlaylists(Remote):
    """The methods of `earmark.Catalogue` that are about playlists."""

    def make_playlist(
        self,
        name: str,
        recipe: GivenRecipe = None,
        tracks: Sequence[Place] = (),
        replace: bool = False,
        dry_run: bool = False,
    ) -> Playlist:
        """As `Catalogue.make_playlist`; a recipe in a file is read here.

        Examples
        --------
        >>> catalogue.make_playlist("Late", {"text": "calm piano", "rules": {"tracks": 20}})  # doctest: +SKIP
        """
        asked = {"name": name, "replace": replace, "dry_run": dry_run} | _recipe(recipe)
        if recipe is None:
            asked["tracks"] = self._ids(tracks)
        return read_kept(self._server.post("/playlists", asked))

    def import_playlist(
        self, path: Place, name: str | None = None, replace: bool = False
    ) -> tuple[Playlist, list[str]]:
        """As `Catalogue.import_playlist`; the file is read here, and its paths are looked for on the server's machine.

        Examples
        --------
        >>> playlist, missing = catalogue.import_playlist("set.xml")  # doctest: +SKIP
        """
        asked = {"file": os.path.basename(path) + ".csv", "name": name or Path(path).stem, "replace": replace}
        table = _as_csv(read_playlist(path))
        told = self._server.ask("POST", "/playlists:import", params=asked, content=table).json()
        return read_kept(told["playlist"]), told["missing"]

    def playlists(self) -> list[Playlist]:
        """As `Catalogue.playlists`.

        Examples
        --------
        >>> [(found.name, len(found.rows)) for found in catalogue.playlists()]  # doctest: +SKIP
        """
        return [read_kept(told) for told in self._server.listed("/playlists", rows=True)]

    def playlist(self, reference: Place) -> Playlist:
        """As `Catalogue.playlist`.

        Examples
        --------
        >>> [row.title for row in catalogue.playlist("Late").rows]  # doctest: +SKIP
        """
        return read_kept(self._server.get(self._place(os.fspath(reference))))

    def refresh_playlist(
        self, name: str, recipe: GivenRecipe = None, dry_run: bool = False, revision: int | None = None
    ) -> Difference:
        """As `Catalogue.refresh_playlist`.

        Examples
        --------
        >>> len(catalogue.refresh_playlist("Late", dry_run=True).added)  # doctest: +SKIP
        3
        """
        asked = {"dry_run": dry_run, "revision": revision} | _recipe(recipe)
        return read_difference(self._server.post(f"{self._place(name)}:refresh", asked))

    def edit_playlist(self, name: str, edits: Edits, revision: int | None = None) -> Playlist:
        """As `Catalogue.edit_playlist`.

        Examples
        --------
        >>> edits = earmark.library.Edits(add=("Three and Two",), at=1, lock=(4,))
        >>> catalogue.edit_playlist("Late", edits).rows[0].title  # doctest: +SKIP
        """
        asked = {
            "add": self._ids(edits.add), "at": edits.at, "remove": list(edits.remove),
            "move": [list(pair) for pair in edits.move], "lock": list(edits.lock), "unlock": list(edits.unlock),
            "rename": edits.rename, "revision": revision,
        }  # fmt: skip
        return self._changed(name, asked)

    def undo_playlist(self, name: str, revision: int | None = None) -> Playlist:
        """As `Catalogue.undo_playlist`.

        Examples
        --------
        >>> catalogue.undo_playlist("Late").undo  # doctest: +SKIP
        """
        return self._changed(name, {"undo": True, "revision": revision})

    def drop_playlist(self, name: str, revision: int | None = None) -> None:
        """As `Catalogue.drop_playlist`.

        Examples
        --------
        >>> catalogue.drop_playlist("Late")  # doctest: +SKIP
        """
        asked = {} if revision is None else {"revision": revision}
        self._server.ask("DELETE", self._place(name), params=asked)

    def export_playlist(
        self, name: str, path: Place, form: str | None = None, roots: Iterable[str] = ()
    ) -> PlaylistReport:
        """As `Catalogue.export_playlist`; it is written here, with paths of the server's machine or by `roots`.

        Examples
        --------
        >>> catalogue.export_playlist("Late", "late.m3u8").n_found  # doctest: +SKIP
        20
        """
        found = self.playlist(name)
        there = self.shown([row.track_id for row in found.rows if not row.missing])
        report = self.write_playlist(path, there, form, roots, found.name)
        return playlist.with_missing(report, [row.title or row.track_id for row in found.rows if row.missing])

    def write_playlist(
        self,
        path: Place,
        tracks: Iterable[Track | Place],
        form: str | None = None,
        roots: Iterable[str] = (),
        name: str = "",
    ) -> PlaylistReport:
        """As `Catalogue.write_playlist`; the list is written here, with paths of the server's machine or by `roots`.

        Examples
        --------
        >>> catalogue.write_playlist("like.m3u8", ["Three and Two"])  # doctest: +SKIP
        """
        given = list(tracks)
        named = self.shown([self._id(track) for track in given if not isinstance(track, Track)])
        rest = iter(named)
        found = [track if isinstance(track, Track) else next(rest) for track in given]
        return playlist.write_playlist(path, found, form, paths.read_roots(roots), name)

    def smart_playlist(
        self, path: Place, where: str | Filter, name: str = "", sort: str = "random", limit: int = 100
    ) -> None:
        """As `Catalogue.smart_playlist`.

        Examples
        --------
        >>> catalogue.smart_playlist("calm.nsp", "tempo < 90 AND tags HAS 'calmness'")  # doctest: +SKIP
        """
        if isinstance(where, str):
            where = parse_filter(where, self._server.get("/catalogue")["fields"], normalise=stored_value)
        smart.write_smart(path, where, self._tagset, name, sort, limit)

    def push_playlist(self, server: str, name: str, dry_run: bool = False) -> MatchReport:
        """As `Catalogue.push_playlist`: to a media server that this machine knows.

        Examples
        --------
        >>> len(catalogue.push_playlist("home", "Late").pairs)  # doctest: +SKIP
        48
        """
        known, kept = known_server(server), self.playlist(name)
        return known.push(kept.name, self.shown([row.track_id for row in kept.rows if not row.missing]), dry_run)

    def _place(self, reference: str) -> str:
        """The address of a list by its name or id; raises NotFound."""
        named = {told["id"]: told for told in self._server.listed("/playlists")}
        return f"/playlists/{find_id(named, reference)}"

    def _changed(self, name: str, asked: dict) -> Playlist:
        return read_kept(self._server.ask("PATCH", self._place(name), json=asked).json())


def _as_csv(entries: Iterable[PlaylistEntry]) -> bytes:
    """A list with absolute paths, for a server that cannot know what they were relative to."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(("path", "title", "artist", "duration", "track_id"))
    writer.writerows((one.location, one.title, one.artist, one.duration, one.track_id) for one in entries)
    return out.getvalue().encode("utf-8", "replace")


def _recipe(recipe: GivenRecipe) -> dict:
    return {} if recipe is None else {"recipe": as_given(recipe).to_dict()}
