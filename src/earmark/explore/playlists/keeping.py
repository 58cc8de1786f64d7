"""Lists in the catalogue: what is kept of them, what is shown, and how two states of one differ.

A list keeps ids of tracks, and their names for the time when a file is gone. Its document in the catalogue is read and
written by this module alone.
"""

import difflib
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from earmark.catalogue.documents import Document
from earmark.catalogue.store import Store
from earmark.descriptors.key.names import key_number
from earmark.descriptors.key.spelling import parse_key
from earmark.errors import CatalogueBusy, ConfigError, NotFound, as_unicode, printable
from earmark.explore.playlists.costs import compatible_at_most, compatible_share
from earmark.explore.playlists.pool import facts
from earmark.explore.playlists.recipe import Recipe, recipe_from

KIND = "playlist"
STEPS_BACK = 20  # changes that can be undone
LONGEST_NAME = 200


@dataclass(frozen=True)
class Row:
    """One track of a list.

    Attributes
    ----------
    track_id, title, artist, duration : as they were when the row was last written; seconds
    locked : whether it keeps its place when the list is refreshed
    missing : whether no file of the track is there at present; None: not looked at
    bpm, key, camelot, energy, path : of the track; None where unknown, or not looked at
    """

    track_id: str
    title: str = ""
    artist: str = ""
    duration: float = 0.0
    locked: bool = False
    missing: bool | None = None
    bpm: float | None = None
    key: str | None = None
    camelot: str | None = None
    energy: float | None = None
    path: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON; numbers rounded."""
        bpm = None if self.bpm is None else round(self.bpm, 2)
        energy = None if self.energy is None else round(self.energy, 3)
        return {
            "track_id": self.track_id, "title": as_unicode(self.title), "artist": as_unicode(self.artist),
            "duration": round(self.duration, 3), "bpm": bpm, "key": self.key, "camelot": self.camelot,
            "energy": energy, "locked": self.locked, "missing": self.missing,
            "path": None if self.path is None else as_unicode(self.path),
        }  # fmt: skip


@dataclass(frozen=True)
class Playlist:
    """A list of tracks that the catalogue keeps.

    Attributes
    ----------
    id : twelve hexadecimal digits, the same for ever
    recipe : what it was made by; None: by hand
    rows : in their order
    removed : ids of tracks that were taken out by hand, which a refresh does not bring back
    created, changed : ISO 8601, UTC
    revision : raised by each change
    undo : what the changes did that can be taken back, the last one last
    """

    id: str
    name: str
    recipe: Recipe | None
    rows: tuple[Row, ...]
    removed: tuple[str, ...] = ()
    created: str = ""
    changed: str = ""
    revision: int = 1
    undo: tuple[str, ...] = ()

    @property
    def duration(self) -> float:
        """Seconds."""
        return sum(row.duration for row in self.rows)

    @property
    def compatible(self) -> float | None:
        """Share of neighbours whose keys and tempi mix; None where there are fewer than two tracks."""
        return compatible_of(self.rows, self._bpm_range)

    @property
    def compatible_at_most(self) -> float | None:
        """A share of neighbours that mix which no other order of these tracks exceeds; None for fewer than two."""
        return compatible_at_most(*_keys_and_tempi(self.rows), self._bpm_range / 100)

    @property
    def _bpm_range(self) -> float:
        return (self.recipe or Recipe()).order.bpm_range

    def to_dict(self, rows: bool = True) -> dict[str, Any]:
        """As JSON: the object of ``playlist show --json``; without rows, and what they tell, that of ``list``."""
        found = {
            "id": self.id, "name": as_unicode(self.name), "tracks": len(self.rows),
            "duration": round(self.duration, 3), "recipe": self.recipe and self.recipe.to_dict(),
            "created": self.created, "changed": self.changed, "revision": self.revision, "undo": list(self.undo),
        }  # fmt: skip
        if rows:
            found |= {"compatible": _rounded(self.compatible), "missing": sum(bool(row.missing) for row in self.rows)}
            found["rows"] = [{"position": i, **row.to_dict()} for i, row in enumerate(self.rows, 1)]
        return found


def compatible_of(rows: Sequence[Row], bpm_range: float) -> float | None:
    """Share of neighbours that mix; bpm_range : per cent."""
    return compatible_share(*_keys_and_tempi(rows), bpm_range / 100)


def _keys_and_tempi(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    keys = np.array([key_number(*parse_key(row.key)) if row.key else -1 for row in rows], int)
    return keys, np.array([np.nan if row.bpm is None else row.bpm for row in rows], float)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


# -- documents --------------------------------------------------------------------------------------------------------


def state_of(playlist: Playlist) -> Document:
    """What a change can be taken back to."""
    rows = [[row.track_id, row.title, row.artist, round(row.duration, 3), int(row.locked)] for row in playlist.rows]
    recipe = None if playlist.recipe is None else _plain(playlist.recipe.to_dict())
    return {"name": playlist.name, "recipe": recipe, "rows": rows, "removed": list(playlist.removed)}


def _plain(value: Any) -> Any:
    """As JSON gives it back, so that equal documents are equal."""
    if isinstance(value, dict):
        return {key: _plain(x) for key, x in value.items()}
    return [_plain(x) for x in value] if isinstance(value, tuple | list) else value


def playlist_of(playlist_id: str, document: Document) -> Playlist:
    """The list that a document is, as it was kept; `with_facts` adds what the catalogue knows of its tracks."""
    recipe = document["recipe"]
    return Playlist(
        playlist_id, document["name"], None if recipe is None else recipe_from(recipe),
        tuple(Row(i, title, artist, duration, bool(locked)) for i, title, artist, duration, locked in document["rows"]),
        tuple(document["removed"]), document["created"], document["changed"], document["revision"],
        tuple(step["what"] for step in document["undo"]),
    )  # fmt: skip


def with_facts(store: Store, playlist: Playlist) -> Playlist:
    """With what the catalogue knows of every track now."""
    return replace(playlist, rows=rows_of(store, playlist.rows))


def rows_of(store: Store, rows: Iterable[Row]) -> tuple[Row, ...]:
    """The rows with what the catalogue knows now; a track that no file leads to is marked, and keeps its name."""
    rows = tuple(rows)
    known = facts(store, list(dict.fromkeys(row.track_id for row in rows)))
    return tuple(_row_of(row, known.get(row.track_id)) for row in rows)


def _row_of(row: Row, fact: dict | None) -> Row:
    if fact is None:
        return replace(row, missing=True)
    return replace(
        row, title=fact["title"] or "", artist=fact["artist"] or "", duration=fact["duration"], missing=False,
        bpm=fact["tempo"], key=fact["key"], camelot=fact["camelot"], energy=fact["energy"],
        path=next(iter(fact["paths"] or ()), None),
    )  # fmt: skip


# -- reading and writing ----------------------------------------------------------------------------------------------


def playlists(store: Store) -> list[Playlist]:
    """All lists by name, as they were kept."""
    return [playlist_of(i, document) for i, document in store.documents(KIND).items()]


def find(store: Store, reference: str) -> Playlist:
    """The list of that name, in any case, or id, as it was kept; NotFound names those that there are."""
    documents = store.documents(KIND)
    playlist_id = find_id(documents, reference)
    return playlist_of(playlist_id, documents[playlist_id])


def find_id(documents: dict[str, Document], reference: str) -> str:
    """The id of the list of that name or id; raises NotFound."""
    named = {document["name"].casefold(): i for i, document in documents.items()}
    if (found := named.get(reference.strip().casefold())) or reference in documents:
        return found or reference
    names = [document["name"] for document in documents.values()]
    near = difflib.get_close_matches(reference, names, 5) or names[:10]
    listed = ", ".join(printable(name) for name in near)
    remedy = f"There are: {listed}." if names else "Make one with `earmark playlist make`."
    raise NotFound(reference, "no such playlist", remedy)


def checked_name(documents: dict[str, Document], name: str, own: str | None = None) -> str:
    """A name that no other list has; raises ConfigError."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or any(ch < " " for ch in name):
        raise ConfigError(
            f"name {name[:40]!r}", f"is not a name of 1 to {LONGEST_NAME} characters", "Give another one."
        )
    if any(document["name"].casefold() == name.casefold() and i != own for i, document in documents.items()):
        raise ConfigError(f"name {name!r}", "is that of another playlist", "Give another one, or --replace it.")
    return name


