import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.audio.listen import identify
from earmark.audio.opening import held
from earmark.audio.remote import cached, web
from earmark.audio.remote.web import WebFile, is_inside
from earmark.errors import Unreachable
from sounds import tune, write_sound


@pytest.fixture
def song(web_server, tmp_path, monkeypatch):
    """A song of several blocks: its address, and the file itself."""
    monkeypatch.setattr(cached, "BLOCK", 1 << 16)
    path = write_sound(tmp_path / "web" / "a song.flac", tune(1, 10.0))
    return f"{web_server.base}/a%20song.flac", path


def heard(address):
    with held(address):
        return load_audio(address)


def test_a_file_is_read_in_parts_and_is_the_same(song, web_server):
    address, path = song
    found, same = heard(address), load_audio(path)
    assert np.array_equal(found.y, same.y)
    assert (found.track_id, found.duration) == (same.track_id, same.duration)
    ranges = [asked for _, _, asked in web_server.requests]
    assert len(ranges) == len(set(ranges)) == -(-path.stat().st_size // (1 << 16))


@pytest.mark.parametrize("fault", [503, 429, 500, "lost"])
def test_faults_that_pass_are_waited_for(song, web_server, impatient, fault):
    web_server.faults["/a song.flac"] = [None, fault, fault]
    assert heard(song[0]).track_id == identify(song[1])
    assert len(impatient) == 2


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        (403, r"no access \(HTTP 403\)"),
        (404, r"not there \(HTTP 404\)"),
        (503, r"no answer after 5 tries \(HTTP 503\)"),
        ("lost", r"no answer after 5 tries \(connection lost"),
        ("whole", r"sends no parts of files \(HTTP Range\). Serve it"),
        ("changed", "changed while it was read"),
    ],
)
@pytest.mark.parametrize("at", [0, 2])
def test_faults_that_stay_fail_the_file_wherever_they_come(song, web_server, impatient, fault, problem, at):
    if fault == "changed" and at == 0:
        pytest.skip("the first part of a new file is a new file")
    web_server.faults["/a song.flac"] = [None] * at + [..., fault]
    with pytest.raises(Unreachable, match=problem):
        heard(song[0])


def test_a_server_that_is_not_there(impatient):
    with pytest.raises(Unreachable, match="no answer after 5 tries"):
        heard("http://127.0.0.1:9/a.mp3")


def test_redirects_are_followed_and_remembered(song, web_server):
    web_server.faults["/old"] = [..., song[0]]
    with held(f"{web_server.base}/old"):
        assert load_audio(f"{web_server.base}/old").track_id == identify(song[1])
        assert [path for _, path, _ in web_server.requests].count("/old") == 1


@pytest.mark.parametrize("there", ["ftp://127.0.0.1/a", "file:///etc/passwd", "s3://bucket/a", "gopher://x/"])
def test_a_redirect_to_another_scheme_is_refused(web_server, there):
    web_server.faults["/old"] = [..., there]
    with pytest.raises(Unreachable, match="of another scheme"):
        heard(f"{web_server.base}/old")


def test_https_does_not_become_http():
    with pytest.raises(Unreachable, match="of another scheme"):
        WebFile("https://example.org/a")._next("https://example.org/a", "http://example.org/a")
    assert WebFile("http://a/b")._next("http://a/b", "https://a/b") == "https://a/b"


@pytest.mark.parametrize(
    "inside", ["http://127.0.0.1/a", "http://169.254.169.254/latest", "http://[::1]/", "http://10.0.0.1/"]
)
def test_a_redirect_from_outside_into_this_network_is_refused(inside):
    with pytest.raises(Unreachable, match="redirects into this network"):
        WebFile("http://93.184.215.14/a")._next("http://93.184.215.14/a", inside)


def test_who_is_inside():
    assert is_inside("localhost")
    assert is_inside("192.168.1.1")
    assert not is_inside("8.8.8.8")
    assert not is_inside("no.such.host.invalid")


def test_circles_end(web_server):
    web_server.faults["/old"] = [..., f"{web_server.base}/old"]
    with pytest.raises(Unreachable, match="in circles"):
        heard(f"{web_server.base}/old")


def test_an_answer_for_another_part_is_not_taken(song, monkeypatch):
    monkeypatch.setattr(web, "CONTENT_RANGE", web.re.compile(r"bytes (\d)(\d+)-.*"))
    with pytest.raises(Unreachable, match="other parts than those asked for"):
        heard(song[0])
