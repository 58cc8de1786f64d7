"""Changes of a list by hand, each from one state to the next, and what differs between two states."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from earmark.errors import ConfigError, NotFound
from earmark.explore.playlists.keeping import Playlist, Row, compatible_of
from earmark.explore.playlists.recipe import MAX_TRACKS

MOST_DIGITS = 3  # of a number that is a position and no id

Edit = Callable[[Playlist], Playlist]


def position_of(rows: Sequence[Row], reference: str | int, resolve: Callable[[str], str]) -> int:
    """The row (from 0) that a position (from 1), id, beginning of an id, title or path means.

    resolve : the id of a track that the catalogue holds, by any reference; raises NotFound
    """
    text = str(reference).strip()
    if text.isdecimal() and len(text) <= MOST_DIGITS:
        if not 1 <= int(text) <= len(rows):
            raise NotFound(text, f"no row of the list, which has {len(rows)}", "Give a number of `playlist show`.")
        return int(text) - 1
    named = [i for i, row in enumerate(rows) if text in (row.track_id, row.title)]
    named = named or [i for i, row in enumerate(rows) if len(text) > MOST_DIGITS and row.track_id.startswith(text)]
    if not named:
        track_id = resolve(text)
        named = [i for i, row in enumerate(rows) if row.track_id == track_id]
    if len(named) != 1:
        problem = "is not in the list" if not named else f"stands in rows {', '.join(str(i + 1) for i in named)}"
        raise NotFound(text, problem, "Give the number of a row.")
    return named[0]


def added(new: Sequence[Row], at: int | None) -> Edit:
    """Add rows before position `at` (from 1), or at the end; they are locked, so that a refresh keeps them."""

    def do(playlist: Playlist) -> Playlist:
        rows, have = list(playlist.rows), {row.track_id for row in playlist.rows}
        fresh = [replace(row, locked=True) for row in new if row.track_id not in have]
        if len(rows) + len(fresh) > MAX_TRACKS:
            problem = f"would have {len(rows) + len(fresh)} tracks"
            raise ConfigError(f"playlist {playlist.name}", problem, f"A list holds at most {MAX_TRACKS}.")
        index = len(rows) if at is None else min(max(at - 1, 0), len(rows))
        ids = {row.track_id for row in fresh}
        removed = tuple(i for i in playlist.removed if i not in ids)
        return replace(playlist, rows=(*rows[:index], *fresh, *rows[index:]), removed=removed)

    return do


def removed(references: Iterable[str | int], resolve: Callable[[str], str]) -> Edit:
    """Take rows out; a refresh does not bring them back."""
    references = list(references)

    def do(playlist: Playlist) -> Playlist:
        gone = {position_of(playlist.rows, reference, resolve) for reference in references}
        ids = [playlist.rows[i].track_id for i in sorted(gone)]
        rows = tuple(row for i, row in enumerate(playlist.rows) if i not in gone)
        return replace(playlist, rows=rows, removed=tuple(dict.fromkeys((*playlist.removed, *ids))))

    return do


def moved(reference: str | int, to: int, resolve: Callable[[str], str]) -> Edit:
    """Let a row stand at position `to` (from 1)."""

    def do(playlist: Playlist) -> Playlist:
        if not 1 <= to <= len(playlist.rows):
            raise NotFound(to, f"no row of the list, which has {len(playlist.rows)}", "Give a position in it.")
        rows = list(playlist.rows)
        rows.insert(to - 1, rows.pop(position_of(rows, reference, resolve)))
        return replace(playlist, rows=tuple(rows))

    return do


def locked(references: Iterable[str | int], lock: bool, resolve: Callable[[str], str]) -> Edit:
    """Lock rows, so that a refresh leaves them where they are, or unlock them."""
    references = list(references)

    def do(playlist: Playlist) -> Playlist:
        which = {position_of(playlist.rows, reference, resolve) for reference in references}
        rows = (replace(row, locked=lock) if i in which else row for i, row in enumerate(playlist.rows))
        return replace(playlist, rows=tuple(rows))

    return do


def renamed(name: str) -> Edit:
    """Give a list another name."""
    return lambda playlist: replace(playlist, name=name)


def in_turn(edits: Sequence[Edit]) -> Edit:
    """All of these, one after the other, as one change."""

    def do(playlist: Playlist) -> Playlist:
        for edit in edits:
            playlist = edit(playlist)
        return playlist

    return do


@dataclass(frozen=True)
class Difference:
    """What a refresh changes.

    Attributes
    ----------
    added, removed : rows with their positions (from 1) in the new list, in the old one
    moved : rows whose order among those that stay is another, with their old and new positions: as few as possible
    compatible : share of neighbours that mix, before and after
    playlist : the list as it then is
    """

    added: tuple[tuple[int, Row], ...]
    removed: tuple[tuple[int, Row], ...]
    moved: tuple[tuple[int, int, Row], ...]
    compatible: tuple[float | None, float | None]
    playlist: Playlist = field(repr=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.added or self.removed or self.moved)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: the object of ``playlist refresh --json``."""
        before, after = (None if share is None else round(share, 4) for share in self.compatible)
        return {
            "added": [{"position": i, **row.to_dict()} for i, row in self.added],
            "removed": [{"position": i, **row.to_dict()} for i, row in self.removed],
            "moved": [{"from": i, "position": j, **row.to_dict()} for i, j, row in self.moved],
            "compatible": {"before": before, "after": after}, "playlist": self.playlist.to_dict(),
        }  # fmt: skip


def difference(before: Playlist, after: Playlist) -> Difference:
    """What has changed from one state of a list to another; both with their facts."""
    old = {row.track_id: i for i, row in enumerate(before.rows, 1)}
    new = {row.track_id: i for i, row in enumerate(after.rows, 1)}
    stay_old, stay_new = [i for i in old if i in new], [i for i in new if i in old]
    blocks = difflib.SequenceMatcher(None, stay_old, stay_new, autojunk=False).get_matching_blocks()
    still = {i for block in blocks for i in stay_new[block.b : block.b + block.size]}
    bpm_range = after.recipe.order.bpm_range if after.recipe else 6.0
    return Difference(
        tuple((i, row) for i, row in enumerate(after.rows, 1) if row.track_id not in old),
        tuple((i, row) for i, row in enumerate(before.rows, 1) if row.track_id not in new),
        tuple((old[row.track_id], i, row) for i, row in enumerate(after.rows, 1)
              if row.track_id in old and row.track_id not in still),
        (compatible_of(before.rows, bpm_range), compatible_of(after.rows, bpm_range)),
        after,
    )  # fmt: skip
