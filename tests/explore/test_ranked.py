import numpy as np
import pytest

from earmark.explore.distinct import Answer
from earmark.explore.ranked import Ranked, parts_at
from earmark.explore.seeds import Seed
from earmark.explore.weights import Weights
from likeness import ranking_of


def test_hits_have_their_numbers_in_the_order_of_the_answers(likes, made):
    asked = ranking_of(likes, Weights(sound=1, energy=1), Seed(made[0].track_id))
    found = Ranked(likes, asked, np.ones(len(asked.sheet), bool))
    answers = [Answer(one, ["x"]) for one in found.first(5)[::-2]]
    hits = found.hits(answers)
    assert [hit.track.track_id for hit in hits] == [answer.one.track_id for answer in answers]
    assert [hit.score for hit in hits] == sorted(hit.score for hit in hits)
    rows = [found.row_of(answer.one) for answer in answers]
    assert asked.sheet.ids.take(rows).to_pylist() == [hit.track.track_id for hit in hits]
    assert found.scores_of(rows).tolist() == pytest.approx([hit.score for hit in hits])
    for hit in hits:
        assert hit.score == pytest.approx((hit.parts["sound"] + hit.parts["energy"]) / 2)
        assert hit.versions == ("x",)
        assert hit.to_dict()["parts"].keys() == {
            "sound",
            "rhythm",
            "harmony",
            "mood",
            "instruments",
            "energy",
            "lyrics",
        }


def test_what_is_not_known_is_none():
    assert parts_at({"a": np.array([0.2, np.nan])}, 1) == {"a": None}