def add(store: Store, name: str, recipe: Recipe | None, rows: Iterable[Row], replace_it: bool = False) -> str:
    """Keep a new list, and give its id.

    replace_it : a list of that name is changed into it, which can be undone

    Raises ConfigError for a name that cannot be.
    """
    with store.changing_documents(KIND) as documents:
        own = next((i for i, d in documents.items() if d["name"].casefold() == name.strip().casefold()), None)
        if own is not None and replace_it:
            old = playlist_of(own, documents[own])
            new = replace(old, recipe=recipe, rows=tuple(rows), removed=())
            documents[own] = _changed(documents[own], new, "make anew")
            return own
        playlist = Playlist(uuid.uuid4().hex[:12], checked_name(documents, name), recipe, tuple(rows))
        now = _now()
        documents[playlist.id] = state_of(playlist) | {"created": now, "changed": now, "revision": 1, "undo": []}
        return playlist.id


def change(
    store: Store, reference: str, what: str, do: Callable[[Playlist], Playlist], revision: int | None = None
) -> str:
    """Change a list while nobody else writes, and give its id; what changes nothing is no change.

    Parameters
    ----------
    what : in a few words, for `undo`
    do : given the newest state; it should be quick
    revision : that the list must have; None: any

    Raises
    ------
    NotFound : no such list
    CatalogueBusy : it has another revision by now
    """
    with store.changing_documents(KIND) as documents:
        playlist_id = find_id(documents, reference)
        document = documents[playlist_id]
        _expect(document, revision)
        new = do(playlist_of(playlist_id, document))
        if state_of(new) != {key: document[key] for key in state_of(new)}:
            new = replace(new, name=checked_name(documents, new.name, playlist_id))
            documents[playlist_id] = _changed(document, new, what)
        return playlist_id


