"""What every place does, wherever it lies: each test runs on a disk and in an object store."""

import pytest

from earmark.catalogue.place import Found
from earmark.catalogue.where import place_of


@pytest.fixture(params=["on a disk", "in an object store"])
def place(request, tmp_path):
    if request.param == "on a disk":
        return place_of(tmp_path / "music.earmark")
    return place_of(request.getfixturevalue("uri"))


def test_a_file_is_written_read_and_dropped(place):
    place.make_folder()
    song = place / "song.txt"
    assert not song.exists()
    song.write(b"one")
    song.write(b"two and three")
    assert (song.name, song.stem, song.suffix) == ("song.txt", "song", ".txt")
    assert (song.read(), b"".join(song.blocks()), song.exists()) == (b"two and three", b"two and three", True)
    assert song.look().size == 13
    song.remove()
    song.remove()
    assert not song.exists()
    for ask in (song.read, song.look):
        with pytest.raises(FileNotFoundError):
            ask()


def test_what_lies_in_a_folder(place):
    assert not place.exists()
    assert place.entries() == list(place.files()) == []
    for name in ("b/x.txt", "b/deep/y.txt", "a.txt", "bc/z.txt"):
        (place / name).parent.make_folder()
        (place / name).write(name.encode())
    assert place.entries() == ["a.txt", "b", "bc"]
    assert (place / "b").entries() == ["deep", "x.txt"]
    assert {name: found.size for name, found in (place / "b").files()} == {"x.txt": 7, "deep/y.txt": 12}
    assert place.is_folder()
    assert (place / "b").is_folder()
    assert not (place / "a.txt").is_folder()
    assert (place / "b" / "deep").parent == place / "b"
    (place / "b").remove_all()
    (place / "b").remove_all()
    assert place.entries() == ["a.txt", "bc"]


def test_many_files_are_looked_at_at_once_and_a_missing_one_costs_no_other(place):
    (place / "t").make_folder()
    (place / "t" / "x").write(b"123")
    found = dict(place.look_at(["t/x", "t/gone", "nowhere/y"]))
    assert isinstance(found["t/x"], Found)
    assert found["t/x"] == (place / "t" / "x").look()
    assert isinstance(found["t/gone"], FileNotFoundError)
    assert isinstance(found["nowhere/y"], FileNotFoundError)


def test_a_file_comes_to_hand_under_its_name_and_is_copied_with_its_time(place, tmp_path):
    place.make_folder()
    song = place / "song.txt"
    song.write(b"la la")
    with song.at_hand() as path:
        assert (path.name, path.read_bytes()) == ("song.txt", b"la la")
    song.copy_to(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"la la"
    assert (tmp_path / "copy").stat().st_mtime_ns == song.look().mtime_ns


def test_a_folder_in_the_place_of_another_is_told_from_it(tmp_path):
    place = place_of(tmp_path / "c")
    assert place.identity() is None
    place.make_folder()
    before = place.identity()
    (tmp_path / "c").rename(tmp_path / "moved")
    place.make_folder()
    assert place.identity() != before == place_of(tmp_path / "moved").identity()
