from dataclasses import replace

import numpy as np
import pytest

from earmark.errors import QueryError
from earmark.explore.parts import PARTS
from earmark.explore.ranking import Ranking
from earmark.explore.seeds import Seed, portrait_of
from earmark.explore.sheet import read_sheet
from earmark.explore.songs import Songs
from earmark.explore.weights import Weights
from likeness import ranking_of as ranking

OTHERS = ("harmony", "lyrics")  # less than 1 where a key is not sure; not known


@pytest.mark.parametrize(("part", "twin"), [("sound", 1), ("rhythm", 2), ("harmony", 3)])
def test_the_track_that_is_like_it_in_a_part_is_first_by_that_part(likes, made, part, twin):
    asked = ranking(likes, Weights(**{part: 1}), Seed(made[0].track_id))
    among = np.ones(len(asked.sheet), bool)
    among[asked.sheet.row_of(made[0].track_id)] = False
    best = asked.sheet.ids.take(asked.best(among, 2)).to_pylist()
    alike = {track.track_id for track in made[1:] if shares(track, part) == shares(made[0], part)}
    assert best[0] in ({made[twin].track_id} | alike)


def shares(track, part):
    key, tempo = track.descriptors["key"], track.descriptors["tempo"]
    return {"harmony": (key.tonic, key.mode), "rhythm": tempo.bpm}.get(part, track.track_id)


def test_every_part_of_a_track_with_itself_is_1(likes, made):
    asked = ranking(likes, Weights(sound=1), Seed(made[0].track_id))
    row = np.array([asked.sheet.row_of(made[0].track_id)])
    assert {name: round(float(x[0]), 2) for name, x in asked.shares_of_rows(row).items() if name not in OTHERS} == {
        name: 1 for name in PARTS if name not in OTHERS
    }


def test_the_best_of_many_are_those_of_all_by_their_exact_scores(likes, made):
    weights = Weights(sound=1, rhythm=1, mood=0.5, energy=-0.5)
    asked = ranking(likes, weights, Seed(made[0].track_id), Seed(made[7].track_id, 2), Seed(made[9].track_id, -1))
    among = np.arange(len(asked.sheet)) % 3 > 0
    rows = np.flatnonzero(among)
    scores = asked.scores(asked.shares_of_rows(rows))
    assert asked.best(among, 5).tolist() == rows[np.argsort(-scores, kind="stable")][:5].tolist()


def test_a_seed_below_0_and_a_part_below_0_turn_the_order_around(likes, made):
    up = ranking(likes, Weights(mood=1), Seed(made[0].track_id))
    down = ranking(likes, Weights(mood=-1), Seed(made[0].track_id))
    rows = np.arange(len(up.sheet))
    assert np.allclose(up.scores(up.shares_of_rows(rows)), 1 - down.scores(down.shares_of_rows(rows)))
    both = ranking(likes, Weights(mood=1), Seed(made[0].track_id), Seed(made[0].track_id, -1), Seed(made[5].track_id))
    assert np.allclose(
        both.shares_of_rows(rows, ["mood"])["mood"],
        (1 + ranking(likes, Weights(mood=1), Seed(made[5].track_id)).shares_of_rows(rows, ["mood"])["mood"]) / 3,
    )


def test_a_part_that_no_track_has_cannot_be_asked_for(store):
    with pytest.raises(QueryError, match="not known of any track"):
        ranking(store, Weights(instruments=1), Seed("Low"))


def test_seeds_that_cancel_each_other(likes, made):
    asked = ranking(likes, Weights(sound=1), Seed(made[0].track_id), Seed(made[0].track_id, -1))
    with pytest.raises(QueryError, match="cancel"):
        asked.best(np.ones(len(asked.sheet), bool), 3)


def test_a_part_that_the_seeds_lack_cannot_be_asked_for(likes, made):
    songs = Songs(likes, "likeness")
    seed = portrait_of(likes, songs, Seed(made[0].track_id))
    keyless = replace(seed, values=seed.values | {"key": None})
    with pytest.raises(QueryError, match="harmony: not known of what you gave"):
        Ranking(read_sheet(likes), [keyless], [1.0], Weights(harmony=1))
    both = Ranking(read_sheet(likes), [keyless, seed], [1.0, 1.0], Weights(harmony=1))
    assert len(both.best(np.ones(len(both.sheet), bool), 3)) == 3
