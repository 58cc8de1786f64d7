"""The data check: what it finds, and that it refuses to call a leaking split honest."""

import json

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from datafiles import SR, melody, write_rows, write_set
from earmark.audio.config import FeatureConfig
from earmark.cli import data as commands
from earmark.data.cache import FeatureCache
from earmark.data.check import check, count_unmarked, describe_leak, duplicate_marks, leakage
from earmark.data.fingerprint import fingerprint_words, sound_pairs
from earmark.data.read import read_manifest
from earmark.data.splits import Split, grouped_split
from earmark.data.targets import read_targets
from sounds import write_sound

CFG = FeatureConfig()


def look(folder, tmp_path, target=None):
    manifest = read_manifest(folder, must_exist=False)
    targets = read_targets(manifest, [target], for_training=False) if target else None
    cache = FeatureCache.attempt(manifest, CFG, tmp_path / "cache")
    return manifest, cache, check(manifest, targets, cache)


def spectrogram(y):
    from earmark.audio.features import log_mel

    return log_mel(np.asarray(y, np.float32), CFG)


# ---------------------------------------------------------------- sound


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("quieter", lambda y: 0.25 * y),
        ("cut", lambda y: y[round(1.37 * SR) : round(5.5 * SR)]),
        ("noisier", lambda y: y + 0.003 * np.random.default_rng(9).standard_normal(len(y))),
        ("duller", lambda y: np.convolve(y, np.ones(4) / 4, "same")),
        ("late", lambda y: np.r_[np.zeros(SR), y]),
    ],
)
def test_the_same_recording_is_found_after(name, change):
    tracks = [melody(seed, 8.0) for seed in range(6)]
    tracks.append(change(tracks[3]))
    pairs = sound_pairs(fingerprint_words(spectrogram(y), CFG) for y in tracks)
    assert [(pair.a, pair.b) for pair in pairs] == [(3, 6)]
    offset = {"cut": 1.37, "late": -1.0}.get(name, 0.0)
    assert pairs[0].offset == pytest.approx(offset, abs=0.1)


def test_a_lossy_copy_is_found(tmp_path):
    from earmark.audio.decode import load_audio

    tracks = [melody(seed, 6.0) for seed in range(4)]
    for suffix in ("mp3", "opus"):
        copy = load_audio(write_sound(tmp_path / f"x.{suffix}", np.repeat(tracks[1], 3), 48_000)).y
        pairs = sound_pairs(fingerprint_words(spectrogram(y), CFG) for y in [*tracks, copy])
        assert [(pair.a, pair.b) for pair in pairs] == [(1, 4)]


def test_different_music_silence_and_short_files_give_no_pairs():
    tracks = [melody(seed, 6.0) for seed in range(30)]
    tracks += [np.zeros(SR * 5), np.zeros(SR * 3), melody(0, 0.2), np.ones(1)]
    assert sound_pairs(fingerprint_words(spectrogram(y), CFG) for y in tracks) == []


# ---------------------------------------------------------------- reports


@pytest.fixture
def leaking(tmp_path):
    """Six files: 0 and 1 share a song, 0 and 3 an artist, 4 is a copy of 2 and 5 an excerpt of it, across parts."""
    rows = [
        {"path": "0.wav", "split": "train", "song": "s0", "artist": "Ann", "genre": "a", "seed": 0},
        {"path": "1.wav", "split": "test", "song": "s0", "artist": "", "genre": "a", "seed": 1},
        {"path": "2.wav", "split": "train", "song": "s2", "artist": "Bob", "genre": "b", "seed": 2},
        {"path": "3.wav", "split": "valid", "song": "s3", "artist": "ANN ", "genre": "b", "seed": 3},
        {"path": "4.wav", "split": "test", "song": "s4", "artist": "Cid", "genre": "b", "seed": 2},
        {"path": "5.wav", "split": "valid", "song": "s5", "artist": "Dee", "genre": "b", "seed": 5},
    ]
    folder = write_set(tmp_path / "set", rows, seconds=8.0).parent
    write_sound(folder / "5.wav", 0.5 * melody(2, 8.0)[2 * SR : 7 * SR], SR)
    return folder


