import http.server

import pytest

from earmark.errors import ConfigError
from earmark.server.outside import Outside
from local_servers import running


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1"])
def test_what_is_not_the_internet_is_refused_by_whatever_name(address):
    with pytest.raises(ConfigError, match="private network"):
        Outside(resolve=lambda host, port: [address]).post("http://hook.example/x", b"", {})
    with pytest.raises(ConfigError, match="private network"):
        Outside(resolve=lambda host, port: ["93.184.215.14", address]).post("http://hook.example/x", b"", {})


def test_a_name_that_is_none_is_an_error_of_the_network():
    with pytest.raises(OSError, match="no name of a host"):
        Outside().post(f"http://{'x' * 70}/", b"", {})


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/", "file:///etc/passwd", "example.org", "", "http://", "http://me:word@example.org/",
        "http://example.org/#x", "http://example.org:99999/", "http://[::1/", "http://a b/",
        "http://example.org/\r\nX: y",
        "http://example.org/" + "x" * 2100, "http://exämple.org/",
        "http://example.org:0/", "gopher://example.org/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(ConfigError, match="no address"):
        Outside().check(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]:8080/x", "http://169.254.169.254/latest"])
def test_a_private_address_is_refused_before_anything_is_asked(url):
    with pytest.raises(ConfigError, match="--webhook-host"):
        Outside().check(url)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        self.server.seen.append((self.path, self.headers["Host"], self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.send_header("Retry-After", "7")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def receiver():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.status = [], 204
    with running(server):
        yield server


def test_a_name_is_resolved_once_and_its_address_is_what_is_asked(receiver):
    port, asked = receiver.server_address[1], []

    def resolve(host, port):
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    reply = Outside(["hook.example"], resolve).post(f"http://hook.example:{port}/a?b=c", b"body", {"X": "y"})
    assert reply.status == 204
    assert asked == ["hook.example"]
    assert receiver.seen == [("/a?b=c", f"hook.example:{port}", b"body")]


def test_nothing_is_followed_to_another_place(receiver):
    receiver.status = 302
    reply = Outside(["127.0.0.1"]).post(f"http://127.0.0.1:{receiver.server_address[1]}/", b"", {})
    assert (reply.status, reply.retry_after) == (302, 7.0)
    assert len(receiver.seen) == 1


def test_where_nobody_listens_is_an_error_of_the_network():
    with pytest.raises(OSError, match="refused|timed out"):
        Outside(["127.0.0.1"]).post("http://127.0.0.1:1/", b"", {})
