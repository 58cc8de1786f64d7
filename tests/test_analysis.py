import json
import wave
from dataclasses import replace

import numpy as np
import pytest

from catalogues import write_music
from earmark.analysis import analyze, analyze_earprint, join_versions, needs_of, split_versions, versions
from earmark.audio.config import FeatureConfig
from earmark.audio.listen import listen
from earmark.descriptors import DESCRIPTORS
from earmark.descriptors.key import Key
from earmark.errors import AudioError, ConfigError
from earmark.tagger.model import load_model
from tiny_model import TAGSET, write_tiny_model


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("analysis")
    write_music(root / "music", ["low"])
    write_tiny_model(root / "tiny.onnx")
    return root


@pytest.fixture
def model(place):
    return load_model(place / "tiny.onnx")


@pytest.fixture
def analysis(place, model):
    return analyze(place / "music" / "low.flac", model)


def test_it_holds_everything_by_default(analysis, model):
    assert list(analysis.descriptors) == list(DESCRIPTORS)
    assert analysis.versions == versions(model)
    assert analysis.name == "Sines: Low"
    assert analysis.embedding.shape == (8,)
    assert analysis.facts is analysis.descriptors


def test_its_json_can_be_written_and_has_every_part(analysis):
    shown = json.loads(json.dumps(analysis.to_dict(), allow_nan=False))
    assert list(shown)[:2] == ["path", "track_id"]
    assert shown["analysis_version"] == join_versions(analysis.versions)
    assert set(DESCRIPTORS) < set(shown)
    assert shown["description"] == analysis.description


def test_curves_are_the_probabilities_over_time(analysis):
    curves = analysis.curves()
    assert list(curves["tags"]) == TAGSET.names()
    assert len(curves["times"]) == len(analysis.activations.times)
    expected = TAGSET.probabilities(analysis.activations.logits)[:, 0]
    np.testing.assert_allclose(curves["tags"]["genre/jazz"], expected, atol=5e-5)


def test_a_line_for_every_descriptor(analysis):
    assert [name for name, _ in analysis.lines()] == list(DESCRIPTORS)
    assert all(text for _, text in analysis.lines())


@pytest.mark.parametrize("parts", [{"tags"}, {"energy"}, {"key", "tempo"}, {"structure"}, set()])
def test_only_the_parts_that_are_wanted(place, model, parts):
    some = analyze(place / "music" / "low.flac", model, parts=parts)
    assert set(some.versions) == parts
    assert set(some.descriptors) == parts - {"tags"}
    assert bool(some.tags) == (some.activations is not None) == ("tags" in parts)


def test_what_the_parts_are_computed_from():
    assert needs_of({"tags", "energy"}) == {"mel", "activations"}
    assert needs_of({"structure"}) == {"mel", "chroma", "activations"}
    assert needs_of({"loudness"}) == {"loudness"}


def test_another_front_end_has_no_descriptors_of_ours(place):
    features = FeatureConfig(fmax=7000.0)
    model = load_model(write_tiny_model(place / "other.onnx", features=features))
    assert list(versions(model)) == ["tags", "loudness"]
    earprint = listen(place / "music" / "low.flac", FeatureConfig())
    with pytest.raises(AudioError, match="an earprint that model 'tiny' cannot read"):
        analyze_earprint("low.earprint", earprint, model)


def test_versions_tell_what_computed_a_part(model, monkeypatch):
    assert versions(model) == {
        "tags": "tiny@1", "tempo": "2", "key": "2", "loudness": "3", "energy": "2/tiny@1", "structure": "1/tiny@1",
        "course": "1/tiny@1",
    }  # fmt: skip
    assert split_versions(join_versions(versions(model))) == versions(model)
    monkeypatch.setattr(DESCRIPTORS["tempo"], "VERSION", "9")
    assert versions(model)["tempo"] == "9"


