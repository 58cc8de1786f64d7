"""`earmark collect` as it is typed."""

import json

import pytest

from commandline import invoke
from datafiles import write_music
from earmark.cli import collect


@pytest.fixture
def music(tmp_path):
    return write_music(tmp_path / "music")


def test_the_command_collects_and_fails_for_what_failed(music, tmp_path):
    (tmp_path / "jazz.m3u").write_text("music/a.flac\nmusic/c.wav\n")
    done = invoke(collect, "collect", tmp_path / "jazz.m3u", "--out", tmp_path / "out", "--seconds", 1)
    assert done.exit_code == 0, done.output
    assert "2 excerpts, 2 of them new" in done.output
    (music / "d.mp3").write_bytes(b"x" * 300)
    (tmp_path / "jazz.m3u").write_text("music/a.flac\nmusic/d.mp3\n")
    failed = invoke(collect, "collect", tmp_path / "jazz.m3u", "--out", tmp_path / "out", "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["failed"][0]["track"].endswith("d.mp3")


def test_the_command_wants_a_source_and_a_known_format(tmp_path):
    assert invoke(collect, "collect", "--out", tmp_path).exit_code == 2
    assert invoke(collect, "collect", "--jamendo", "jazz", "--out", tmp_path).exit_code == 2
    assert invoke(collect, "collect", tmp_path, "--format", "mp3", "--out", tmp_path).exit_code == 2
