"""What is done with lists as a whole: made, shown, refreshed, edited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from earmark.catalogue.store import Store
from earmark.errors import ConfigError
from earmark.explore.playlists import editing, keeping
from earmark.explore.playlists.editing import Difference, difference
from earmark.explore.playlists.keeping import KIND, Playlist, Row, playlist_of, with_facts
from earmark.explore.playlists.making import Kept, make
from earmark.explore.playlists.recipe import MAX_TRACKS, Recipe

DRAFT = "draft"  # in place of an id, of a list that is not kept


@dataclass(frozen=True)
class Edits:
    """What is changed by hand. A row is meant by its position as shown (from 1), or by its track.

    Attributes
    ----------
    add : ids, paths or titles of tracks, which are locked
    at : the position before which they come; None: at the end
    move : pairs of a row and its new position
    rename : the new name
    """

    add: tuple[str, ...] = ()
    at: int | None = None
    remove: tuple[str | int, ...] = ()
    move: tuple[tuple[str | int, int], ...] = ()
    lock: tuple[str | int, ...] = ()
    unlock: tuple[str | int, ...] = ()
    rename: str | None = None

    @property
    def told(self) -> str:
        """In a few words, such as ``add 2, lock 1``."""
        many = [
            f"{name} {len(what)}"
            for name in ("add", "remove", "move", "lock", "unlock")
            if (what := getattr(self, name))
        ]
        return ", ".join([*many, *(["rename"] if self.rename is not None else [])])


def new(
    store: Store,
    name: str,
    recipe: Recipe | None = None,
    tracks: Sequence[str] = (),
    replace_it: bool = False,
    dry_run: bool = False,
) -> Playlist:
    """Make a list by a recipe, or by hand of these tracks, and keep it.

    replace_it : a list of that name becomes it, which can be undone
    dry_run : keep nothing

    Raises
    ------
    ConfigError : the recipe or the name cannot be
    NotFound : no such track
    """  # fmt: skip
    documents = store.documents(KIND)
    own = {i for i, document in documents.items() if document["name"].casefold() == name.strip().casefold()}
    if not (replace_it and own):
        name = keeping.checked_name(documents, name)
    if recipe is not None:
        recipe = settled(store, recipe)
        ids = make(store, recipe, Kept({}, _elsewhere(store, recipe, own)))
    else:
        ids = list(dict.fromkeys(store.resolve(track) for track in tracks))
    if len(ids) > MAX_TRACKS:
        raise ConfigError(f"playlist {name}", f"would have {len(ids)} tracks", f"A list holds at most {MAX_TRACKS}.")
    rows = keeping.rows_of(store, map(Row, ids))
    if dry_run:
        return Playlist(DRAFT, name, recipe, rows)
    return show(store, keeping.add(store, name, recipe, rows, replace_it))


def settled(store: Store, recipe: Recipe) -> Recipe:
    """With ids in place of titles, paths and names, which may come to mean others later; raises NotFound."""
    documents = store.documents(KIND)
    like, unlike = (tuple(dict.fromkeys(map(store.resolve, seeds))) for seeds in (recipe.like, recipe.unlike))
    lists = tuple(keeping.find_id(documents, reference) for reference in recipe.rules.not_in)
    return replace(recipe, like=like, unlike=unlike, rules=replace(recipe.rules, not_in=lists))


def _elsewhere(store: Store, recipe: Recipe, own: Iterable[str]) -> set[str]:
    """The tracks of the lists that the recipe excludes; a list that was dropped excludes nothing."""
    documents = store.documents(KIND)
    lists = [i for i in recipe.rules.not_in if i in documents and i not in set(own)]
    return {row.track_id for i in lists for row in playlist_of(i, documents[i]).rows}


def show(store: Store, reference: str) -> Playlist:
    """A list by name or id, with what is known of its tracks now; raises NotFound."""
    return with_facts(store, keeping.find(store, reference))


def refresh(
    store: Store, reference: str, recipe: Recipe | None = None, dry_run: bool = False, revision: int | None = None
) -> Difference:
    """Make a list again by its recipe, or by another one; locked rows stay where they are.

    A list that was made by hand stays as it is. It is computed before the catalogue is locked: a list that was changed
    meanwhile is left as it is then.

    Raises
    ------
    NotFound : no such list, or a seed is gone
    CatalogueBusy : it was changed meanwhile
    """
    before = show(store, reference)
    recipe = before.recipe if recipe is None else settled(store, recipe)
    if recipe is None:
        return difference(before, before)
    locked = {slot: row.track_id for slot, row in enumerate(before.rows) if row.locked}
    besides = {*before.removed, *_elsewhere(store, recipe, [before.id])}
    old = {row.track_id: row for row in before.rows}
    ids = make(store, recipe, Kept(locked, besides - set(locked.values())))
    rows = keeping.rows_of(store, (old.get(i, Row(i)) for i in ids))
    after = replace(before, recipe=recipe, rows=rows)
    if not dry_run:
        expected = before.revision if revision is None else revision
        keeping.change(store, before.id, "refresh", lambda now: replace(now, recipe=recipe, rows=rows), expected)
        after = show(store, before.id)
    return difference(before, after)


def edit(store: Store, reference: str, edits: Edits, revision: int | None = None) -> Playlist:
    """Change a list by hand, all at once or not at all.

    Raises
    ------
    NotFound : no such list, row or track
    ConfigError : the name is taken, or the list would be too long
    CatalogueBusy : it has another revision by now
    """
    new_rows = keeping.rows_of(store, (Row(store.resolve(track)) for track in edits.add))

    def do(playlist: Playlist) -> Playlist:
        def row(where: str | int) -> str:
            return playlist.rows[editing.position_of(playlist.rows, where, store.resolve)].track_id

        steps = [
            editing.locked(list(map(row, edits.lock)), True, row),
            editing.locked(list(map(row, edits.unlock)), False, row),
            *(editing.moved(row(which), to, row) for which, to in edits.move),
            editing.added(new_rows, edits.at), editing.removed(list(map(row, edits.remove)), row),
        ]  # fmt: skip
        steps += [editing.renamed(edits.rename)] if edits.rename is not None else []
        return editing.in_turn(steps)(playlist)

    return show(store, keeping.change(store, reference, edits.told, do, revision))


def undo(store: Store, reference: str, revision: int | None = None) -> Playlist:
    """Take the last change of a list back; raises NotFound where there is none."""
    return show(store, keeping.undo(store, reference, revision))