def test_every_kind_of_leak_is_named_with_its_rows(leaking, tmp_path):
    manifest, _, report = look(leaking, tmp_path, "genre")
    assert {(leak.what, leak.rows) for leak in report.leaks} == {
        ("song", (0, 1)), ("artist", (0, 3)), ("content", (2, 4)), ("sound", (2, 5)), ("sound", (4, 5)),
    }  # fmt: skip
    assert not report.honest
    song = next(leak for leak in report.leaks if leak.what == "song")
    assert describe_leak(manifest, song) == "song 's0' in train and test: row 2 (0.wav), row 3 (1.wav)"
    assert report.content_duplicates == [[2, 4]]
    assert report.parts == {"test": 2, "train": 2, "valid": 2}
    assert report.lengths == {"3-10": 6}
    assert report.classes == {"a": {"files": 2, "songs": 1}, "b": {"files": 4, "songs": 4}}
    assert duplicate_marks(report) == ["", "", "d2", "", "d2", "d2"]


def test_marked_duplicates_make_an_honest_split(leaking, tmp_path):
    for i in (6, 7, 8):  # three groups of their own
        write_sound(leaking / f"{i}.wav", melody(i, 4.0), SR)
    with open(leaking / "tracks.csv", "a", encoding="utf-8") as file:
        file.writelines(f"{i}.wav,,s{i},,a\n" for i in (6, 7, 8))
    manifest, cache, report = look(leaking, tmp_path)
    for row, mark in zip(manifest.rows, duplicate_marks(report), strict=True):
        row |= {"duplicate": mark, "split": ""}
    for seed in range(4):
        found = leakage(manifest, grouped_split(manifest, None, seed), cache)
        assert found["honest"], found
        assert found["checked"] == ["song", "artist", "content", "sound"]


def test_leakage_counts_what_a_random_split_shares(leaking, tmp_path):
    manifest, cache, _ = look(leaking, tmp_path)
    split = Split(np.array([0, 2]), np.array([3, 5]), np.array([1, 4]), "random")
    found = leakage(manifest, split, cache)
    assert (found["shared_songs"], found["shared_artists"], found["shared_audio"]) == (1, 1, 3)
    assert not found["honest"]
    json.dumps(found)
    without = leakage(manifest, split)
    assert without["shared_audio"] == 1  # equal packets only
    assert without["not_checked"] == ["sound: no feature cache given"]


def test_a_split_that_leaves_rows_out_is_judged_by_the_others(leaking, tmp_path):
    manifest, cache, _ = look(leaking, tmp_path)
    rows = Split(np.array([0]), np.array([], np.int64), np.array([2]), "x")
    assert leakage(manifest, rows, cache)["honest"]


def test_missing_columns_are_reported_as_not_checked(tmp_path):
    rows = [{"path": f"{i}.wav", "artist": "", "fold": i % 2, "seed": i} for i in range(3)]
    _, _, report = look(write_set(tmp_path / "set", rows), tmp_path)
    assert report.not_checked == ["song: no such column", "artist: no such column"]
    assert report.parts == {"0": 2, "1": 1}
    assert report.honest


def test_real_clips_cut_from_one_song_are_found(shared_data, tmp_path):
    manifest = read_manifest(shared_data / "emotify")
    chosen = [i for i, song in enumerate(manifest.column("song")) if song.startswith("dup")]
    part = manifest.subset([*chosen[:4], *range(0, 40, 5)])
    cache = FeatureCache.build(part, CFG, tmp_path / "cache")
    pairs = sound_pairs(fingerprint_words(S, CFG) for S in cache)
    song = part.column("song")
    assert pairs
    assert all(song[pair.a] == song[pair.b] for pair in pairs)
    between = Split(np.array([pairs[0].a]), np.array([], np.int64), np.array([pairs[0].b]), "x")
    assert leakage(part, between, cache)["shared_audio"] == 1