def undo(store: Store, reference: str, revision: int | None = None) -> str:
    """Take the last change of a list back, and give its id; raises NotFound where there is none."""
    with store.changing_documents(KIND) as documents:
        playlist_id = find_id(documents, reference)
        document = documents[playlist_id]
        _expect(document, revision)
        if not document["undo"]:
            raise NotFound(document["name"], "has no change that could be undone", "Edit or refresh it first.")
        *rest, last = document["undo"]
        state = {key: last[key] for key in ("recipe", "rows", "removed")}
        name = checked_name(documents, last["name"], playlist_id)
        after = {"changed": _now(), "revision": document["revision"] + 1, "undo": rest, "name": name}
        documents[playlist_id] = document | state | after
        return playlist_id


def drop(store: Store, reference: str, revision: int | None = None) -> None:
    """Forget a list; raises NotFound."""
    with store.changing_documents(KIND) as documents:
        playlist_id = find_id(documents, reference)
        _expect(documents[playlist_id], revision)
        del documents[playlist_id]


def _expect(document: Document, revision: int | None) -> None:
    if revision is not None and document["revision"] != revision:
        problem = f"was changed meanwhile (revision {document['revision']} in place of {revision})"
        raise CatalogueBusy(f"playlist {document['name']}", problem, "Look at it again, then repeat the change.")


def _changed(document: Document, new: Playlist, what: str) -> Document:
    before = {key: document[key] for key in ("name", "recipe", "rows", "removed")} | {"what": what}
    after = {"created": document["created"], "changed": _now(), "revision": document["revision"] + 1}
    return state_of(new) | after | {"undo": [*document["undo"], before][-STEPS_BACK:]}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
