import io
import json

import pytest
import typer
from rich.console import Console

from commandline import invoke
from earmark.cli import live
from earmark.cli.live import read_raw, table
from earmark.library import listen_live
from sounds import tune, write_sound


@pytest.fixture
def song(tmp_path):
    write_sound(tmp_path / "a [b].flac", tune(3, 4.0))
    return tmp_path / "a [b].flac"


def test_a_line_of_json_every_half_second(song):
    done = invoke(live, "live", song, "--model", "fast", "--fast", "--json")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["time"] for line in lines][:7] == [1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0]
    assert all(0 <= share <= 1 for share in lines[-1]["tags"]["genre"].values())


def test_a_moment_on_the_screen(song):
    moment = list(listen_live(song, "fast"))[-1]
    screen = Console(file=io.StringIO(), width=80)
    screen.print(table(moment, "a [b].flac\x1b[31m", 2))
    text = screen.file.getvalue()
    assert "a [b].flac" in text
    assert "\x1b" not in text
    assert "0:04" in text
    group, hits = next((group, hits) for group, hits in moment.tags.items() if hits[0].probability > 0.5)
    assert f"{hits[0].probability:.2f}" in text


def test_what_is_no_sound_is_one_error(tmp_path):
    assert "cannot be heard" in str(invoke(live, "live", tmp_path / "none.mp3").exception)


def test_how_raw_samples_are_told():
    assert read_raw("44100:2") == (44_100, 2)
    assert read_raw(None) is None
    for wrong in ("44100", "x:2", "10:1", "44100:9"):
        with pytest.raises(typer.BadParameter):
            read_raw(wrong)
