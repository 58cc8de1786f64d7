from dataclasses import replace

import pytest

from earmark.errors import ConfigError, NotFound
from earmark.explore.playlists import editing
from earmark.explore.playlists.editing import difference, position_of
from earmark.explore.playlists.keeping import Playlist, Row
from earmark.explore.playlists.recipe import MAX_TRACKS


def rows(text):
    return tuple(Row(c * 20, title=f"Title {c}", key="A minor", bpm=100.0) for c in text)


LIST = Playlist("1", "L", None, rows("abcde"))


def resolve(text):
    known = {"else": "e" * 20, "far": "f" * 20}
    if text not in known:
        raise NotFound(text, "not there", "Look.")
    return known[text]


def ids(playlist):
    return "".join(row.track_id[0] for row in playlist.rows)


def test_a_row_is_meant_by_number_id_title_or_path():
    found = [position_of(LIST.rows, x, resolve) for x in (2, "3", "b" * 20, "cccc", "Title d", "else")]
    assert found == [1, 2, 1, 2, 3, 4]
    for reference, problem in ((0, "no row"), ("6", "no row"), ("nothing", "not there"), ("far", "is not in the list")):
        with pytest.raises(NotFound, match=problem):
            position_of(LIST.rows, reference, resolve)
    with pytest.raises(NotFound, match="stands in rows 1, 2"):
        position_of((Row("a" * 20, "T"), Row("b" * 20, "T")), "T", resolve)


def test_rows_are_added_once_and_locked():
    found = editing.added(rows("xby"), 2)(replace(LIST, removed=("x" * 20, "q" * 20)))
    assert ids(found) == "axybcde"
    assert [row.locked for row in found.rows] == [False, True, True, *[False] * 4]
    assert found.removed == ("q" * 20,)
    assert ids(editing.added(rows("z"), None)(LIST)) == "abcdez"
    with pytest.raises(ConfigError, match="would have 505 tracks"):
        editing.added([Row(f"{i:020}") for i in range(MAX_TRACKS)], None)(LIST)


def test_rows_go_move_and_lock():
    gone = editing.removed(["1", "Title d"], resolve)(LIST)
    assert (ids(gone), gone.removed) == ("bce", ("a" * 20, "d" * 20))
    assert ids(editing.moved("5", 1, resolve)(LIST)) == "eabcd"
    assert ids(editing.moved("Title a", 3, resolve)(LIST)) == "bcade"
    with pytest.raises(NotFound, match="no row"):
        editing.moved("1", 6, resolve)(LIST)
    held = editing.locked([1, 3], True, resolve)(LIST)
    assert [row.locked for row in held.rows] == [True, False, True, False, False]
    assert not any(row.locked for row in editing.locked([1, 3], False, resolve)(held).rows)
    assert editing.in_turn([editing.renamed("N"), editing.moved(1, 2, resolve)])(LIST).name == "N"


def test_a_difference_names_as_few_moves_as_there_are():
    after = replace(LIST, rows=rows("ebcxd"))
    found = difference(LIST, after)
    assert [(i, row.track_id[0]) for i, row in found.added] == [(4, "x")]
    assert [(i, row.track_id[0]) for i, row in found.removed] == [(1, "a")]
    assert [(a, b, row.track_id[0]) for a, b, row in found.moved] == [(5, 1, "e")]
    assert found.compatible == (1.0, 1.0)
    assert not found.is_empty
    assert difference(LIST, LIST).is_empty
    told = found.to_dict()
    assert (told["added"][0]["position"], told["moved"][0]["from"], told["moved"][0]["position"]) == (4, 5, 1)
    assert told["playlist"]["tracks"] == 5
