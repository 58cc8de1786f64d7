import numpy as np
import pytest

from earmark.catalogue.store import Store
from earmark.errors import MissingPackage, NotFound
from earmark.explore.map import build_map, read_map
from earmark.library import Catalogue
from two_kinds import scan_kinds, write_kinds


def test_a_map_is_built_kept_and_read(kinds):
    built = build_map(Store(kinds))
    found = Catalogue(kinds).map()
    assert dict(zip(found.ids, map(tuple, found.xy), strict=True)) == dict(
        zip(built.ids, map(tuple, built.xy), strict=True)
    )
    assert (found.version, found.kept, found.n_missing) == (built.version, pytest.approx(built.kept, abs=1e-4), 0)
    assert len(found) == 24
    assert found.kept > found.chance
    assert not any(name.startswith("map_") for name in Catalogue(kinds).fields())
    assert Catalogue(kinds).check().is_whole


def test_new_tracks_are_placed_and_none_moves(tmp_path):
    write_kinds(tmp_path / "music", range(8))
    before = build_map(scan_kinds(tmp_path))
    write_kinds(tmp_path / "music", range(8, 10))
    store = scan_kinds(tmp_path)
    assert read_map(store).n_missing == 4
    after = build_map(store)
    assert (len(after), after.n_placed, after.n_missing) == (20, 4, 0)
    assert after.version != before.version
    places = dict(zip(after.ids, after.xy.tolist(), strict=True))
    assert [places[i] for i in before.ids] == before.xy.tolist()
    again = build_map(store)
    assert (again.version, again.built_at) == (after.version, before.built_at)
    anew = build_map(store, anew=True)
    assert (anew.n_placed, len(anew)) == (0, 20)


def test_a_map_of_another_model_is_none(tmp_path):
    write_kinds(tmp_path / "music", range(6))
    build_map(scan_kinds(tmp_path))
    store = scan_kinds(tmp_path, seed=1, id="other")
    with pytest.raises(NotFound, match="of model 'tiny'"):
        read_map(store)
    assert build_map(store).model_id == "other"
    assert read_map(store).n_placed == 0


def test_without_a_map_or_the_package_it_is_said(kinds, monkeypatch):
    with pytest.raises(NotFound, match="has no map"):
        Catalogue(kinds).map()
    monkeypatch.setitem(__import__("sys").modules, "openTSNE", None)
    with pytest.raises(MissingPackage, match=r"earmark\[map\]"):
        Catalogue(kinds).build_map()


def test_tracks_that_went_are_not_on_the_map(kinds):
    store = Store(kinds)
    build_map(store)
    paths = sorted(store.files())[:2]
    store.forget(paths)
    found = read_map(Store(kinds))
    assert (len(found), found.n_missing) == (22, 0)
    assert np.isfinite(found.xy).all()
    assert len(build_map(Store(kinds))) == 22
