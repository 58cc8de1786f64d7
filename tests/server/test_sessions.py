from earmark.server.sessions import LIFETIME, MOST, Sessions


def test_the_token_lets_one_browser_in():
    sessions = Sessions(8340)
    token = sessions.token
    assert sessions.redeem("wrong", ("read",)) is None
    assert sessions.redeem("ümlaut", ("read",)) is None
    value = sessions.redeem(token, ("read",))
    assert (sessions.find(value).scopes, sessions.find(value).at_console) == (("read",), True)
    assert not sessions.find(sessions.open(("read",))).at_console
    assert sessions.redeem(token, ("read",)) is None


def test_without_a_token_nobody_gets_in():
    assert Sessions(8340, with_token=False).redeem("", ("read",)) is None


def test_a_session_ends_after_its_time_and_when_it_is_closed(monkeypatch):
    sessions = Sessions(8340)
    first, second = sessions.open(("read",)), sessions.open(("read",))
    sessions.close(first)
    assert sessions.find(first) is None
    assert sessions.find(second)
    import time

    later = time.time() + LIFETIME + 1
    monkeypatch.setattr("earmark.server.sessions.time.time", lambda: later)
    assert sessions.find(second) is None


def test_the_oldest_session_goes_when_there_are_too_many():
    sessions = Sessions(8340)
    values = [sessions.open(("read",)) for _ in range(MOST + 1)]
    assert sessions.find(values[0]) is None
    assert all(map(sessions.find, values[1:]))


def test_cookies_of_two_servers_do_not_meet():
    assert Sessions(1).cookie != Sessions(2).cookie
