"""Filters of known answer: one reacts to a low tone, one to a high one, one to nothing at all."""

import json

import numpy as np
import pytest
from onnx import helper

from earmark.audio.decode import load_audio
from earmark.errors import ConfigError, ModelError
from earmark.evaluation.filters import FilterOptions, export_filters
from earmark.tagger.tagset import TagGroup, Tagset
from tones import HZ, SR, band_weights, save_model, tone, write_manifest, write_wav

AT = {"low": 2.1, "mid": 0.3, "high": 3.5}  # seconds at which each tone begins
LENGTH = 0.4


@pytest.fixture
def beeps(tmp_path):
    """Three files of 5 s, each with one short tone somewhere in a little noise."""
    rows = []
    for k, (name, hz) in enumerate(HZ.items()):
        y = 0.001 * np.random.default_rng(k).standard_normal(5 * SR)
        start = round(AT[name] * SR)
        y[start : start + round(LENGTH * SR)] += tone(hz, LENGTH, k)
        write_wav(tmp_path / "data" / f"{name}.wav", y)
        rows.append({"path": f"{name}.wav"})
    return write_manifest(tmp_path / "data" / "tracks.csv", rows)


@pytest.fixture
def band_model(tmp_path):
    """Conv over 5 frames: a filter a band, and a dead one; patches of 64 frames: the tones lie in later ones."""
    W = np.zeros((4, 96, 5), np.float32)
    W[:3] = band_weights().T[:, :, None]
    nodes = [
        helper.make_node("Transpose", ["mel"], ["bands"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["bands", "W"], ["heard"], kernel_shape=[5], pads=[2, 2]),
        helper.make_node("Relu", ["heard"], ["ears"]),
        helper.make_node("MaxPool", ["ears"], ["pooled"], kernel_shape=[4], strides=[4]),
        helper.make_node("Conv", ["pooled", "U"], ["late"], kernel_shape=[1]),
        helper.make_node("Transpose", ["late"], ["embedding"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["embedding", "V"], ["logits"]),
    ]
    weights = {"W": W, "U": np.eye(4, dtype=np.float32)[:3, :, None], "V": np.eye(3, 2, dtype=np.float32)}
    return save_model(tmp_path / "ears.onnx", nodes, weights, Tagset((TagGroup("tags", ("a", "b")),)), 3)


def exported(model, data, out, **options) -> dict:
    export_filters(model, data, out, FilterOptions(workers=1, **options))
    return {layer["name"]: layer for layer in json.loads((out / "filters.json").read_text())}


def test_each_filter_finds_its_tone_at_its_time(band_model, beeps, tmp_path):
    layers = exported(band_model, beeps, tmp_path / "out")

    assert list(layers) == ["ears", "late"]
    assert layers["ears"]["seconds"] == pytest.approx(4 / 62.5 + 512 / SR)
    for layer in layers.values():
        for k, name in enumerate(HZ):
            first = layer["filters"][k]["moments"][0]
            assert first["path"] == f"{name}.wav"
            assert AT[name] - 0.05 < (first["start"] + first["end"]) / 2 < AT[name] + LENGTH + 0.05


def test_the_sound_of_a_filter_is_its_tone(band_model, beeps, tmp_path):
    layers = exported(band_model, beeps, tmp_path / "out", number=1, least_seconds=0.2)
    for k, hz in enumerate(HZ.values()):
        y = load_audio(tmp_path / "out" / layers["ears"]["filters"][k]["file"], SR).y
        spectrum = np.abs(np.fft.rfft(y * np.hanning(len(y))))

        assert len(y) / SR == pytest.approx(0.2, abs=0.05)
        assert spectrum.argmax() * SR / len(y) == pytest.approx(hz, rel=0.05)


def test_a_filter_that_never_reacts_has_no_sound(band_model, beeps, tmp_path):
    dead = exported(band_model, beeps, tmp_path / "out")["ears"]["filters"][3]
    assert (dead["moments"], dead["file"]) == ([], "")
    assert "1 never react" in (tmp_path / "out" / "index.html").read_text()


def test_the_page_names_every_sound_there_is(band_model, beeps, tmp_path):
    layers = exported(band_model, beeps, tmp_path / "out", number=2, most=2, layers=("ears",))
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")

    files = [f["file"] for f in layers["ears"]["filters"]]
    assert len(files) == 2
    assert list(layers) == ["ears"]
    for file in files:
        assert f'src="{file}"' in page
        assert (tmp_path / "out" / file).stat().st_size > 500


def test_no_such_layer_and_no_convolution(band_model, pitch_model, beeps, tmp_path):
    with pytest.raises(ConfigError, match="no such convolution. There are ears, late"):
        exported(band_model, beeps, tmp_path / "out", layers=("nose",))
    with pytest.raises(ModelError, match="no convolution in it"):
        exported(pitch_model, beeps, tmp_path / "out")
