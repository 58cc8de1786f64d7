import pytest

from earmark.explore.distinct import Variety
from earmark.explore.explained import values_of_tracks
from earmark.explore.seeds import Seed
from earmark.explore.similar import similar

ALL = Variety(versions=True)


def test_by_sound_alone_hits_have_the_parts_that_a_ranking_gives_them(likes, made):
    seed = made[0].track_id
    by_index = {hit.track.track_id: hit for hit in similar(likes, seed, 50, variety=ALL, explain=True)}
    ranked = similar(likes, seed, 50, variety=ALL, weights="sound=1,mood=1")
    assert {hit.track.track_id for hit in ranked} == by_index.keys()
    for hit in ranked:
        assert by_index[hit.track.track_id].parts == pytest.approx(hit.parts, abs=2e-3)
        assert by_index[hit.track.track_id].score == by_index[hit.track.track_id].parts["sound"]


def test_hits_have_the_passages_that_are_most_alike(likes, made):
    hit = similar(likes, made[0].track_id, 1, variety=ALL, explain=True)[0]
    assert hit.track.track_id == made[1].track_id
    pair = hit.passages[0]
    assert pair.similarity > 0.99
    assert (pair.seed_start >= 30) == (pair.start >= 30)  # halves of the same sound
    found = hit.to_dict()
    assert found["passages"][0]["seed"] == made[0].track_id
    assert found["parts"]["sound"] == round(hit.parts["sound"], 4)


def test_nothing_is_explained_where_it_is_not_asked_for(likes, made):
    hit = similar(likes, Seed(made[0].track_id), 1)[0]
    assert (hit.parts, hit.passages, hit.score) == ({}, (), None)


def test_values_of_tracks_are_columns(likes, made):
    tracks = [hit.track for hit in similar(likes, made[0].track_id, 4)]
    values = values_of_tracks(likes, tracks)
    assert values["tempo"].shape == (4,)
    assert values["vector"].shape == (4, 16)
