import json

import numpy as np
import pytest

from catalogues import write_music
from earmark.analysis import analyze, analyze_earprint, join_versions, needs_of, split_versions, versions
from earmark.audio.config import FeatureConfig
from earmark.audio.listen import listen
from earmark.descriptors import DESCRIPTORS
from earmark.errors import AudioError
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
    assert needs_of({"tags", "energy"}) == {"mel"}
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
        "tags": "tiny@1", "tempo": "1", "key": "1", "loudness": "1", "energy": "1", "structure": "1/tiny@1",
    }  # fmt: skip
    assert split_versions(join_versions(versions(model))) == versions(model)
    monkeypatch.setattr(DESCRIPTORS["tempo"], "VERSION", "2")
    assert versions(model)["tempo"] == "2"
