"""A music folder and a server to collect from."""

import threading

import pytest

from datafiles import melody, write_music
from jamendo_server import SR, Server
from sounds import write_sound


@pytest.fixture
def server(tmp_path):
    sound = write_sound(tmp_path / "served.flac", melody(1, 4.0, SR), SR, "flac", "s16").read_bytes()
    with Server(sound) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


@pytest.fixture
def music(tmp_path):
    return write_music(tmp_path / "music")
