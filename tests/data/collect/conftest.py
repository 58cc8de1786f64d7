"""A music folder and a server to collect from."""

import pytest

from datafiles import melody, write_music
from jamendo_server import SR, Server
from local_servers import running
from sounds import write_sound


@pytest.fixture
def server(tmp_path):
    sound = write_sound(tmp_path / "served.flac", melody(1, 4.0, SR), SR, "flac", "s16").read_bytes()
    with running(Server(sound)) as server:
        yield server


@pytest.fixture
def music(tmp_path):
    return write_music(tmp_path / "music")
