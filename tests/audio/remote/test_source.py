import pytest

from earmark.audio.remote.source import LONGEST_WAIT, WAITS, Passing, missing, patiently, refused
from earmark.errors import Unreachable


def failing(times: int, after: float = 0.0):
    left = [Passing("HTTP 503", after)] * times

    def ask():
        if left:
            raise left.pop()
        return "found"

    return ask


def test_a_fault_that_passes_costs_waits_that_grow():
    waits = []
    assert patiently("s3://b/a", failing(3), waits.append) == "found"
    assert len(waits) == 3
    assert all(low <= wait <= 1.5 * low for low, wait in zip(WAITS, waits, strict=False))


def test_one_that_does_not_pass_is_told_with_its_reason():
    with pytest.raises(Unreachable, match=r"no answer after 5 tries \(HTTP 503\). Scan again"):
        patiently("s3://b/a", failing(5), lambda seconds: None)


def test_a_server_may_ask_for_a_longer_wait_within_bounds():
    waits = []
    patiently("s3://b/a", failing(1, after=10), waits.append)
    patiently("s3://b/a", failing(1, after=86_400), waits.append)
    assert waits == [10, LONGEST_WAIT]


def test_remedies_name_the_variables_of_the_store():
    assert "AWS_ACCESS_KEY_ID" in refused("s3://b/a", "403").remedy
    assert "signed" in refused("https://h/a?sig=1", "403").remedy
    assert "sig" not in missing("https://h/a?sig=1").source
