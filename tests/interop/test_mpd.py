"""A list of ours in a player that people use: Debian's mpd loads it from its own folder of music."""

import shutil
import socket
import subprocess
import time

import pytest

from earmark.interop.playlist import write_playlist
from tagged import track_of, write_kind

MPD = shutil.which("mpd")
CONFIG = """
music_directory "{root}/music"
db_file "{root}/db"
state_file "{root}/state"
playlist_directory "{root}/lists"
bind_to_address "{root}/socket"
auto_update "no"
audio_output {{
    type "null"
    name "none"
}}
"""


@pytest.fixture
def player(tmp_path):
    """Asks a running mpd; the folders music/ and lists/ lie beside."""
    if MPD is None:
        pytest.skip("needs mpd, which is not installed")
    for name in ("music", "lists"):
        (tmp_path / name).mkdir()
    (tmp_path / "conf").write_text(CONFIG.format(root=tmp_path))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([MPD, "--no-daemon", str(tmp_path / "conf")], **quiet)
    yield lambda *lines: ask(tmp_path / "socket", lines)
    process.terminate()
    process.wait(20)


def ask(place, lines) -> list[str]:
    """What mpd answers to commands, line by line."""
    deadline = time.monotonic() + 20
    while True:
        try:
            link = socket.socket(socket.AF_UNIX)
            link.connect(str(place))
            break
        except OSError:
            assert time.monotonic() < deadline, "mpd does not listen"
            time.sleep(0.05)
    with link, link.makefile("rw", encoding="utf-8") as talk:
        assert talk.readline().startswith("OK MPD")
        answers = []
        for line in lines:
            talk.write(line + "\n")
            talk.flush()
            while not (answer := talk.readline()).startswith(("OK", "ACK")):
                answers.append(answer.rstrip("\n"))
            assert answer.startswith("OK"), (line, answer)
        return answers


def test_mpd_plays_the_tracks_of_our_m3u8_in_their_order(player, tmp_path):
    names = ["b #2 & more.flac", "Ünder/a.flac", "c, d.flac"]
    (tmp_path / "music" / "Ünder").mkdir()
    tracks = [track_of(write_kind(tmp_path / "music" / name, 1.0 + i)) for i, name in enumerate(names)]
    write_playlist(tmp_path / "music" / "ours.m3u8", tracks)
    player("update")
    deadline = time.monotonic() + 20
    while any(line.startswith("updating_db") for line in player("status")) and time.monotonic() < deadline:
        time.sleep(0.05)
    found = player("clear", 'load "ours.m3u8"', "playlistinfo")
    assert [line.removeprefix("file: ") for line in found if line.startswith("file: ")] == names
