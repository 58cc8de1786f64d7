import pytest

from earmark.errors import CatalogueBusy, ConfigError, NotFound
from earmark.explore.playlists import keeping, upkeep
from earmark.explore.playlists.recipe import Order, Recipe, Rules
from earmark.explore.playlists.upkeep import DRAFT, Edits, edit, new, refresh, settled, show, undo

RECIPE = Recipe(like=("Track 7",), rules=Rules(tracks=12), order=Order("harmonic"))


@pytest.fixture
def late(own):
    return new(own, "Late", RECIPE)


def numbers(playlist):
    return [int(row.title.split()[1]) for row in playlist.rows]


def test_a_new_list_is_kept_with_ids_of_its_seeds(own, late, sixty):
    assert len(late.rows) == 12
    assert late.recipe.like == (sixty[7].track_id,)
    assert show(own, "late") == late
    with pytest.raises(ConfigError, match="is that of another playlist"):
        new(own, "LATE", RECIPE)
    draft = new(own, "Draft", RECIPE, dry_run=True)
    assert (draft.id, numbers(draft)) == (DRAFT, numbers(late))
    assert [found.name for found in keeping.playlists(own)] == ["Late"]


def test_by_hand_the_order_is_the_given_one(own):
    found = new(own, "Mine", tracks=["Track 9", "Track 2", "Track 9"])
    assert (numbers(found), found.recipe) == ([9, 2], None)
    assert refresh(own, "Mine").is_empty
    assert new(own, "Empty").rows == ()
    with pytest.raises(NotFound):
        new(own, "None", tracks=["nothing"])


def test_tracks_of_another_list_stay_away(own, late):
    other = new(own, "Other", Recipe(like=("Track 7",), rules=Rules(tracks=12, not_in=("late",))))
    assert not set(numbers(other)) & set(numbers(late))
    assert other.recipe.rules.not_in == (late.id,)
    keeping.drop(own, "Late")
    assert not refresh(own, "Other").is_empty  # nothing is excluded any more
    with pytest.raises(NotFound, match="no such playlist"):
        settled(own, Recipe(rules=Rules(not_in=("nothing",))))


def test_a_refresh_of_the_same_catalogue_changes_nothing(own, late):
    assert refresh(own, "Late").is_empty
    assert show(own, "Late").revision == 1


def test_a_refresh_shows_what_it_would_do_before_it_does_it(own, late):
    gone = late.rows[3]
    own.forget([gone.path])
    found = refresh(own, "Late", dry_run=True)
    assert gone.track_id in [row.track_id for _, row in found.removed]
    assert len(found.added) == len(found.removed)
    assert show(own, "Late").revision == 1
    assert refresh(own, "Late").playlist.rows == found.playlist.rows
    assert len([row for row in show(own, "Late").rows if not row.missing]) == 12
    assert undo(own, "Late").rows[3].track_id == gone.track_id


def test_locked_and_removed_rows_are_respected(own, late):
    edited = edit(own, "Late", Edits(add=("Track 59",), at=2, remove=(5, 6), lock=(3,)))
    held = edited.rows[3].track_id  # row 3 became row 4
    assert [row.locked for row in edited.rows] == [False, True, False, True, *[False] * 7]
    after = refresh(own, "Late").playlist
    assert (after.rows[1].title, after.rows[3].track_id, len(after.rows)) == ("Track 59", held, 12)
    assert not {late.rows[4].track_id, late.rows[5].track_id} & {row.track_id for row in after.rows}
    assert show(own, "Late").undo == ("add 1, remove 2, lock 1", "refresh")


def test_another_recipe_may_take_its_place(own, late):
    found = refresh(own, "Late", Recipe(where="tempo < 90", rules=Rules(tracks=5)))
    assert set(numbers(found.playlist)) <= set(range(10))
    assert show(own, "Late").recipe.where == "tempo < 90"


def test_edits_are_done_together_or_not_at_all(own, late):
    with pytest.raises(NotFound):
        edit(own, "Late", Edits(remove=(1,), move=((2, 99),)))
    with pytest.raises(CatalogueBusy):
        edit(own, "Late", Edits(remove=(1,)), revision=7)
    assert show(own, "Late") == late
    assert edit(own, "Late", Edits(rename="Early", move=((12, 1),))).rows[0] == late.rows[11]
    assert Edits(rename="x", add=("a",)).told == "add 1, rename"
    assert Edits().told == ""


def test_a_refresh_leaves_what_was_changed_meanwhile(own, late, monkeypatch):
    made = upkeep.make

    def slow(store, recipe, kept):
        edit(own, "Late", Edits(remove=(1,)))
        return made(store, recipe, kept)

    monkeypatch.setattr(upkeep, "make", slow)
    with pytest.raises(CatalogueBusy, match="was changed meanwhile"):
        refresh(own, "Late", Recipe(where="tempo < 90"))
    assert len(show(own, "Late").rows) == 11
