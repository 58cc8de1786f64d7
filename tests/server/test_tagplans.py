"""Plans of tags as they are kept."""

import pytest

from earmark.errors import NotFound
from earmark.interop.plan import Change, FilePlan, Plan, Refusal, read_plan
from earmark.server.tagplans import TagPlans

HOSTILE = "/music/\udcff\u202e<b>.flac"


def plan(plan_id="0" * 12, n=7, made="2026-01-02T03:04:05Z"):
    changes = (Change("bpm", "BPM", (), ("128",)), Change("key", "KEY", ("x\udcffy",), ("Am",)))
    paths = [HOSTILE, *(f"/music/{i}.flac" for i in range(1, n))]
    files = tuple(FilePlan(path, "a" * 20, 5, 6, "ab", changes[: 1 + i % 2]) for i, path in enumerate(paths))
    return Plan(plan_id, made, "beets", "add", files, (Refusal("/music/x.aac", "bad", "Leave it out."),), 3)


@pytest.fixture
def plans(tmp_path):
    return TagPlans(tmp_path)


def test_it_is_counted_read_by_pages_and_is_the_plan_of_the_command_line(plans):
    about = plans.keep(plan(), {"q": "calm"})
    assert about == plans.about("0" * 12)
    assert (about["files"], about["same"], about["refused"], about["asked"]) == (7, 3, 1, {"q": "calm"})
    assert about["values"] == {"bpm": 7, "key": 3}
    found, start, pages = [], 0, 0
    while start is not None:
        items, start = plans.page("0" * 12, "files", start, 3)
        found, pages = found + items, pages + 1
    assert pages == 3
    assert [item["path"] for item in found[1:]] == [f"/music/{i}.flac" for i in range(1, 7)]
    assert found[1]["changes"][1] == {"field": "key", "name": "KEY", "old": ["x\udcffy"], "new": ["Am"]}
    assert "\udcff" not in found[0]["path"]
    assert plans.page("0" * 12, "refused", 0, 50) == (
        [{"path": "/music/x.aac", "problem": "bad", "remedy": "Leave it out."}], None,
    )  # fmt: skip
    assert read_plan(plans.path("0" * 12)) == plan()


def test_all_are_listed_and_what_is_forgotten_is_gone(plans, tmp_path):
    plans.keep(plan("a" * 12), {})
    plans.keep(plan("b" * 12), {})
    assert [about["id"] for about in plans.all()] == ["a" * 12, "b" * 12]
    plans.drop("b" * 12)
    assert [about["id"] for about in TagPlans(tmp_path).all()] == ["a" * 12]
    for act in (plans.about, plans.path, plans.drop, lambda x: plans.page(x, "files", 0, 1)):
        with pytest.raises(NotFound, match="no such plan of tags"):
            act("b" * 12)


def test_what_was_not_kept_whole_is_no_plan(plans, tmp_path):
    plans.keep(plan(), {})
    (tmp_path / "tag-plans" / ("0" * 12) / "about.json").write_text('{"id": ')
    assert plans.all() == []


def test_an_empty_plan_has_one_empty_page(plans):
    plans.keep(Plan("c" * 12, "2026", "beets", "add", ()), {})
    assert plans.page("c" * 12, "files", 0, 10) == ([], None)
