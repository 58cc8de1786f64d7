from types import SimpleNamespace

import numpy as np
import pytest

from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.errors import ConfigError, NotFound
from earmark.explore.playlists import pool as pool_module
from earmark.explore.playlists.pool import FACTS, facts, gather, pool_of, songs_of
from earmark.explore.playlists.recipe import Recipe, Rules


def gathered(store, recipe, besides=(), always=(), wanted=60):
    return gather(store, recipe, besides, always, wanted, np.random.default_rng(0))


def test_facts_are_those_of_the_tracks_that_are_there(store, sixty):
    found = facts(store, [sixty[3].track_id, "0" * 20, sixty[1].track_id])
    assert set(found) == {sixty[3].track_id, sixty[1].track_id}
    assert found[sixty[3].track_id]["tempo"] == 83.0
    assert found[sixty[3].track_id]["paths"] == ["/music/3.flac"]
    assert set(found[sixty[3].track_id]) == set(FACTS)


def test_a_pool_keeps_order_groups_and_vectors(store, sixty):
    pool = pool_of(store, [sixty[i].track_id for i in (0, 12, 1)], {sixty[12].track_id: 0.5})
    assert pool.artists.tolist() == [0, 0, 1]
    assert pool.albums.tolist() == [-1, -1, -1]
    assert pool.cost.tolist() == [0, 0.5, 0]
    assert pool.keys.tolist() == [0, 4, 0]
    np.testing.assert_allclose(np.linalg.norm(pool.vectors, axis=1), 1, atol=1e-3)
    assert pool[[2, 0]].ids == [sixty[1].track_id, sixty[0].track_id]


def test_the_filter_the_lengths_and_the_exclusions_hold(store, number_of, sixty):
    pool = gathered(store, Recipe(where="tempo < 100"), besides=[sixty[0].track_id])
    assert {number_of[i] for i in pool.ids} == set(range(1, 20))
    assert len(gathered(store, Recipe(rules=Rules(longest=59)))) == 0
    assert len(gathered(store, Recipe(rules=Rules(shortest=59)))) == 60
    pool = gathered(store, Recipe(where="tempo < 100"), [sixty[0].track_id], always=[sixty[59].track_id])
    assert sixty[59].track_id in pool.ids


def test_a_filter_that_is_none_is_named(store):
    with pytest.raises(ConfigError, match="recipe: where = 'tmpo < 3'"):
        gathered(store, Recipe(where="tmpo < 3"))
    with pytest.raises(ConfigError, match="does not tell music from speech"):
        gathered(store, Recipe(rules=Rules(speech=False)))


def test_seeds_are_the_best_fit_and_unwanted_ones_are_not_in_it(store, sixty):
    pool = gathered(store, Recipe(like=(sixty[5].track_id,), unlike=(sixty[6].track_id,)))
    assert pool.ids[0] == sixty[5].track_id
    assert sixty[6].track_id not in pool.ids
    assert (np.diff(pool.cost) >= 0).all()
    own = pool.vectors @ pool.vectors[0]
    assert own[1:6].mean() > own[-5:].mean() + 0.3
    with pytest.raises(NotFound):
        gathered(store, Recipe(like=("nothing",)))


def test_a_text_and_seeds_are_joined(store, sixty, number_of):
    pool = gathered(store, Recipe(like=(sixty[5].track_id,), text='"Track 40"'))
    assert {number_of[i] for i in pool.ids[:2]} == {5, 40}


def test_chance_chooses_the_same_for_a_seed(store):
    assert gathered(store, Recipe(), wanted=5).ids == gathered(store, Recipe(), wanted=5).ids


def test_files_and_versions_of_one_song_have_one_number(doubles):
    store = Store(doubles / "catalogue")
    pool = pool_of(store, sorted(store.track_ids()))
    titles = {
        title: int(n) for title, n in zip((row["title"] for row in pool.rows), songs_of(store, pool), strict=True)
    }
    same = {titles[t] for t in ("Song (2011 Remaster)", "unnamed", "Song - Live at Home")}
    assert len(same) == 1
    assert len({titles["Another"], titles["Song (DJ Remix)"], *same}) == 3


def test_a_text_is_asked_as_a_search_is(store, sixty, monkeypatch):
    asked = []

    def find(store, text, wish, load_encoder):
        asked.append((text, wish.n, wish.variety.is_all, wish.passages))
        hits = store.select(Query(wish.where, sort="-tempo", limit=3))
        return SimpleNamespace(hits=[SimpleNamespace(hit=hit) for hit in hits])

    monkeypatch.setattr(pool_module, "find", find)
    pool = gathered(store, Recipe(text="rainy night jazz", where="tempo < 100"))
    assert pool.ids == [sixty[i].track_id for i in (19, 18, 17)]
    assert pool.cost.tolist() == pytest.approx([0, 1 / 3, 2 / 3])
    assert asked == [("rainy night jazz", 240, True, False)]
