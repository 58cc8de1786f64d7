import json
import wave

import pytest

from commandline import invoke
from earmark.cli import why
from earmark.errors import NotFound


@pytest.fixture
def run(doubles):
    return lambda *words: invoke(why, "why", *words, "--catalogue", doubles / "catalogue")


def test_why_a_track_has_a_tag(run, tmp_path):
    found = run("another", "mood/sad", "--wav", tmp_path / "sad.wav")
    assert "mood/sad" in found.stdout
    assert "share" in found.stdout
    assert "s of sound" in found.stdout
    with wave.open(str(tmp_path / "sad.wav")) as file:
        assert file.getnframes() > 0
    told = json.loads(run("another", "mood/sad", "--json").stdout)
    assert told.keys() == {"track_id", "tag", "line", "probability", "logit", "passages"}
    assert 0 < sum(passage["share"] for passage in told["passages"]) <= 1.001


def test_why_it_is_like_another(run, doubles):
    other = doubles / "music" / "remix.flac"
    lines = run("another", "--like", other).stdout.splitlines()
    assert lines[0].startswith("Band: Another ~ ")
    assert "sound" in lines[1]
    assert " ~ " in lines[2]
    told = json.loads(run("another", "--like", other, "--from", "0:02", "--to", "6", "--json").stdout)
    assert (told["start"], told["end"]) == (2, 6)
    assert told["passages"][0]["seed_start"] == 2
    assert told["parts"]["instruments"] is None  # its model has none


@pytest.mark.parametrize("words", [("another",), ("another", "mood/sad", "--like", "another")])
def test_a_tag_or_another_track(run, words):
    assert run(*words).exit_code == 2


def test_what_is_not_there(run):
    assert isinstance(run("another", "mood/none").exception, NotFound)
    assert isinstance(run("another", "--like", "nobody").exception, NotFound)
