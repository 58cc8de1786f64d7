import pytest

from earmark.errors import NotFound
from earmark.explore.distinct import Variety
from earmark.explore.heard import heard_of
from earmark.explore.seeds import Seed
from earmark.explore.similar import similar
from earmark.explore.why import MOST, why_like
from likeness import track_of


def test_the_parts_are_those_of_the_hit(likes, made):
    hit = next(
        hit
        for hit in similar(likes, made[0].track_id, 50, variety=Variety(versions=True), explain=True)
        if hit.track.track_id == made[2].track_id
    )
    found = why_like(likes, Seed(made[0].track_id), Seed(made[2].track_id))
    assert found.parts == pytest.approx(hit.parts, abs=2e-3)
    assert found.similarity == pytest.approx(hit.similarity, abs=1e-3)
    assert found.pairs[0] == hit.passages[0]
    assert found.parts["rhythm"] > 0.9


def test_passages_side_by_side(likes, made):
    found = why_like(likes, Seed(made[0].track_id, start=40, end=50), Seed(made[1].track_id))
    assert len(found.pairs) <= MOST
    assert found.pairs[0].start >= 30  # the half with the sound of the window
    told = found.to_dict()
    assert (told["start"], told["end"]) == (40, 50)
    assert told["passages"][0]["seed_start"] == 40
    assert told["other"] == made[1].track_id


def test_a_track_with_itself_gives_its_other_passages(likes, made):
    found = why_like(likes, Seed(made[0].track_id, start=2, end=8), Seed(made[0].track_id))
    assert all(not (pair.start < 8 and pair.end > 2) for pair in found.pairs)
    assert found.pairs[0].end <= 31


def test_a_file_that_the_catalogue_does_not_hold(likes, made):
    stranger = heard_of(track_of(900, tempo=100.0))
    assert why_like(likes, Seed(made[0].track_id), Seed(stranger)).parts["rhythm"] > 0.9


def test_without_anything_over_time_it_says_so(likes, made, monkeypatch):
    monkeypatch.setattr(likes, "courses", lambda ids, model_id: {})
    with pytest.raises(NotFound, match="nothing is kept of it over time"):
        why_like(likes, Seed(made[0].track_id), Seed(made[1].track_id))
