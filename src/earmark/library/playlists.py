"""Playlists: made, kept, changed, written as files and pushed to servers."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from earmark.catalogue.filters import Filter
from earmark.catalogue.track import Track
from earmark.errors import NotFound
from earmark.explore.playlists import keeping, upkeep
from earmark.explore.playlists.editing import Difference
from earmark.explore.playlists.keeping import Playlist
from earmark.explore.playlists.recipe import Recipe, as_given
from earmark.explore.playlists.upkeep import Edits
from earmark.explore.sources import tracks_listed
from earmark.interop import paths, playlist, smart
from earmark.interop.playlist import PlaylistReport
from earmark.interop.servers.known import known_server
from earmark.interop.servers.songs import MatchReport
from earmark.library.tracks import Tracks


class Playlists(Tracks):
    """Part of `earmark.Catalogue`: playlists: made, kept, changed, written as files and pushed to servers."""

    def make_playlist(
        self,
        name: str,
        recipe: Recipe | Mapping | str | os.PathLike | None = None,
        tracks: Sequence[str | os.PathLike] = (),
        replace: bool = False,
        dry_run: bool = False,
    ) -> Playlist:
        """Make a playlist by a recipe, or by hand of these tracks, and keep it in the catalogue.

        Parameters
        ----------
        recipe : a `Recipe`, a mapping of the same form, or a TOML file, see `earmark.explore.playlists.recipe`
        replace : a list of that name becomes it, which can be undone
        dry_run : keep nothing

        Raises
        ------
        ConfigError : the recipe or the name cannot be
        NotFound : no such track, or no such list in ``not_in``

        Examples
        --------
        >>> recipe = {"like": ["Three and Two"], "rules": {"tracks": 20}, "order": {"by": "harmonic"}}
        >>> catalogue.make_playlist("Late", recipe).compatible  # doctest: +SKIP
        0.8947
        """
        wanted = None if recipe is None else as_given(recipe)
        return upkeep.new(self._store(), name, wanted, [os.fspath(track) for track in tracks], replace, dry_run)

    def import_playlist(
        self, path: str | os.PathLike, name: str | None = None, replace: bool = False
    ) -> tuple[Playlist, list[str]]:
        """Keep a playlist of another program; also the entries of which the catalogue holds no track.

        Entries are found by path, or by artist, title and length, so that lists of other machines are understood.

        Parameters
        ----------
        path : M3U8, XSPF, JSPF, CSV or rekordbox XML
        name : of the new list; by default that of the file

        Raises
        ------
        FileError : the file cannot be read as a playlist
        NotFound : none of its tracks is in the catalogue
        ConfigError : there is a list of that name

        Examples
        --------
        >>> playlist, missing = catalogue.import_playlist("set.xml")  # doctest: +SKIP
        """
        found, missing = tracks_listed(self._store(), path)
        if not found:
            raise NotFound(path, "none of its tracks is in the catalogue", "Scan their folder first.")
        return self.make_playlist(name or Path(path).stem, tracks=found, replace=replace), missing

    def playlists(self) -> list[Playlist]:
        """All playlists by name, as they were kept: without what the catalogue knows of their tracks now.

        Examples
        --------
        >>> [(found.name, len(found.rows)) for found in catalogue.playlists()]  # doctest: +SKIP
        [('Late', 20)]
        """
        return keeping.playlists(self._store())

    def playlist(
        self,
        reference: str | os.PathLike,
        tracks: Iterable[Track | str | os.PathLike] | None = None,
        form: str | None = None,
        roots: Iterable[str] = (),
        name: str = "",
    ) -> Playlist | PlaylistReport:
        """A playlist by its name or id, with tempo, key, energy and path of every track; raises NotFound.

        tracks and what follows : for one release, as before there were playlists: the same as `write_playlist`

        Examples
        --------
        >>> [row.title for row in catalogue.playlist("Late").rows if row.missing]  # doctest: +SKIP
        []
        """
        if tracks is not None:
            return self.write_playlist(reference, tracks, form, roots, name)
        return upkeep.show(self._store(), os.fspath(reference))

    def refresh_playlist(
        self,
        name: str,
        recipe: Recipe | Mapping | str | os.PathLike | None = None,
        dry_run: bool = False,
        revision: int | None = None,
    ) -> Difference:
        """Make a playlist again by its recipe, or by another one; locked rows stay where they are.

        Parameters
        ----------
        dry_run : tell what would change, and change nothing
        revision : that the list must have; by default the one that it has when this begins

        Raises
        ------
        NotFound : no such playlist, or a seed of it is gone
        ConfigError : the recipe cannot be
        CatalogueBusy : the list was changed meanwhile

        Examples
        --------
        >>> found = catalogue.refresh_playlist("Late", dry_run=True)  # doctest: +SKIP
        >>> len(found.added), len(found.removed), len(found.moved)  # doctest: +SKIP
        (3, 2, 1)
        """
        wanted = None if recipe is None else as_given(recipe)
        return upkeep.refresh(self._store(), name, wanted, dry_run, revision)

    def edit_playlist(self, name: str, edits: Edits, revision: int | None = None) -> Playlist:
        """Change a playlist by hand, all at once or not at all.

        Parameters
        ----------
        edits : tracks to add, rows to remove, move, lock and unlock, a new name
        revision : that the list must have; None: any

        Raises
        ------
        NotFound : no such playlist, row or track
        ConfigError : the name is taken, or the list would be too long
        CatalogueBusy : it has another revision by now

        Examples
        --------
        >>> edits = earmark.library.Edits(add=("Three and Two",), at=1, lock=(4,))
        >>> catalogue.edit_playlist("Late", edits).rows[0].title  # doctest: +SKIP
        'Three and Two'
        """
        return upkeep.edit(self._store(), name, edits, revision)

    def undo_playlist(self, name: str, revision: int | None = None) -> Playlist:
        """Take the last change of a playlist back, a refresh too; raises NotFound where there is none.

        Examples
        --------
        >>> catalogue.undo_playlist("Late").undo  # doctest: +SKIP
        ()
        """
        return upkeep.undo(self._store(), name, revision)

    def drop_playlist(self, name: str, revision: int | None = None) -> None:
        """Forget a playlist; raises NotFound.

        Examples
        --------
        >>> catalogue.drop_playlist("Late")  # doctest: +SKIP
        """
        keeping.drop(self._store(), name, revision)

    def export_playlist(
        self, name: str, path: str | os.PathLike, form: str | None = None, roots: Iterable[str] = ()
    ) -> PlaylistReport:
        """Write a kept playlist as a file, as `write_playlist`; tracks whose files are gone are left out and named.

        Examples
        --------
        >>> catalogue.export_playlist("Late", "late.m3u8").n_found  # doctest: +SKIP
        20
        """
        found = upkeep.show(self._store(), name)
        there = self.shown([row.track_id for row in found.rows if not row.missing])
        report = self.write_playlist(path, there, form, roots, found.name)
        return playlist.with_missing(report, [row.title or row.track_id for row in found.rows if row.missing])

    def write_playlist(
        self,
        path: str | os.PathLike,
        tracks: Iterable[Track | str | os.PathLike],
        form: str | None = None,
        roots: Iterable[str] = (),
        name: str = "",
    ) -> PlaylistReport:
        """Write tracks (or their ids, paths or titles) as a list that players read, in their order.

        Parameters
        ----------
        form : ``m3u8``, ``xspf``, ``jspf``, ``csv``, ``json`` or ``rekordbox``; by default that of the suffix
        roots : where folders of this machine are for the program that reads it, such as ``/music=/data/music``
        name : of the list; by default that of the file

        Raises
        ------
        NotFound : no such track
        ConfigError : no such format, or no map of folders
        FileError : the list cannot be written

        Examples
        --------
        >>> hits = catalogue.similar("Three and Two", n=20)  # doctest: +SKIP
        >>> catalogue.write_playlist("like.m3u8", [hit.track for hit in hits]).n_found  # doctest: +SKIP
        20
        """
        found = (track if isinstance(track, Track) else self.show(track) for track in tracks)
        return playlist.write_playlist(path, found, form, paths.read_roots(roots), name)

    def smart_playlist(
        self, path: str | os.PathLike, where: str | Filter, name: str = "", sort: str = "random", limit: int = 100
    ) -> None:
        """Write a filter as a smart playlist of Navidrome, over the tags that are written into files.

        Parameters
        ----------
        sort : a field of that server, or ``random``
        limit : tracks at most

        Raises
        ------
        QueryError : a condition on what is in no tag of a file
        FileError : it cannot be written

        Examples
        --------
        >>> catalogue.smart_playlist("calm.nsp", "tempo < 90 AND tags HAS 'calmness'")  # doctest: +SKIP
        """
        store = self._store()
        smart.write_smart(path, store.filter(where), store.scanned_model().tagset, name, sort, limit)

    def push_playlist(self, server: str, name: str, dry_run: bool = False) -> MatchReport:
        """Make a kept playlist on a media server, of those tracks that it has; one of the same name is replaced there.

        Parameters
        ----------
        server : the name of a server that `earmark servers add` noted
        dry_run : only say which tracks the server has

        Raises
        ------
        NotFound : no such server or playlist
        FileError : the server does not answer, or refuses
        MissingPackage : httpx is not installed

        Examples
        --------
        >>> report = catalogue.push_playlist("home", "Late")  # doctest: +SKIP
        >>> len(report.pairs), len(report.missing)  # doctest: +SKIP
        (48, 2)
        """
        known, kept = known_server(server), upkeep.show(self._store(), name)
        return known.push(kept.name, self.shown([row.track_id for row in kept.rows if not row.missing]), dry_run)
