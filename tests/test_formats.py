import pytest

from earmark.formats import clock, read_clock


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (9.6, "0:10"), (59.5, "1:00"), (247, "4:07"), (3727, "1:02:07"), (36000, "10:00:00")],
)
def test_a_clock_time(seconds, text):
    assert clock(seconds) == text


@pytest.mark.parametrize(("text", "seconds"), [("0:30", 30), ("90", 90), ("1:02:07.5", 3727.5), (" 2:00 ", 120)])
def test_a_time_is_read(text, seconds):
    assert read_clock(text) == seconds


@pytest.mark.parametrize("text", ["", "x", "-3", "1:2:3:4", "1e3", "nan", "1:", ":30"])
def test_what_is_no_time(text):
    with pytest.raises(ValueError, match="no time"):
        read_clock(text)
