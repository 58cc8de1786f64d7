"""The rules of decoded JSON, one by one."""

from dataclasses import dataclass

import pytest

from earmark.audio import schema


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        (schema.number(0, 1), [0, 1, 0.5], [True, "0", None, -0.1, 1.1, float("nan"), float("inf"), 10**400, []]),
        (schema.whole(1, 3), [1, 3], [0, 4, 1.0, True, "1", None]),
        (schema.flag, [True, False], [0, 1, None, "true"]),
        (schema.text(3), ["", "abc"], ["abcd", 1, None, ["a"]]),
        (schema.pattern("a+", "letters a"), ["a", "aaa"], ["", "ab", "a\n", 1, None]),
        (schema.optional(schema.flag), [None, True], [0]),
        (schema.listed(schema.flag, 2), [(), (True, False)], [(True,) * 3, [1], "ab", {"a": 1}, None]),
    ],
)
def test_what_a_rule_takes_and_what_it_refuses(rule, good, bad):
    assert [rule(value) for value in good] == good
    for value in bad:
        with pytest.raises(ValueError, match=" is n"):
            rule(value)


def test_a_record_has_its_keys_and_forgets_others():
    rule = schema.record({"a": schema.flag, "b": schema.number()}, may_lack=frozenset("b"))

    assert rule({"a": True, "c": "ignored"}) == {"a": True}
    for wrong, problem in (({}, "a is missing"), ({"a": 1}, "a: 1 is neither"), ([], "a list is not an object")):
        with pytest.raises(ValueError, match=problem):
            rule(wrong)


@dataclass
class Example:
    size: float
    note: str | None
    curve: tuple[float, ...] = ()
    n: int = 0


def test_a_dataclass_is_read_by_its_types():
    rule = schema.record_of(Example, n=schema.whole(0, 5))

    assert rule({"size": 1, "note": None, "curve": [1, 2]}) == {"size": 1.0, "note": None, "curve": (1.0, 2.0)}
    for wrong in ({"size": "1", "note": None}, {"size": 1}, {"size": 1, "note": 5}, {"size": 1, "note": "", "n": 6}):
        with pytest.raises(ValueError, match="^(size|note|n)"):
            rule(wrong)


def test_a_value_is_named_on_one_short_line():
    for value in ("x" * 500, "\x1b\n", {"a": 1}, [1], None, 10**5000, float("nan")):
        assert len(schema.shown(value)) < 80
        assert schema.shown(value).isprintable()
