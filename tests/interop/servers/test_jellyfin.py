import pytest

from earmark.errors import FileError
from earmark.interop.servers.jellyfin import Jellyfin
from media_servers import SECRET, USER

pytest.importorskip("httpx")


@pytest.fixture
def media(running):
    return running("jellyfin")


def test_all_songs_are_read_page_by_page(media, songs):
    assert list(Jellyfin(media.base, USER, SECRET).songs()) == songs


def test_a_list_is_made_then_replaced_in_its_order(media):
    server = Jellyfin(media.base + "/", USER, SECRET)
    media.lists["other"] = ["s9"]
    server.push("Calm & \u00e4lter", ["s3", "s1", "s2"])
    server.push("Calm & \u00e4lter", ["s2", "s0", "s2"])
    assert media.lists == {"other": ["s9"], "Calm & \u00e4lter": ["s2", "s0", "s2"]}


def test_it_says_what_it_is(media):
    assert Jellyfin(media.base, USER, SECRET).check().lower().startswith("jellyfin")


def test_a_wrong_secret_is_one_error_without_the_secret(media):
    with pytest.raises(FileError, match="refuses") as caught:
        list(Jellyfin(media.base, USER, "wr0ng").songs())
    assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize("broken", [b"<html>", b"[1]", b'{"a": 1}', b"null"])
def test_what_is_no_such_server_is_said(media, broken):
    media.broken = broken
    with pytest.raises(FileError, match="answer in JSON|does not speak|has no user"):
        Jellyfin(media.base, USER, SECRET).push("x", ["s1"])


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(FileError, match="does not answer"):
        list(Jellyfin("http://127.0.0.1:9", USER, SECRET).songs())


def test_a_user_that_is_not_there_is_named(media):
    with pytest.raises(FileError, match="no user 'bob'"):
        Jellyfin(media.base, "bob", SECRET).check()
