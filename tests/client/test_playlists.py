import os

import pytest

from earmark.errors import ConfigError, FileError, NotFound
from earmark.library import Edits


def script(catalogue, folder) -> list:
    """The same for playlists."""
    recipe = {"like": ["Low"], "rules": {"tracks": 3}, "order": {"by": "similarity"}}
    found = [_kept(catalogue.make_playlist("Like", recipe, dry_run=True))]
    found += [
        _kept(catalogue.make_playlist("Like", recipe)),
        _kept(catalogue.make_playlist("Own", tracks=["Top", "Low"])),
    ]
    found += [[_kept(one) for one in catalogue.playlists()], _kept(catalogue.playlist("like"))]
    edits = Edits(add=("Middle",), at=1, move=((2, 1),), lock=(2,), rename="Mine")
    found += [_kept(catalogue.edit_playlist("Own", edits, revision=1)), _kept(catalogue.undo_playlist("mine"))]
    changed = catalogue.refresh_playlist("Like", recipe | {"seed": 7}, dry_run=True).to_dict()
    changed["playlist"].pop("id"), changed["playlist"].pop("created"), changed["playlist"].pop("changed")
    path = folder / "own.m3u8"
    found += [changed, catalogue.export_playlist("Own", path).n_found, len(path.read_text().splitlines())]
    catalogue.smart_playlist(folder / "calm.nsp", "duration > 1 AND year > 1990")
    catalogue.drop_playlist("Own")
    return [*found, (folder / "calm.nsp").read_text(), [one.name for one in catalogue.playlists()]]


def _kept(playlist) -> dict:
    """Without its id and moments."""
    told = playlist.to_dict()
    return {name: value for name, value in told.items() if name not in ("id", "created", "changed")}


def test_a_script_does_the_same_against_a_folder_and_a_server(both, same, tmp_path):
    same(*(script(catalogue, tmp_path) for catalogue in both))


def test_a_list_that_is_not_there_is_told_with_those_that_are(both):
    for catalogue in both:
        catalogue.make_playlist("Late", tracks=["Top"])
        with pytest.raises(NotFound, match="There are: Late"):
            catalogue.playlist("Nothing")


@pytest.mark.parametrize("suffix", ["m3u8", "xspf", "csv", "jspf"])
def test_a_list_of_another_program(both, prepared, tmp_path, suffix):
    here, there = both
    low = here.show("Low")
    names = {"m3u8": "r\u00e9lative/100% low.m3u8"}.get(suffix, f"list.{suffix}")
    (tmp_path / names).parent.mkdir(exist_ok=True)
    here.write_playlist(tmp_path / names, ["Top", low], roots=["/=/"])
    if suffix == "m3u8":  # with a line that is relative to it, and one that nobody has
        with open(tmp_path / names, "a", encoding="utf-8") as file:
            file.write(f"{os.path.relpath(here.show('High').path, (tmp_path / names).parent)}\nnobody/has this.mp3\n")
    made = [catalogue.import_playlist(tmp_path / names) for catalogue in both]
    assert [_kept(made[0][0]), made[0][1]] == [_kept(made[1][0]), made[1][1]]
    assert [row.title for row in made[1][0].rows][:2] == ["Top", "Low"]
    assert made[1][0].name == (tmp_path / names).stem
    if suffix == "m3u8":
        assert len(made[1][0].rows) == 3
        assert made[1][1] == [str(tmp_path / "r\u00e9lative" / "nobody" / "has this.mp3")]


def test_a_list_that_cannot_be_kept_is_the_same_error(both, tmp_path):
    (tmp_path / "none.m3u8").write_text("nobody.mp3\n")
    (tmp_path / "bad.xspf").write_text("<")
    for catalogue in both:
        catalogue.make_playlist("mine", tracks=["Top"])
        catalogue.write_playlist(tmp_path / "mine.csv", ["Low"])
        with pytest.raises(NotFound, match="none of its tracks"):
            catalogue.import_playlist(tmp_path / "none.m3u8")
        with pytest.raises(FileError, match="not a readable playlist"):
            catalogue.import_playlist(tmp_path / "bad.xspf")
        with pytest.raises(ConfigError):
            catalogue.import_playlist(tmp_path / "mine.csv")
        assert [row.title for row in catalogue.import_playlist(tmp_path / "mine.csv", replace=True)[0].rows] == ["Low"]
