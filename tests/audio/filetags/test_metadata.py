import pytest

from earmark.audio.filetags.metadata import metadata_fields


def filled(metadata: dict, vorbis: bool = False) -> dict:
    return {field: values for field, values in metadata_fields(metadata, vorbis).items() if values != [""]}


def test_vorbis_comments_of_one_name_are_divided():
    metadata = {"artist": "One;Two; Three", "title": "t"}

    assert filled(metadata, vorbis=True) == {"artist": ["One", "Two", " Three"], "title": ["t"]}
    assert filled(metadata)["artist"] == ["One;Two; Three"]


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("author", "artist"),
        ("year", "date"),
        ("wm/year", "date"),
        ("originalyear", "originaldate"),
        ("wm/genre", "genre"),
    ],
)
def test_names_of_other_kinds_of_tags(name, field):
    assert filled({name: "x", "encoder": "y"}) == {field: ["x"]}


def test_a_field_of_many_megabytes_is_cut():
    assert len(filled({"title": "x" * 10_000_000})["title"][0]) < 10_000
    assert len(filled({"artist": "x;" * 10_000_000}, vorbis=True)["artist"]) < 10_000
