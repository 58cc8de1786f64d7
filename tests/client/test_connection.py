import http.server

import pytest

import earmark
from earmark.client.connection import KINDS, Connection, error_of
from earmark.errors import NotFound, QueryError, ServerError
from local_servers import running


@pytest.fixture
def answers():
    """A server that gives these answers (status, headers, body), one after another."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = self.server.answers.pop(0)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.answers, server.base = [], f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield server


def test_a_busy_server_is_asked_again_after_a_while(answers, monkeypatch):
    waited = []
    monkeypatch.setattr("time.sleep", waited.append)
    answers.answers += [(429, {"Retry-After": "3"}, b"")] * 2 + [(200, {}, b'{"ok": 1}')]
    assert Connection(answers.base, "k").get("/x") == {"ok": 1}
    assert waited == [3.0, 3.0]


def test_a_problem_becomes_the_error_that_it_was():
    body = '{"type": "/api#not-found", "source": "x", "detail": "no such track", "remedy": "Look."}'
    error = error_of(404, body, "here")
    assert (type(error), error.source, error.problem, error.remedy) == (NotFound, "x", "no such track", "Look.")
    assert KINDS["query-error"] is QueryError
    for foreign in ("<html>", "[]", "{}", "null", '{"type": 3}'):
        assert isinstance(error_of(502, foreign, "here"), ServerError)


def test_who_is_not_there_or_nowhere_is_told(answers):
    with pytest.raises(ServerError, match="cannot be asked"):
        earmark.connect("http://127.0.0.1:1", key="k")
    for wrong in ("localhost:8340", "", "ftp://x"):
        with pytest.raises(ServerError, match="no address"):
            earmark.connect(wrong, key="k")


def test_a_wrong_key_is_told(live):
    with pytest.raises(ServerError, match="no key"):
        earmark.connect(live.base, key="em_00000000_" + "A" * 43)
