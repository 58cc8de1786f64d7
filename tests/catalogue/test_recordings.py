"""Sound belongs to recordings, tags to files."""

import pytest

from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.catalogue.files import FileState
from earmark.catalogue.filters import And, Compare, Like, Not, OneOf, Or
from earmark.catalogue.recordings import after_writing, best_described, columns_of_files, in_any_file

ALBUM = FileTags("Song", "Band", "First Album", 1970, "Rock")
BEST_OF = FileTags("Song", "Band", "Best Of", 1990, "Rock")
BARE = FileTags("track07")


def file(name: str, tags: FileTags | None = ALBUM, track_id: str | None = "t") -> FileState:
    return FileState(f"/m/{name}", 1, 1, "", track_id, info=tags and FileInfo(tags))


@pytest.mark.parametrize("order", [1, -1])
def test_a_track_has_the_tags_of_its_best_described_file_whatever_was_first(order):
    files = [file("track07.mp3", BARE), file("b.mp3", BEST_OF), file("a.mp3", ALBUM)][::order]
    assert best_described(files).path == "/m/a.mp3"
    row = columns_of_files(files, ["piano"])
    assert (row["title"], row["album"], row["year"], row["n_files"]) == ("Song", "First Album", 1970, 3)
    assert {"first", "best", "piano", "track07"} <= set(row["text"].split())


def test_a_title_that_is_the_files_name_is_no_tag():
    assert best_described([file("song.mp3", FileTags("song")), file("x.mp3", FileTags("Song"))]).path == "/m/x.mp3"


def test_files_of_an_older_earmark_count_and_say_nothing():
    assert columns_of_files([file("a", None)], ["piano"]) == {"n_files": 1}
    assert columns_of_files([], []) == {"n_files": 0}
    assert columns_of_files([file("a", None), file("b", BARE)], [])["title"] == "track07"


def test_what_is_written_replaces_what_was_at_its_path_and_says_where_tags_differ():
    kept = [file("a.mp3", ALBUM), file("b.mp3", BEST_OF)]
    after = after_writing(kept, [file("b.mp3", BEST_OF, "other"), file("c.mp3", BARE)])
    assert {i: {state.path: state.differs for state in files} for i, files in after.items()} == {
        "t": {"/m/a.mp3": False, "/m/c.mp3": True},
        "other": {"/m/b.mp3": False},
    }
    assert after_writing(kept, [file("a.mp3", None, None), file("b.mp3", None, None)]) == {}


def test_a_condition_on_a_tag_holds_where_any_file_has_it():
    album, tempo = Compare("album", "eq", "Best Of"), Compare("tempo", "gt", 100)
    asked = []

    def tracks_with(condition):
        asked.append(condition)
        return ["x"] if condition == album else []

    either = Or((album, OneOf("track_id", ("x",))))
    assert in_any_file(And((album, tempo)), tracks_with) == And((either, tempo))
    assert in_any_file(Not(album), tracks_with) == Not(either)
    assert in_any_file(Like("title", "a%"), tracks_with) == Like("title", "a%")
    assert in_any_file(None, tracks_with) is None
    assert tempo not in asked
