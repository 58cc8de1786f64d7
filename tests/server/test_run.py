"""The server as a process: its start, who gets in, its end."""

import socket
import subprocess
import time

import pytest

from earmark.errors import ConfigError
from earmark.server.keys import KeyStore
from earmark.server.run import _bound, is_loopback, serve
from earmark.server.state import state_folder
from live_server import COMMAND


@pytest.mark.parametrize(
    ("host", "local"),
    [("127.0.0.1", True), ("127.1.2.3", True), ("::1", True), ("localhost", True), ("0.0.0.0", False),
     ("::", False), ("192.168.0.1", False), ("music.example.org", False), ("", False)],
)  # fmt: skip
def test_which_addresses_only_this_machine_can_reach(host, local):
    assert is_loopback(host) is local


def test_others_can_reach_it_with_a_key_only(tmp_path):
    with pytest.raises(ConfigError, match="no key"):
        serve(tmp_path / "music", "0.0.0.0", 0, (), print)
    KeyStore(state_folder(tmp_path / "music")).create("old", ("read",), days=1e-9)
    with pytest.raises(ConfigError, match="no key that holds"):
        serve(tmp_path / "music", "0.0.0.0", 0, (), print)


def test_a_port_that_is_taken_is_an_error_of_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ConfigError, match="cannot be listened on"):
            serve(tmp_path, "127.0.0.1", port, (), print)


def test_no_part_of_an_answer_waits_for_word_of_the_one_before():
    with _bound("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_the_printed_address_lets_one_browser_in(live_copy):
    server = live_copy()
    with server.stranger() as browser:
        assert browser.get("/enter", params={"token": "x"}).status_code == 401
        answer = browser.get("/enter", params={"token": server.token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert browser.get("/api/v1/session").json()["name"] == "session"
        assert browser.get("/api/v1/catalogue", headers={"Authorization": "Bearer x"}).status_code == 401
        assert browser.delete("/api/v1/session").status_code == 204
        assert browser.get("/api/v1/session").status_code == 401
    with server.stranger() as other:
        assert other.get("/enter", params={"token": server.token}).status_code == 401


def test_on_another_address_there_is_no_token(prepared):
    KeyStore(state_folder(prepared / "catalogue")).create("test", ("read",))
    words = [*COMMAND, "--catalogue", str(prepared / "catalogue"), "--port", "0", "--host", "0.0.0.0"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    process.terminate()
    process.communicate(timeout=30)
    assert line.startswith("http://0.0.0.0:")
    assert "token" not in line


def test_a_name_of_its_own(live_copy):
    server = live_copy("--allow-host", "Music.example.org")
    with server.stranger(headers={"Host": "music.example.org"}) as anyone:
        assert anyone.get("/api/v1/health").json() == {"status": "ok"}


def test_it_starts_soon_and_ends_in_order(live_copy):
    began = time.monotonic()
    server = live_copy()
    with server.stranger() as anyone:
        assert anyone.get("/api/v1/health").status_code == 200
    assert time.monotonic() - began < 20  # 1.6 s of processor; this machine may be busy
    assert server.end() == ""
    assert server.process.returncode in (0, -15)
