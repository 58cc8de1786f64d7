import io
import sys

import pytest

from earmark.audio.decode import load_audio
from earmark.audio.opening import file_size, held, open_file, size_of
from sounds import chord, write_sound


def test_a_local_file_is_opened_as_ever(tmp_path):
    path = tmp_path / "a.bin"
    path.write_bytes(b"12345")
    with open_file(path) as file:
        assert isinstance(file, io.BufferedReader)
        assert size_of(file) == 5
        assert file.read() == b"12345"
    with held(path):
        assert file_size(path) == 5


def test_what_lies_here_loads_nothing_of_what_lies_elsewhere(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "earmark.audio.remote.cached", None)  # importing it would fail
    path = write_sound(tmp_path / "a.flac", chord(1.0))
    with held(path):
        assert load_audio(path).duration == pytest.approx(1.0)


def test_a_held_file_is_fetched_once_however_often_it_is_opened(web_server, tmp_path):
    write_sound(tmp_path / "web" / "a.flac", chord(3.0))
    address = f"{web_server.base}/a.flac"
    with held(address):
        load_audio(address)
        load_audio(address)
        assert len(web_server.requests) == 1
    with open_file(address) as file:
        assert file.read(4) == b"fLaC"
    assert len(web_server.requests) == 2
