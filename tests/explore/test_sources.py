import json

import pytest

from earmark.catalogue.store import Store
from earmark.errors import FileError, NotFound, QueryError
from earmark.explore.sources import find_song, tracks_listed, tracks_of


def named(store, ids):
    return sorted(store.track(i).title for i in ids)


@pytest.fixture
def store(kinds):
    return Store(kinds)


def test_a_folder_and_a_tag_of_files(store, kinds_scanned):
    ids, missing = tracks_of(store, kinds_scanned / "music")
    assert (len(ids), missing) == (24, [])
    ids, _ = tracks_of(store, "genre=low")
    assert len(ids) == 12
    assert named(store, tracks_of(store, "artist=band HIGH 3")[0]) == ["High 3"]
    assert tracks_of(store, "genre=polka") == ([], [])


@pytest.mark.parametrize("form", ["m3u8", "csv", "jspf", "txt"])
def test_lists_name_tracks_by_path_id_or_title(store, kinds_scanned, tmp_path, form):
    music, path = kinds_scanned / "music", tmp_path / f"list.{form}"
    entries = [str(music / "low 1.flac"), "High 2", str(music / "gone.flac")]
    lines = {
        "m3u8": "\ufeff#EXTM3U\n#EXTINF:1,x\n" + "\n".join(entries),
        "txt": "\n".join(entries),
        "csv": f"title,path\nx,{entries[0]}\nHigh 2,\nx,{entries[2]}",
        "jspf": json.dumps({"playlist": {"track": [{"location": [f"file://{entries[0].replace(' ', '%20')}"]},
                                                   {"location": entries[1]}, {"location": entries[2]}]}}),
    }  # fmt: skip
    path.write_text(lines[form], encoding="utf-8")
    ids, missing = tracks_of(store, path)
    assert named(store, ids) == ["High 2", "Low 1"]
    assert missing == [entries[2]]


def test_a_list_of_another_machine_is_found_by_artist_title_and_length(store, tmp_path):
    track = store.track(store.resolve("High 2"))
    artist, seconds = track.analysis.file_tags.artist, round(track.duration)
    path = tmp_path / "x.m3u8"
    path.write_text(f"#EXTM3U\n#EXTINF:{seconds},{artist.upper()} - HIGH 2\nD:\\Music\\High 2.mp3\n")
    assert tracks_listed(store, path) == ([track.track_id], [])
    path.write_text(f"#EXTINF:{seconds + 9},{artist} - High 2\n/x/a.mp3\n#EXTINF:{seconds},Nobody - High 2\n/x/b.mp3\n")
    assert tracks_listed(store, path) == ([], ["/x/a.mp3", "/x/b.mp3"])


def test_a_track_is_there_once_in_the_order_of_the_list(store, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("High 2\nLow 1\nHigh 2\n")
    ids, _ = tracks_listed(store, path)
    assert [store.track(track_id).title for track_id in ids] == ["High 2", "Low 1"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.jspf", "[]", "not a readable playlist"),
        ("a.csv", "x,y\n1,2\n", "no column path"),
        ("a.doc", "x", "no playlist that is read"),
    ],
)
def test_a_file_that_is_no_list_is_an_error(store, tmp_path, name, text, problem):
    (tmp_path / name).write_text(text)
    with pytest.raises(FileError, match=problem):
        tracks_of(store, tmp_path / name)


def test_neither_file_nor_field(store):
    with pytest.raises(FileError, match="no such file"):
        tracks_of(store, "nowhere.m3u8")
    with pytest.raises(QueryError, match="no field"):
        tracks_of(store, "gender=x")
    with pytest.raises(QueryError, match="no value"):
        tracks_of(store, "genre=")


def test_a_song_is_found_by_what_is_known_of_it(store):
    track = store.track(store.resolve("High 2"))
    artist = track.analysis.file_tags.artist
    assert find_song(store, "HIGH 2") == track.track_id
    assert find_song(store, "high 2", artist.upper(), track.duration + 2) == track.track_id
    for wanted in (("High 2", "nobody"), ("High 2", artist, track.duration + 9), ("High", artist), ("",)):
        with pytest.raises(NotFound, match="no track is called so"):
            find_song(store, *wanted)
