import pytest
from pydantic import ValidationError

from earmark.library import tag_choices
from earmark.server.shapes import Corrections, GatesShape, ScanShape, SeedShape, SimilarTo, TagPlanShape


def test_a_seed_is_a_track_or_an_analysis():
    assert SeedShape(track="0" * 20).weight == 1.0
    assert SeedShape(analysis="0" * 16, weight=-1).analysis
    for wrong in ({}, {"track": "0" * 20, "analysis": "0" * 16}, {"track": "../x"}, {"track": "0" * 20, "weight": 1e9}):
        with pytest.raises(ValidationError):
            SeedShape(**wrong)
    assert SeedShape.model_json_schema()["oneOf"] == [{"required": ["track"]}, {"required": ["analysis"]}]


def test_a_whole_number_may_have_a_point():
    assert SimilarTo(seeds=[{"track": "0" * 20}], limit=5.0).limit == 5
    with pytest.raises(ValidationError):
        SimilarTo(seeds=[{"track": "0" * 20}], limit=5.5)


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        (Corrections, {"tempo": "92"}), (Corrections, {"title": "x"}), (ScanShape, {"options": {"worker_memory": 1}}),
        (SimilarTo, {"seeds": []}), (SimilarTo, {"seeds": [{"track": "0" * 20}] * 51}), (ScanShape, {"folders": [1]}),
    ],
)  # fmt: skip
def test_what_is_not_named_or_of_another_kind_is_refused(shape, values):
    with pytest.raises(ValidationError):
        shape(**values)


def test_null_and_nothing_are_told_apart():
    assert Corrections(tempo=None).model_dump(exclude_unset=True) == {"tempo": None}
    assert Corrections().model_dump(exclude_unset=True) == {}


def test_a_plan_of_tags_may_be_asked_for_all_that_there_is():
    told = tag_choices()
    assert set(GatesShape.model_fields) == set(told["gates"])
    for profile in told["profiles"]:
        asked = TagPlanShape(profile=profile["name"], fields=profile["fields"], notation=profile["notation"])
        assert asked.gates.model_dump(exclude_none=True) == {}
    for wrong in ({"profile": "serato"}, {"profile": "own.toml"}, {"mode": "wipe"}, {"gates": {"loud": 1}}):
        with pytest.raises(ValidationError):
            TagPlanShape(**wrong)
