import threading

import pytest

from earmark.catalogue.store import Store
from earmark.errors import CatalogueBusy, ConfigError, NotFound
from earmark.explore.playlists import keeping
from earmark.explore.playlists.editing import renamed
from earmark.explore.playlists.keeping import (
    STEPS_BACK,
    Row,
    add,
    change,
    drop,
    find,
    playlists,
    rows_of,
    undo,
    with_facts,
)
from earmark.explore.playlists.recipe import Order, Recipe, Rules

RECIPE = Recipe(seed=3, rules=Rules(tracks=2, not_in=("x",)), order=Order("energy", curve=((0, 0.1), (1, 1))))


@pytest.fixture
def late(own, sixty):
    rows = rows_of(own, (Row(sixty[i].track_id, locked=i == 1) for i in (4, 1)))
    return add(own, "Late drive", RECIPE, rows)


def test_what_is_kept_comes_back(own, late):
    found = find(Store(own.path), "late DRIVE")
    assert (found.id, found.name, found.recipe, found.revision, found.undo) == (late, "Late drive", RECIPE, 1, ())
    assert [(row.title, row.artist, row.locked) for row in found.rows] == [
        ("Track 4", "Artist 4", False),
        ("Track 1", "Artist 1", True),
    ]
    assert find(own, late) == found
    shown = with_facts(own, found)
    assert [(row.bpm, row.energy is None, row.path, row.missing) for row in shown.rows] == [
        (84.0, False, "/music/4.flac", False), (81.0, False, "/music/1.flac", False)
    ]  # fmt: skip
    assert shown.duration == 120
    assert shown.compatible == 1.0
    told = shown.to_dict()
    assert (told["tracks"], told["missing"], told["rows"][1]["position"], told["rows"][1]["locked"]) == (2, 0, 2, True)
    assert "rows" not in found.to_dict(rows=False)


def test_a_track_that_is_gone_is_missing_with_its_name_and_returns(own, late, sixty):
    files = own.files()
    own.forget(["/music/4.flac"])
    row = with_facts(own, find(own, late)).rows[0]
    assert (row.missing, row.title, row.bpm) == (True, "Track 4", None)
    own.write([], [files["/music/4.flac"]])
    assert with_facts(own, find(own, late)).rows[0].missing is False
    own.drop([sixty[4].track_id])
    assert with_facts(own, find(own, late)).to_dict()["missing"] == 1


def test_names_are_unique_and_unknown_ones_are_told(own, late):
    with pytest.raises(ConfigError, match="is that of another playlist"):
        add(own, "LATE  drive", None, ())
    with pytest.raises(ConfigError, match="is not a name"):
        add(own, "  ", None, ())
    with pytest.raises(NotFound, match="no such playlist. There are: Late drive"):
        find(own, "Late dive")
    other = add(own, "Another", None, ())
    assert [found.name for found in playlists(own)] == ["Another", "Late drive"]
    with pytest.raises(ConfigError, match="is that of another playlist"):
        change(own, other, "rename", renamed("late drive"))
    drop(own, other)
    assert [found.name for found in playlists(own)] == ["Late drive"]
    with pytest.raises(NotFound, match="earmark playlist make"):
        find(own_empty(own), "x")


def own_empty(own):
    drop(own, "Late drive")
    return own


def test_a_change_raises_the_revision_and_can_be_undone(own, late):
    change(own, late, "rename", renamed("Early"))
    found = find(own, "Early")
    assert (found.revision, found.undo) == (2, ("rename",))
    change(own, late, "rename", renamed("Early"))  # changes nothing
    assert find(own, late).revision == 2
    with pytest.raises(CatalogueBusy, match="revision 2 in place of 1"):
        change(own, late, "rename", renamed("X"), revision=1)
    undo(own, late)
    assert (find(own, late).name, find(own, late).revision, find(own, late).undo) == ("Late drive", 3, ())
    with pytest.raises(NotFound, match="no change that could be undone"):
        undo(own, late)


def test_a_list_that_is_replaced_can_be_undone(own, late):
    assert add(own, "late drive", None, (Row("0" * 20),), replace_it=True) == late
    assert find(own, late).recipe is None
    undo(own, late)
    assert find(own, late).recipe == RECIPE


def test_so_many_changes_are_remembered(own, late):
    for i in range(STEPS_BACK + 3):
        change(own, late, "rename", renamed(f"Name {i}"))
    assert len(find(own, late).undo) == STEPS_BACK


def test_writers_at_the_same_time_lose_no_change(own, late, sixty):
    def push(i):
        def do(playlist):
            return keeping.replace(playlist, rows=(*playlist.rows, Row(sixty[i].track_id)))

        change(Store(own.path), late, "add", do)

    threads = [threading.Thread(target=push, args=(i,)) for i in range(10, 16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = find(Store(own.path), late)
    assert len(found.rows) == 8
    assert found.revision == 7
