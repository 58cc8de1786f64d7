import pytest

from earmark.formats import clock


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (9.6, "0:10"), (59.5, "1:00"), (247, "4:07"), (3727, "1:02:07"), (36000, "10:00:00")],
)
def test_a_clock_time(seconds, text):
    assert clock(seconds) == text
