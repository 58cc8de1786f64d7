import pytest

from earmark.errors import FileError
from earmark.interop.servers import web
from earmark.interop.servers.web import Web
from media_servers import media_server


@pytest.fixture
def media():
    with media_server("navidrome", []) as media:
        yield media


def test_a_form_holds_a_name_several_times(media):
    Web(media.base, parameters={"k": "v"}).ask("POST", "/rest/ping.view", form=[("songId", "1"), ("songId", "2")])
    assert media.asked == ["POST /rest/ping.view"]


def test_an_answer_that_is_too_large_is_refused(media, monkeypatch):
    monkeypatch.setattr(web, "LARGEST", 10)
    with pytest.raises(FileError, match="at once"):
        Web(media.base).ask("GET", "/rest/ping.view")


def test_without_httpx_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "httpx", None)
    with pytest.raises(Exception, match=r"earmark\[servers\]"):
        Web("http://127.0.0.1:9")


def test_one_that_must_lie_in_the_internet_is_not_asked_inside(media):
    for base in (media.base, media.base.replace("127.0.0.1", "localhost")):
        with pytest.raises(FileError, match="private network"):
            Web(base, public=True).ask("GET", "/rest/ping.view")
    with pytest.raises(FileError, match="nobody knows"):
        Web("http://no.such.host.invalid", public=True).ask("GET", "/")
    assert media.asked == []


def test_the_address_that_was_looked_at_is_the_one_that_is_asked(media, monkeypatch):
    port, names = media.base.rpartition(":")[2], []

    def resolve(host, port):
        names.append((host, port))
        return ["127.0.0.1"] if len(names) == 1 else ["10.0.0.1"]

    monkeypatch.setattr(web, "resolve", resolve)
    monkeypatch.setattr(web, "is_public", lambda address: True)
    Web(f"http://media.example:{port}", public=True).ask("GET", "/rest/ping.view")
    assert names == [("media.example", int(port))]
    assert media.asked == ["GET /rest/ping.view"]
    assert media.hosts == [f"media.example:{port}"]


def test_an_answer_without_an_end_is_left(media, monkeypatch):
    monkeypatch.setattr(web, "LONGEST", -1.0)
    with pytest.raises(FileError, match="takes more than"):
        Web(media.base).ask("GET", "/rest/ping.view")
