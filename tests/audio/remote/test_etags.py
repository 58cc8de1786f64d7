from datetime import UTC, datetime

from earmark.audio.remote.etags import mark_of


def test_an_etag_goes_before_the_time_and_is_told_apart_from_one():
    one, other = mark_of('"1"', datetime.now(UTC)), mark_of('"2"', None)
    assert one == mark_of('"1"', None) != other
    assert -(2**63) < one < 0
    assert -(2**63) < other < 0


def test_without_one_the_time_counts_in_both_spellings():
    moment = datetime(1994, 11, 6, 8, 49, 37, tzinfo=UTC)
    assert mark_of("", moment) == mark_of("", "Sun, 06 Nov 1994 08:49:37 GMT") == 784_111_777 * 10**9
    assert mark_of("", "yesterday") == mark_of("", None) == 0
