import pytest
from mutagen import id3

from earmark.audio.filetags.genres import GENRES, genre_name, genre_names


def test_the_list_is_the_usual_one():
    assert list(GENRES) == list(id3.TCON.GENRES)


def test_numbers_beyond_the_list_have_no_name():
    assert genre_name(0) == ["Blues"]
    assert genre_name(191) == ["Psybient"]
    assert genre_name(192) == genre_name(255) == genre_name(-1) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Rock", ["Rock"]),
        ("17", ["Rock"]),
        ("(17)(51)My own", ["Rock", "Techno-Industrial", "My own"]),
        ("(RX)", ["Remix", ""]),
        ("CR", ["Cover"]),
        ("((in brackets)", ["(in brackets)"]),
        ("(not a number)", ["(not a number)"]),
        ("999", []),
        ("80s", ["80s"]),
    ],
)
def test_references_become_names(text, names):
    assert genre_names(text) == names


def test_a_long_row_of_references_ends():
    assert len(genre_names("(17)" * 100_000)) < 200
