"""`earmark data` as it is typed."""

import csv
import json
import re

import numpy as np
import pytest
from PIL import Image

from commandline import invoke
from datafiles import melody, write_leaking_set, write_rows, write_set
from earmark.cli import data
from earmark.data.read import read_manifest
from earmark.data.sets.msd import load_msd_compact
from msdfiles import msd
from sounds import write_sound


@pytest.fixture
def leaking(tmp_path):
    return write_leaking_set(tmp_path / "set")


def test_the_command_refuses_a_leaking_split(leaking, tmp_path):
    result = invoke(data, "data", "check", leaking, "--target", "genre", "--cache", tmp_path / "cache")
    assert result.exit_code == 1
    assert "THIS SPLIT LEAKS: 5 things" in result.output
    assert "song 's0' in train and test: row 2 (0.wav), row 3 (1.wav)" in result.output
    marked = tmp_path / "marked" / "tracks.csv"
    as_json = invoke(data, "data", "check", leaking, "--json", "--cache", tmp_path / "cache", "--mark", marked)
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["honest"] is False
    assert read_manifest(marked).column("duplicate") == ["", "", "d2", "", "d2", "d2"]


def test_the_command_passes_a_clean_set_and_fails_an_unreadable_file(tmp_path):
    rows = [{"path": f"{i}.wav", "song": i, "split": ["train", "test"][i % 2], "seed": i} for i in range(4)]
    folder = write_set(tmp_path / "set", rows).parent
    result = invoke(data, "data", "check", folder, "--cache", tmp_path / "cache")
    assert result.exit_code == 0, result.output
    assert "No song, artist or audio is shared" in result.output
    (folder / "2.wav").unlink()
    (folder / "3.wav").write_bytes(b"nonsense" * 99)
    result = invoke(data, "data", "check", folder, "--cache", tmp_path / "cache")
    assert result.exit_code == 1
    assert "2 unreadable" in result.output
    assert "row 4 (2.wav): no such file" in result.output
    assert "row 5 (3.wav)" in result.output


def test_a_folder_of_unreadable_audio_is_one_report(tmp_path):
    for label in "ab":
        (tmp_path / "set" / label).mkdir(parents=True)
        for i in range(3):
            (tmp_path / "set" / label / f"{i}.mp3").write_bytes(b"\x00" * 500)
    result = invoke(data, "data", "check", tmp_path / "set", "--cache", tmp_path / "cache")
    assert result.exit_code == 1
    assert "6 files, 6 unreadable" in result.output


def test_a_set_without_split_says_so(tmp_path):
    folder = write_set(tmp_path / "set", [{"path": f"{i}.wav", "seed": i} for i in range(2)]).parent
    assert "split: none in the manifest" in invoke(data, "data", "check", folder, "--cache", tmp_path / "c").output
    write_rows(folder / "tracks.csv", [{"path": "0.wav"}, {"path": "0.wav"}])
    assert invoke(data, "data", "check", folder, "--cache", tmp_path / "c").exit_code == 0


def test_the_command_draws_all_images_and_the_page(tmp_path):
    rows = [{"path": f"{i}.wav", "genre": ["R&B", "<b>jazz"][i % 2], "seed": i} for i in range(6)]
    folder = write_set(tmp_path / "set", rows).parent
    track = write_sound(tmp_path / "one.flac", melody(3, 3.0), 16_000)
    out = tmp_path / "look"
    done = invoke(
        data, "data", "explore", folder, "--out", out, "--examples", 2, "--track", track, "--cache", tmp_path / "cache"
    )
    assert done.exit_code == 0, done.output
    page = (out / "index.html").read_text()
    shown = re.findall(r'src="([^"]+)"', page)
    assert sorted(shown) == ["mel-b_jazz.png", "mel-r_b.png", "mfcc-b_jazz.png", "mfcc-r_b.png", "pca.png"]
    assert "<b>jazz" not in page
    for name in [*shown, "heat-one.png"]:
        pixels = np.asarray(Image.open(out / name).convert("L"))
        assert pixels.shape[1] > 500
        assert pixels.std() > 5  # something is drawn
    with open(out / "classes.csv") as file:
        assert [row["class"] for row in csv.DictReader(file)] == ["<b>jazz", "R&B"]


def test_unreadable_audio_stops_before_anything_is_drawn(tmp_path):
    folder = write_set(
        tmp_path / "set", [{"path": f"{i}.wav", "genre": "ab"[i % 2], "seed": i} for i in range(4)]
    ).parent
    (folder / "1.wav").write_bytes(b"x" * 200)
    result = invoke(data, "data", "explore", folder, "--out", tmp_path / "look", "--cache", tmp_path / "cache")
    assert "1 of 4 files cannot be read" in str(result.exception)
    assert not (tmp_path / "look").exists()
    assert "no column label or genre" in str(
        invoke(
            data,
            "data",
            "explore",
            write_set(tmp_path / "n", [{"path": "0.wav", "seed": 0}]),
            "--out",
            tmp_path / "look",
        ).exception
    )


def test_a_song_of_the_million_song_dataset_is_drawn(shared_data, tmp_path):
    folder = shared_data / "msd_lyrics"
    assert "Name songs with --track, e.g. TR" in str(
        invoke(data, "data", "explore", folder, "--out", tmp_path).exception
    )
    track = re.search(r"TR\w{16}", str(invoke(data, "data", "explore", folder, "--out", tmp_path).exception))[0]
    assert invoke(data, "data", "explore", folder, "--out", tmp_path, "--track", track).exit_code == 0
    assert (tmp_path / f"heat-{track.lower()}.png").stat().st_size > 10_000


def test_the_command_brings_them_into_the_compact_form(tmp_path):
    songs = msd(tmp_path)
    lists = [x for name in ("mxm_train.txt", "mxm_test.txt") for x in ("--lyrics", str(tmp_path / name))]
    options = ["--genres", tmp_path / "cd2.cls", "--vectors", tmp_path / "glove.txt", "--out", tmp_path / "compact"]
    done = invoke(data, "data", "songs", tmp_path / "data", *lists, *options)
    assert "3 songs, 2 with a genre" in done.output
    np.testing.assert_allclose(load_msd_compact(tmp_path / "compact").lyrics(), songs.lyrics())
