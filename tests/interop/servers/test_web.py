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
