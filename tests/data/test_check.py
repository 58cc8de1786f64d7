"""The data check: what it finds, and that it does not call a leaking split honest."""

import json

import numpy as np
import pytest

from commandline import invoke
from datafiles import SR, melody, write_leaking_set, write_set
from earmark.audio.config import FeatureConfig
from earmark.cli import data
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


@pytest.fixture
def leaking(tmp_path):
    return write_leaking_set(tmp_path / "set")


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


def test_duplicates_that_no_column_knows_are_counted(leaking, tmp_path):
    manifest, _, report = look(leaking, tmp_path)
    assert count_unmarked(manifest, report) == 4  # rows 2, 4 and 5: equal content once, equal sound three times
    for row, mark in zip(manifest.rows, duplicate_marks(report), strict=True):
        row["duplicate"] = mark
    assert count_unmarked(manifest, report) == 0
    assert "--mark joins them" in invoke(data, "data", "check", leaking, "--cache", tmp_path / "cache").output