# ---------------------------------------------------------------- the command


def run(*arguments):
    app = typer.Typer()
    commands.register(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["data", *map(str, arguments)])


def test_duplicates_that_no_column_knows_are_counted(leaking, tmp_path):
    manifest, _, report = look(leaking, tmp_path)
    assert count_unmarked(manifest, report) == 4  # rows 2, 4 and 5: equal content once, equal sound three times
    for row, mark in zip(manifest.rows, duplicate_marks(report), strict=True):
        row["duplicate"] = mark
    assert count_unmarked(manifest, report) == 0
    assert "--mark joins them" in run("check", leaking, "--cache", tmp_path / "cache").output


def test_the_command_refuses_a_leaking_split(leaking, tmp_path):
    result = run("check", leaking, "--target", "genre", "--cache", tmp_path / "cache")
    assert result.exit_code == 1
    assert "THIS SPLIT LEAKS: 5 things" in result.output
    assert "song 's0' in train and test: row 2 (0.wav), row 3 (1.wav)" in result.output
    marked = tmp_path / "marked" / "tracks.csv"
    as_json = run("check", leaking, "--json", "--cache", tmp_path / "cache", "--mark", marked)
    assert as_json.exit_code == 1
    assert json.loads(as_json.stdout)["honest"] is False
    assert read_manifest(marked).column("duplicate") == ["", "", "d2", "", "d2", "d2"]


def test_the_command_passes_a_clean_set_and_fails_an_unreadable_file(tmp_path):
    rows = [{"path": f"{i}.wav", "song": i, "split": ["train", "test"][i % 2], "seed": i} for i in range(4)]
    folder = write_set(tmp_path / "set", rows).parent
    result = run("check", folder, "--cache", tmp_path / "cache")
    assert result.exit_code == 0, result.output
    assert "No song, artist or audio is shared" in result.output
    (folder / "2.wav").unlink()
    (folder / "3.wav").write_bytes(b"nonsense" * 99)
    result = run("check", folder, "--cache", tmp_path / "cache")
    assert result.exit_code == 1
    assert "2 unreadable" in result.output
    assert "row 4 (2.wav): no such file" in result.output
    assert "row 5 (3.wav)" in result.output


def test_a_folder_of_unreadable_audio_is_one_report(tmp_path):
    for label in "ab":
        (tmp_path / "set" / label).mkdir(parents=True)
        for i in range(3):
            (tmp_path / "set" / label / f"{i}.mp3").write_bytes(b"\x00" * 500)
    result = run("check", tmp_path / "set", "--cache", tmp_path / "cache")
    assert result.exit_code == 1
    assert "6 files, 6 unreadable" in result.output


def test_a_set_without_split_says_so(tmp_path):
    folder = write_set(tmp_path / "set", [{"path": f"{i}.wav", "seed": i} for i in range(2)]).parent
    assert "split: none in the manifest" in run("check", folder, "--cache", tmp_path / "c").output
    write_rows(folder / "tracks.csv", [{"path": "0.wav"}, {"path": "0.wav"}])
    assert run("check", folder, "--cache", tmp_path / "c").exit_code == 0


def test_many_copies_of_one_file_are_all_found_in_bounded_memory(monkeypatch):
    from earmark.data import fingerprint

    monkeypatch.setattr(fingerprint, "MOST_WAITING", 10_000)
    words = fingerprint_words(spectrogram(melody(0, 4.0)), CFG)
    pairs = sound_pairs([words] * 30 + [fingerprint_words(spectrogram(melody(1, 4.0)), CFG)])
    assert [(pair.a, pair.b) for pair in pairs] == [(a, b) for a in range(30) for b in range(a + 1, 30)]
    assert {pair.offset for pair in pairs} == {0.0}
