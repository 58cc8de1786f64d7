from datetime import UTC, datetime

import pytest

from earmark.server.cursors import Cursors
from earmark.server.problems import Refused

QUESTION = {"q": "", "where": "year < 1970"}


@pytest.mark.parametrize("place", [[92.5, "abc"], [None, "abc"], 40, [datetime(2026, 1, 31, 12, tzinfo=UTC), "abc"]])
def test_a_place_comes_back(place):
    cursors = Cursors(b"secret")
    assert cursors.read(QUESTION, cursors.write(QUESTION, place)) == place


@pytest.mark.parametrize("cursor", ["", "A", "====", "é", "AAAA" * 20, "x" * 4000])
def test_what_we_did_not_write_is_refused(cursor):
    with pytest.raises(Refused, match="not of this list"):
        Cursors(b"secret").read(QUESTION, cursor)


def test_another_question_or_another_server_is_refused():
    cursor = Cursors(b"secret").write(QUESTION, 40)
    for secret, question in ((b"secret", {}), (b"other", QUESTION)):
        with pytest.raises(Refused):
            Cursors(secret).read(question, cursor)
