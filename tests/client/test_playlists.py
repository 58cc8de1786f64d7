import pytest

from earmark.errors import NotFound
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
