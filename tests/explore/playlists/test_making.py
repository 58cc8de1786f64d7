from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from earmark.explore.playlists.costs import compatible_share
from earmark.explore.playlists.making import Kept, make, n_wanted, spread
from earmark.explore.playlists.recipe import Order, Recipe, Rules


@pytest.fixture
def made(store, number_of):
    """The numbers of the tracks that a recipe makes."""

    def run(recipe, kept=Kept({})):  # noqa: B008
        return [number_of[i] for i in make(store, recipe, kept)]

    return run


def test_one_seed_one_list(made):
    recipe = Recipe(rules=Rules(tracks=20), seed=4)
    assert made(recipe) == made(recipe)
    assert set(made(recipe)) != set(made(replace(recipe, seed=5)))


def test_seeds_come_with_what_sounds_like_them_and_variance_brings_others(made, sixty):
    recipe = Recipe(like=(sixty[7].track_id,), rules=Rules(tracks=10), order=Order("rank"))
    strict, loose = made(recipe), made(replace(recipe, variance=1.0))
    assert strict[0] == 7
    assert len(set(strict) & set(loose)) < 8
    assert strict == made(replace(recipe, seed=9))  # nothing is left to chance


def test_rules_of_artists_and_gaps(made):
    found = made(Recipe(rules=Rules(tracks=24, per_artist=2, gap=4), order=Order("similarity")))
    assert len(found) == 24
    assert max(Counter(i % 12 for i in found).values()) == 2
    last: dict = {}
    for slot, i in enumerate(found):
        assert slot - last.get(i % 12, -99) > 4
        last[i % 12] = slot
    assert len(made(Recipe(rules=Rules(tracks=24, per_artist=1)))) == 12


def test_a_shuffle_spreads_artists_by_itself(made):
    found = made(Recipe(where="tempo < 116", rules=Rules(tracks=36), order=Order("shuffle")))
    slots = {artist: [slot for slot, i in enumerate(found) if i % 12 == artist] for artist in range(12)}
    assert min(b - a for at in slots.values() for a, b in zip(at, at[1:], strict=False)) >= 7
    assert found != sorted(found)


def test_minutes_are_filled(made):
    assert len(made(Recipe(rules=Rules(minutes=17)))) == 17
    assert len(made(Recipe(rules=Rules(minutes=17.4)))) == 17
    assert len(made(Recipe(rules=Rules(minutes=500)))) == 60
    assert n_wanted(Rules(minutes=60)) == 15
    assert n_wanted(Rules()) == 30


def test_harmonic_lists_mix(made, sixty):
    found = made(Recipe(rules=Rules(tracks=20), order=Order("harmonic")))
    keys = np.array([(7 * (i // 3)) % 12 for i in found])
    assert compatible_share(keys, np.array([80.0 + i for i in found])) >= 18 / 19


def test_a_ramp_of_the_tempo_rises(made):
    found = made(Recipe(rules=Rules(tracks=12), order=Order("tempo", start_bpm=90, end_bpm=130)))
    bpm = np.array([80 + i for i in found])
    assert abs(bpm - 90 * (130 / 90) ** np.linspace(0, 1, 12)).max() < 3
    falling = made(Recipe(rules=Rules(tracks=12), order=Order("tempo", start_bpm=130, end_bpm=90)))
    assert falling[0] > 45 > falling[-1]


def test_an_arc_of_the_energy_is_followed(made):
    curve = ((0, 0.2), (0.5, 1.0), (1, 0.1))
    found = made(Recipe(rules=Rules(tracks=11), order=Order("energy", curve=curve)))
    wanted = np.interp(np.linspace(0, 1, 11), *zip(*curve, strict=True))
    assert np.abs(np.array(found) / 59 - wanted).max() < 0.06


def test_a_walk_is_smoother_than_the_ranking(made, store, sixty):
    vectors = store.embeddings("likeness")
    unit = {i: vectors[a.track_id] / np.linalg.norm(vectors[a.track_id].astype(float)) for i, a in enumerate(sixty)}

    def likeness(numbers):
        return np.mean([unit[a] @ unit[b] for a, b in zip(numbers, numbers[1:], strict=False)])

    recipe = Recipe(like=(sixty[7].track_id,), rules=Rules(tracks=40))
    walked, ranked = made(recipe), made(replace(recipe, order=Order("rank")))
    assert set(walked) == set(ranked)
    assert likeness(walked) > likeness(ranked) + 0.1


@pytest.mark.parametrize("by", ["similarity", "harmonic", "shuffle", "rank", "tempo"])
def test_locked_rows_stay_where_they_are(made, sixty, by):
    locked = {0: sixty[50].track_id, 4: sixty[3].track_id, 9: sixty[59].track_id}
    recipe = Recipe(where="tempo < 120", rules=Rules(tracks=10), order=Order(by))
    found = made(recipe, Kept(locked))
    assert len(found) == len(set(found)) == 10
    assert (found[0], found[4], found[9]) == (50, 3, 59)


def test_a_locked_track_that_is_gone_keeps_its_place(store, sixty):
    gone = "f" * 20
    kept = Kept({0: sixty[50].track_id, 2: gone, 5: sixty[3].track_id}, {sixty[1].track_id})
    found = make(store, Recipe(rules=Rules(tracks=8)), kept)
    assert (found[0], found[2], found[5]) == (sixty[50].track_id, gone, sixty[3].track_id)
    assert len(found) == 8
    assert sixty[1].track_id not in found
    late = make(store, Recipe(rules=Rules(tracks=3)), Kept({40: sixty[2].track_id}))
    assert late[2] == sixty[2].track_id


def test_nothing_fits(store, sixty):
    assert make(store, Recipe(where="tempo < 10")) == []
    assert make(store, Recipe(where="tempo < 10"), Kept({3: sixty[2].track_id})) == [sixty[2].track_id]


def test_spread_is_even():
    places = spread(np.array([0, 0, 0, 0, -1]), 3)
    assert np.allclose(np.diff(np.sort(places[:4])), 0.25)
    assert ((places >= 0) & (places <= 1)).all()
