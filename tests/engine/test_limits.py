import pytest

from earmark.engine.limits import GRACE, Limits, believed_seconds
from earmark.settings import MAX_SECONDS, TIME_LIMIT, WORKER_MEMORY

MB = 10**6


def test_limits_are_those_of_the_settings():
    assert Limits() == Limits(TIME_LIMIT, MAX_SECONDS, WORKER_MEMORY)


@pytest.mark.parametrize(("size", "kind"), [(3 * MB, "mp3"), (20 * MB, "flac"), (32 * MB, "wav")])
def test_a_hang_of_three_minutes_is_ended_within_thirty_seconds(size, kind):
    assert 20 <= Limits().hearing(size, 180.0) + GRACE <= 30
    assert Limits().opening(size) <= Limits().hearing(size, 180.0)


def test_two_hours_get_more_and_none_gets_more_than_the_limit():
    limits = Limits()
    assert 200 < limits.hearing(115 * MB, 7200.0) <= TIME_LIMIT
    assert limits.hearing(1000 * MB, 72_000.0) == TIME_LIMIT
    assert Limits(time_limit=5.0).hearing(3 * MB, 180.0) == 5.0


def test_a_larger_limit_gives_every_file_more():
    assert Limits(time_limit=10 * TIME_LIMIT).hearing(3 * MB, 180.0) == pytest.approx(
        10 * Limits().hearing(3 * MB, 180.0)
    )


@pytest.mark.parametrize(
    ("size", "claimed", "believed"),
    [
        (3 * MB, 180.0, 180.0),
        (3 * MB, None, 187.5),  # 128 kbit/s
        (3 * MB, 0.0, 15.0),  # no more than 1.6 Mbit/s
        (50_000, 1e9, 100.0),  # no less than 4 kbit/s
        (3 * MB, -5.0, 15.0),
    ],
)
def test_a_claim_is_believed_as_far_as_the_size_allows(size, claimed, believed):
    assert believed_seconds(size, claimed) == believed
