"""Filters as values: equal by what they hold, and composed."""

from datetime import UTC, datetime, timedelta, timezone

from earmark.catalogue.filters import And, Compare, IsNull, OneOf, Or, both
from earmark.catalogue.filters.expression import depth, joined, utc

A, B, C = IsNull("a"), IsNull("b"), Compare("c", "eq", 1)


def test_filters_are_equal_by_value_and_can_be_keys():
    assert Compare("c", "eq", 1) == Compare("c", "eq", 1.0)
    assert len({And((A, C)), And((IsNull("a"), Compare("c", "eq", 1.0))), Or((A, C)), OneOf("c", (1,))}) == 3


def test_both_leaves_out_what_is_missing():
    assert both(None, None) is None
    assert both(A, None) == both(None, A) == A
    assert both(A, B) == And((A, B))


def test_both_makes_one_group():
    assert both(And((A, B)), C) == And((A, B, C)) == both(A, And((B, C)))
    assert both(Or((A, B)), C) == And((Or((A, B)), C))


def test_groups_of_a_kind_are_joined_and_one_part_stands_alone():
    assert joined(Or, [Or((A, B)), And((A, C))]) == Or((A, B, And((A, C))))
    assert joined(Or, [A]) == A
    assert depth(joined(Or, [Or((A, B)), And((A, C))])) == 3


def test_times_without_a_zone_are_utc():
    noon = datetime(2026, 1, 31, 12)
    assert utc(noon) == datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert utc(noon.replace(tzinfo=timezone(timedelta(hours=2)))) == datetime(2026, 1, 31, 10, tzinfo=UTC)
