import numpy as np
import pytest

from earmark.catalogue.filters import And, Compare, Has, Not, Or, to_sql
from earmark.catalogue.own import (
    TAGS,
    columns_of,
    in_own_tags,
    schema_of,
    told_tags,
    values_in_order,
    values_of,
    with_own_words,
)
from earmark.teaching.fit import Head
from earmark.teaching.taught import Example, Taught

IDS = [f"{i:020x}" for i in range(4)]
FIRE = Taught(
    "Camp fire", ("Camp fire",), examples={IDS[0]: Example("Camp fire")}, model_id="m", told=("Camp fire", ""),
    head=Head(np.array([[2.0, -2.0]], np.float32), np.zeros(2, np.float32)), thresholds={"Camp fire": 0.6},
)  # fmt: skip
SCENE = Taught("scene", ("kitchen", "夜"), is_group=True)


def test_columns_have_names_that_a_filter_can_write():
    assert columns_of(FIRE) == {"Camp fire": "own_camp_fire"}
    kitchen, night = columns_of(SCENE).values()
    assert kitchen == "own_scene_kitchen"
    assert night.startswith("own_scene_x_")
    assert schema_of([FIRE, SCENE]).names == [TAGS, "own_camp_fire", kitchen, night, "own_scene"]
    assert schema_of([]).names == []


def test_values_are_the_heads_and_the_users():
    found = values_of([FIRE], IDS[:3], np.array([[-3.0], [3.0], [0.1]]), "m")
    assert found[TAGS] == [["Camp fire"], ["Camp fire"], []]
    assert found["own_camp_fire"] == pytest.approx(1 / (1 + np.exp([12, -12, -0.4])), abs=1e-5)


def test_embeddings_of_another_model_give_no_probability():
    found = values_of([FIRE, SCENE], IDS[:2], np.array([[3.0], [3.0]]), "other")
    assert found == {
        TAGS: [["Camp fire"], []], "own_camp_fire": [None, None], "own_scene": [None, None],
        **dict.fromkeys(columns_of(SCENE).values(), [None, None]),
    }  # fmt: skip


def test_tracks_without_a_vector_keep_their_place():
    found = values_in_order([FIRE], IDS[:3], [IDS[2]], np.array([[3.0]]), "m")
    assert found[TAGS] == [["Camp fire"], [], ["Camp fire"]]
    assert found["own_camp_fire"][:2] == [None, None]
    assert found["own_camp_fire"][2] > 0.9


def test_words_change_without_the_rest():
    text = with_own_words("blue train", ["Camp fire"])
    assert text == "blue train || camp fire"
    assert with_own_words(text, ["night"]) == "blue train || night"
    assert with_own_words(text, []) == "blue train"
    assert with_own_words(None, []) == ""


def test_a_row_is_told_as_tags_are():
    row = {TAGS: ["Camp fire"], "own_camp_fire": 0.8, "own_scene": "kitchen", "own_scene_kitchen": None}
    found = told_tags(row, [FIRE, SCENE])
    assert [(hit.tag, hit.probability, hit.sure) for hit in found["own"]] == [("Camp fire", 0.8, True)]
    assert [(hit.tag, hit.sure) for hit in found["scene"]] == [("kitchen", True)]
    assert told_tags({}, [FIRE]) == {}


def test_a_tag_is_looked_for_among_ones_own_too():
    where = And((Not(Has("tags", "x")), Compare("year", "gt", 1)))
    sql = to_sql(in_own_tags(where))
    assert "NOT (array_has(`own_tags`, 'x'))" in sql
    assert "`own_tags` IS NULL" in sql
    assert isinstance(in_own_tags(Has("tags", "x")), Or)
    assert in_own_tags(None) is None