def test_the_description_is_in_the_language_that_is_asked_for_or_set(analysis, monkeypatch):
    corrected = replace(analysis, descriptors={"key": Key("B", "minor", corrected=True)})
    english, german = corrected.describe("en"), corrected.describe("de")
    assert english.endswith("In B minor.")
    assert german.endswith("In h-Moll.")
    assert corrected.description == corrected.to_dict()["description"] == english
    monkeypatch.setenv("EARMARK_LANGUAGE", "de_DE.UTF-8")
    assert corrected.description == corrected.to_dict()["description"] == german
    assert corrected.to_dict("en")["description"] == english
    monkeypatch.setenv("EARMARK_LANGUAGE", "tlh")
    with pytest.raises(ConfigError, match="tlh: not a language"):
        corrected.to_dict()


def test_the_phrases_of_the_json_are_the_words_with_their_evidence(analysis):
    corrected = replace(analysis, descriptors={"key": Key("B", "minor", corrected=True)})
    *_, last = corrected.to_dict("en")["phrases"]
    assert last == {"text": "In B minor", "tags": [], "descriptors": ["key"], "passages": []}
    assert [phrase.to_dict() for phrase in corrected.phrases("en")] == corrected.to_dict("en")["phrases"]


def test_what_is_missing_of_a_file_is_in_its_json(tmp_path, analysis, model):
    assert not {"incomplete", "warnings"} & set(analysis.to_dict())
    path = write_music(tmp_path, ["low"], seconds=4.0) / "low.flac"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])

    shown = analyze(path, model).to_dict()

    assert shown["incomplete"]["expected"] == pytest.approx(4.0)
    assert shown["incomplete"]["heard"] == shown["duration"] < 3
    assert shown["incomplete"]["damaged_packets"] == 0
    assert shown["warnings"] == [f"incomplete: {shown['duration']:.1f} of 4.0 s could be heard"]


def sound(place, name: str, seconds: float, level: float = 0.8) -> str:
    """A wav file of a tone that swells, with a click."""
    t = np.arange(round(seconds * 44_100)) / 44_100
    y = level * np.sin(2 * np.pi * 220 * t) * np.minimum(1, 20 * t)
    path = place / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 44_100, 0, "NONE", ""))
        file.writeframes((32767 * y).astype("<i2").tobytes())
    return str(path)


@pytest.mark.parametrize("seconds", [0.3, 0.9])
def test_less_than_a_second_is_too_short_to_say(place, model, seconds):
    analysis = analyze(sound(place, f"short{seconds}", seconds), model)
    values = analysis.to_dict()
    assert analysis.tags == {group.name: [] for group in TAGSET.groups} == values["tags"]
    assert analysis.description == "Too short to say."
    assert values["tempo"]["bpm"] is values["key"]["tonic"] is values["key"]["name"] is None
    assert (values["energy"]["value"], values["energy"]["level"]) == (None, None)
    assert values["loudness"]["true_peak_dbtp"] == pytest.approx(20 * np.log10(0.8), abs=0.1)
    lines = dict(analysis.lines())
    assert {lines[name] for name in ("tempo", "key", "energy", "structure", "course")} == {"too short to say"}
    assert analysis.describe("de") == "Zu kurz für eine Aussage."
    assert (values["loudness"]["integrated_lufs"] is None) == (seconds < 0.4)
    assert (lines["loudness"] == "too short to say, true peak -1.9 dBTP") == (seconds < 0.4)
    assert (analysis.top("genre"), analysis.curves()) == (None, {"times": [], "tags": {}})


def test_silence_is_silence_whatever_its_length(place, model):
    for seconds in (0.3, 5.0):
        analysis = analyze(sound(place, f"silence{seconds}", seconds, 0), model)
        assert not any(analysis.tags.values())
        assert analysis.description == ("Too short to say." if seconds < 1 else "Silence.")
        assert dict(analysis.lines())["loudness"] == "silence"
    assert analysis.untold == "silence"
    assert dict(analysis.lines())["energy"] == "low (0.00)"


def test_a_second_and_more_has_tags(place, model):
    assert all(analyze(sound(place, "long", 1.1), model).tags.values())


def test_numbers_are_rounded_throughout(analysis):
    """Six digits for the peak that players multiply with, at most four for all others."""
    values = analysis.to_dict()
    assert values["loudness"]["replaygain_peak"] == round(values["loudness"].pop("replaygain_peak"), 6)

    def numbers(value):
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [value] if isinstance(value, float) else [x for part in inner for x in numbers(part)]

    assert [x for x in numbers(values) if x != round(x, 4)] == []
