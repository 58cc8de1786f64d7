"""Where many examples come from at once: a playlist, a folder, a tag of files, or a list of ids, paths or titles."""

import os
from pathlib import Path

from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.catalogue.words import plain_name
from earmark.errors import FileError, NotFound, QueryError
from earmark.playlists import PlaylistEntry, lengths_agree, read_playlist

FIELDS = {"genre": "file_genre"}
"""Tags of files by their usual names, where the column is called otherwise."""
NEAR = 50  # tracks that fit the words best, among which a song is looked for
REMEDY = "Give a playlist (.m3u8, .xspf, .csv ...), a folder, or a tag of files such as genre=Jazz."


def tracks_of(store: Store, source: str | os.PathLike) -> tuple[list[str], list[str]]:
    """The ids of the tracks that a source names, and the entries that the catalogue does not hold.

    source : a playlist, a folder whose files were scanned, or ``field=value`` such as ``genre=Jazz``

    Raises
    ------
    FileError : there is no such file or folder, or it cannot be read
    QueryError : no such field
    """
    path = Path(source).expanduser()
    if path.is_dir():
        states = store.seen([os.path.abspath(path)]).values()
        return sorted({state.track_id for state in states if state.track_id}), []
    if path.is_file():
        return tracks_listed(store, path)
    field, equals, value = os.fspath(source).partition("=")
    if not equals:
        raise FileError(source, "no such file or folder", REMEDY)
    return _tagged(store, field.strip().lower(), value.strip()), []


def tracks_listed(store: Store, path: str | os.PathLike) -> tuple[list[str], list[str]]:
    """The ids of the tracks of a playlist, in its order, each once, and the entries that the catalogue does not hold.

    An entry is found by its id, by its path, or by artist, title and a length that agrees, so that lists of other
    programs and machines are understood; one that tells a title alone by that. Raises FileError.
    """
    entries = read_playlist(path)
    by_path = store.tracks_at(entry.location for entry in entries if entry.location)
    names, found, missing = _Names(store), [], []
    for entry in entries:
        track_id = by_path.get(entry.location) or names.find(entry)
        if track_id:
            found.append(track_id)
        else:
            missing.append(entry.location or entry.title or entry.track_id)
    return list(dict.fromkeys(found)), missing


def find_song(store: Store, title: str, artist: str = "", duration: float | None = None) -> str:
    """The id of the one track of this title, artist and length (seconds, within 3), as far as they are given.

    Raises NotFound: there is none, or there are several.
    """
    wanted = _folded(artist, title)
    words = " ".join(part for part in wanted if part)
    tracks = [hit.track for hit in store.select(Query(words=words, limit=NEAR))] if words else []
    found = [
        track.track_id
        for track in tracks
        if _folded(track.analysis.file_tags.artist if artist else "", track.title) == wanted
        and lengths_agree(track.duration, duration)
    ]
    if len(found) == 1:
        return found[0]
    problem = "several tracks are called so" if found else "no track is called so"
    raise NotFound(f"{artist}: {title}" if artist else title, problem, "Tell artist, title and length as in its file.")


class _Names:
    """Tracks by what a list may say of them; all are read when the first entry asks."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[tuple[str, str], list[tuple[str, float]]] | None = None

    def find(self, entry: PlaylistEntry) -> str | None:
        if entry.track_id or not (entry.location or entry.artist):
            return self._resolved(entry.track_id or entry.title)
        if not (entry.artist and entry.title):
            return None
        near = [
            track_id
            for track_id, duration in self._all().get(_folded(entry.artist, entry.title), ())
            if lengths_agree(duration, entry.duration)
        ]
        return near[0] if len(near) == 1 else None

    def _all(self) -> dict[tuple[str, str], list[tuple[str, float]]]:
        if self._known is None:
            self._known = {}
            for row in self._store.columns(["track_id", "artist", "title", "duration"]).to_pylist():
                name = _folded(row["artist"], row["title"])
                self._known.setdefault(name, []).append((row["track_id"], row["duration"]))
        return self._known

    def _resolved(self, reference: str) -> str | None:
        try:
            return self._store.resolve(reference)
        except NotFound:
            return None


def _folded(artist: str | None, title: str | None) -> tuple[str, str]:
    return plain_name(artist), plain_name(title)


def _tagged(store: Store, field: str, value: str) -> list[str]:
    """Tracks one of whose values of a field is this one; in any case; several are parted by ``;``, ``,`` or ``/``."""
    column, wanted = FIELDS.get(field, field), value.casefold()
    table = store.columns(["track_id", column])
    if not wanted:
        raise QueryError(f"{field}=", "no value", REMEDY)
    pairs = zip(table["track_id"].to_pylist(), table[column].to_pylist(), strict=True)
    return [track_id for track_id, held in pairs if wanted in _values(held)]


def _values(held: object) -> set[str]:
    if held is None:
        return set()
    many = held if isinstance(held, list) else [str(held)]
    parts = [part for one in many for part in (one, *one.replace(",", ";").replace("/", ";").split(";"))]
    return {part.strip().casefold() for part in parts}
