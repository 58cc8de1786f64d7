"""The feature cache: right, computed once, resumed after an interruption, and open about what it cannot read."""

import multiprocessing
import os
import time

import numpy as np
import pytest

from datafiles import SR, melody, write_set
from earmark.audio.config import FeatureConfig
from earmark.audio.features import log_mel
from earmark.data import cache
from earmark.data.cache import FeatureCache, config_key
from earmark.data.read import read_manifest
from earmark.errors import DataError
from sounds import write_sound

CFG = FeatureConfig()


@pytest.fixture
def manifest(tmp_path):
    rows = [{"path": f"{i}.wav", "label": "ab"[i % 2], "seed": i} for i in range(4)]
    return read_manifest(write_set(tmp_path / "set", rows))


def counted(monkeypatch) -> list:
    """The paths that are decoded from now on."""
    import earmark.audio.decode

    decoded, load = [], earmark.audio.decode.load_audio
    monkeypatch.setattr(earmark.audio.decode, "load_audio", lambda path, **sr: decoded.append(path) or load(path, **sr))
    return decoded


def test_a_row_is_the_log_mel_of_its_file_memory_mapped(manifest, tmp_path):
    cache = FeatureCache.build(manifest, CFG, tmp_path / "cache")
    S = cache[2]
    assert isinstance(S, np.memmap)
    assert S.dtype == np.float16
    np.testing.assert_allclose(S, log_mel(melody(2, 2.0), CFG), atol=4e-3)
    assert cache.n_frames.tolist() == [1 + 2 * SR // CFG.hop_length] * 4
    np.testing.assert_allclose(cache.durations, 2.0)
    assert [cache.subset([3, 1])[0].tolist(), len(cache.subset([3, 1]))] == [cache[3].tolist(), 2]


def test_nothing_is_computed_twice(manifest, tmp_path, monkeypatch):
    FeatureCache.build(manifest, CFG, tmp_path / "cache")
    decoded = counted(monkeypatch)
    again = FeatureCache.build(manifest, CFG, tmp_path / "cache")
    (tmp_path / "set" / "0.wav").rename(tmp_path / "set" / "new name.wav")  # moved, same content
    manifest.rows[0]["path"] = "new name.wav"
    moved = FeatureCache.build(manifest, CFG, tmp_path / "cache")
    assert decoded == []
    np.testing.assert_array_equal(again[0], moved[0])


def test_a_changed_file_and_another_config_are_computed(manifest, tmp_path, monkeypatch):
    FeatureCache.build(manifest, CFG, tmp_path / "cache")
    decoded = counted(monkeypatch)
    write_sound(tmp_path / "set" / "1.wav", melody(99, 2.0), SR)
    changed = FeatureCache.build(manifest, CFG, tmp_path / "cache")
    assert [os.path.basename(path) for path in decoded] == ["1.wav"]
    np.testing.assert_allclose(changed[1], log_mel(melody(99, 2.0), CFG), atol=4e-3)
    coarse = FeatureCache.build(manifest, FeatureConfig(n_mels=40), tmp_path / "cache")
    assert coarse[0].shape[1] == 40
    assert FeatureCache.build(manifest, CFG, tmp_path / "cache")[0].shape[1] == 96


def test_workers_give_the_same_as_one_process(manifest, tmp_path):
    one = FeatureCache.build(manifest, CFG, tmp_path / "one")
    seen = []
    two = FeatureCache.build(manifest, CFG, tmp_path / "two", workers=2, progress=lambda *n: seen.append(n))
    assert seen == [("spectrograms", done, 4) for done in range(5)]
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_every_unreadable_file_is_named_and_the_others_are_kept(manifest, tmp_path, monkeypatch):
    (tmp_path / "set" / "1.wav").write_bytes(b"not audio at all" * 50)
    (tmp_path / "set" / "3.wav").write_bytes(b"")
    with pytest.raises(DataError) as caught:
        FeatureCache.build(manifest, CFG, tmp_path / "cache")
    text = str(caught.value)
    assert "2 of 4 files cannot be read" in text
    assert "row 3 (1.wav)" in text
    assert "row 5 (3.wav): the file is empty" in text
    decoded = counted(monkeypatch)
    good = manifest.subset([0, 2])
    assert len(FeatureCache.build(good, CFG, tmp_path / "cache")) == 2
    assert decoded == []
    write_sound(tmp_path / "set" / "1.wav", melody(1, 2.0), SR)  # mended: tried again
    attempt = FeatureCache.attempt(manifest, CFG, tmp_path / "cache")
    assert [bool(entry.error) for entry in attempt.entries] == [False, False, False, True]
    with pytest.raises(DataError, match="the file is empty"):
        attempt[3]


def test_half_an_index_line_and_half_a_file_do_no_harm(manifest, tmp_path, monkeypatch):
    FeatureCache.build(manifest.subset([0, 1]), CFG, tmp_path / "cache")
    index = next((tmp_path / "cache").rglob("index.jsonl"))
    lines = index.read_text().splitlines(keepends=True)
    index.write_text(lines[0] + lines[1][:40])
    decoded = counted(monkeypatch)
    whole = FeatureCache.build(manifest, CFG, tmp_path / "cache")
    assert [os.path.basename(path) for path in decoded] == ["2.wav", "3.wav"]  # 1 is found by its content
    assert len(FeatureCache.build(manifest, CFG, tmp_path / "cache")) == len(whole) == 4


def build_slowly(manifest, folder):
    real = cache._stored_or_computed

    def slow(*args):
        time.sleep(0.15)
        return real(*args)

    cache._stored_or_computed = slow
    FeatureCache.build(manifest, CFG, folder)


def test_a_killed_build_goes_on_where_it_stopped(manifest, tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    process = multiprocessing.get_context("fork").Process(target=build_slowly, args=(manifest, folder))
    process.start()
    while not list(folder.rglob("*.npy")) and process.is_alive():
        time.sleep(0.01)
    process.kill()
    process.join()
    n_done = len(list(folder.rglob("*.npy")))
    assert 0 < n_done < 4
    decoded = counted(monkeypatch)
    cache = FeatureCache.build(manifest, CFG, folder)
    assert len(decoded) == 4 - n_done
    np.testing.assert_allclose(cache[3], log_mel(melody(3, 2.0), CFG), atol=4e-3)


def test_files_that_are_there_count_as_done(manifest, tmp_path):
    FeatureCache.build(manifest.subset([0, 1, 2]), CFG, tmp_path / "cache")
    calls = []
    FeatureCache.build(manifest, CFG, tmp_path / "cache", progress=lambda *call: calls.append(call))
    assert calls == [("spectrograms", 3, 4), ("spectrograms", 4, 4)]


def test_equal_configs_share_a_folder_and_others_do_not():
    assert config_key(CFG) == config_key(FeatureConfig())
    assert config_key(CFG) != config_key(FeatureConfig(hop_length=CFG.hop_length * 2))


def test_an_index_that_leads_elsewhere_is_not_followed(manifest, tmp_path, monkeypatch):
    built = FeatureCache.build(manifest, CFG, tmp_path / "cache")
    index = built.folder / "index.jsonl"
    index.write_text(index.read_text().replace(built.contents[0], "../../../elsewhere"))
    decoded = counted(monkeypatch)

    again = FeatureCache.build(manifest, CFG, tmp_path / "cache")

    assert again.contents == built.contents
    assert decoded == []
