import numpy as np
import pytest

from earmark.analysis import analyze
from earmark.audio.config import FeatureConfig
from earmark.audio.earprint import read_earprint, write_earprint
from earmark.audio.listen import listen
from earmark.errors import AudioError
from earmark.tagger.model import load_model
from earprints import change_earprint
from sounds import chord, write_sound
from tiny_model import write_tiny_model


@pytest.fixture
def sound(tmp_path):
    return write_sound(tmp_path / "chord.flac", chord(4.0), tags={"title": "A chord", "artist": "sines"})


def test_gives_the_same_tags_as_the_audio(tmp_path, sound):
    model = load_model(write_tiny_model(tmp_path / "m.onnx"))
    path = write_earprint(listen(sound, model.info.features), tmp_path / "chord.earprint")

    from_audio, from_print = analyze(sound, model), analyze(path, model)

    assert from_print.track_id == from_audio.track_id
    assert from_print.duration == from_audio.duration
    assert from_print.file_tags == from_audio.file_tags
    for group, hits in from_audio.tags.items():
        again = {hit.tag: hit.probability for hit in from_print.tags[group]}
        assert all(again[hit.tag] == pytest.approx(hit.probability, abs=0.01) for hit in hits)
    assert np.dot(from_print.embedding, from_audio.embedding) > 0


def test_is_small_and_within_half_a_step(tmp_path, sound):
    heard = listen(sound, FeatureConfig())

    path = write_earprint(heard, tmp_path / "a.earprint")

    assert np.abs(read_earprint(path).S - heard.S).max() <= heard.S.max() / 255 / 2 + 1e-6
    assert path.stat().st_size < heard.S.size * 1.1


def test_negative_values_of_other_front_ends_survive(tmp_path, sound):
    features = FeatureConfig(22_050, 2048, 1024, 128, 0.0, 11_025.0, "ln_floor_1e-6")
    heard = listen(sound, features)

    again = read_earprint(write_earprint(heard, tmp_path / "a.earprint"))

    assert heard.S.min() < -5
    np.testing.assert_allclose(again.S, heard.S, atol=0.06)
    assert again.features == features


def test_one_front_end_is_not_taken_for_another(tmp_path, sound):
    model = load_model(write_tiny_model(tmp_path / "m.onnx"))
    heard = listen(sound, FeatureConfig(sr=8000, fmax=4000.0))

    with pytest.raises(AudioError, match="that model 'tiny' cannot read"):
        analyze(write_earprint(heard, tmp_path / "a.earprint"), model)


def save(path, **arrays):
    with open(path, "wb") as file:
        np.savez(file, **arrays)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"PK not really"),
        lambda path: path.write_bytes(path.read_bytes()[:-200]),
        lambda path: save(path, mel=np.zeros((5, 96), np.uint8)),
        lambda path: save(path, head=np.array("{}"), mel=np.zeros((5, 96), np.uint8)),
        lambda path: save(path, head=np.array("not json"), mel=np.zeros((5, 96), np.uint8)),
        lambda path: save(path, head=np.array([{"a": 1}], dtype=object), mel=np.zeros((5, 96), np.uint8)),
    ],
)
def test_a_damaged_one_is_refused(tmp_path, sound, damage):
    path = write_earprint(listen(sound, FeatureConfig()), tmp_path / "a.earprint")
    damage(path)

    with pytest.raises(AudioError, match="a.earprint: not a readable earprint"):
        read_earprint(path)


def test_a_newer_version_says_so(tmp_path):
    path = tmp_path / "a.earprint"
    save(path, head=np.array('{"format": "earprint", "version": 99}'), mel=np.zeros((5, 96), np.uint8))

    with pytest.raises(AudioError, match="version 99 is newer"):
        read_earprint(path)


def test_a_setting_of_a_newer_earmark_is_an_error_that_names_the_file(tmp_path, sound):
    path = write_earprint(listen(sound, FeatureConfig()), tmp_path / "new.earprint")
    change_earprint(path, lambda head, arrays: head["features"].update(window="hann"))

    with pytest.raises(AudioError, match=r"new\.earprint: not a readable earprint \(unknown settings \['window'\]"):
        read_earprint(path)
