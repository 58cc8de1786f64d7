import pytest

from earmark.errors import FileError
from earmark.interop.servers.subsonic import Subsonic
from media_servers import SECRET, USER

pytest.importorskip("httpx")


@pytest.fixture
def media(running):
    return running("navidrome")


def test_all_songs_are_read_page_by_page(media, songs):
    assert list(Subsonic(media.base, USER, SECRET).songs()) == songs


def test_a_list_is_made_then_replaced_in_its_order(media):
    server = Subsonic(media.base + "/", USER, SECRET)
    media.lists["other"] = ["s9"]
    server.push("Calm & \u00e4lter", ["s3", "s1", "s2"])
    server.push("Calm & \u00e4lter", ["s2", "s0", "s2"])
    assert media.lists == {"other": ["s9"], "Calm & \u00e4lter": ["s2", "s0", "s2"]}


def test_it_says_what_it_is(media):
    assert Subsonic(media.base, USER, SECRET).check().lower().startswith("navidrome")


def test_a_wrong_secret_is_one_error_without_the_secret(media):
    with pytest.raises(FileError, match="refuses") as caught:
        list(Subsonic(media.base, USER, "wr0ng").songs())
    assert "wr0ng" not in str(caught.value)


@pytest.mark.parametrize("broken", [b"<html>", b"[1]", b'{"a": 1}', b"null"])
def test_what_is_no_such_server_is_said(media, broken):
    media.broken = broken
    with pytest.raises(FileError, match="answer in JSON|does not speak|has no user"):
        Subsonic(media.base, USER, SECRET).push("x", ["s1"])


def test_a_server_that_is_not_there_is_said():
    with pytest.raises(FileError, match="does not answer"):
        list(Subsonic("http://127.0.0.1:9", USER, SECRET).songs())


def test_a_key_needs_no_user_and_a_password_never_travels(media):
    assert Subsonic(media.base, "", SECRET).check() == "navidrome 0.58.0"
    media.asked.clear()
    Subsonic(media.base, USER, SECRET).check()
    assert SECRET not in "".join(media.asked)
