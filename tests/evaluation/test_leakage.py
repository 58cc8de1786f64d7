"""Which rows are evaluated, and what they share with rows that the model was fitted on."""

import json

import numpy as np
import onnx
import pytest

from earmark.data.manifest import Manifest
from earmark.errors import DataError
from earmark.evaluation.leakage import check_leakage, own_parts, select_rows
from earmark.tagger.model import METADATA_KEY, ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from tones import measured

ROWS = [{"path": f"{part}{i}.wav", "split": part} for part in ("train", "val", "test") for i in range(2)]
INFO = ModelInfo("m", "1", Tagset((TagGroup("pitch", ("low", "high")),)))


def manifest(*columns: str) -> Manifest:
    """Six rows, two a part, with these columns alone."""
    return Manifest(None, "blue notes", [{name: row[name] for name in ("path", *columns)} for row in ROWS])


def test_a_part_is_looked_for_in_the_manifest_then_in_the_models_split():
    own = ["", "", "", "", "valid", "test"]

    assert select_rows(manifest("split"), None, None)[0].tolist() == list(range(6))
    rows, source = select_rows(manifest("split"), "Validation", own)
    assert (rows.tolist(), source) == ([2, 3], "manifest split")
    rows, source = select_rows(manifest(), "valid", own)
    assert (rows.tolist(), source) == ([4], "the model's training")
    with pytest.raises(DataError, match="no row of blue notes is in that part. It names no parts"):
        select_rows(manifest(), "valid", None)


def test_the_models_own_parts_are_known_by_path(tmp_path):
    model = tmp_path / "model.onnx"
    assert own_parts(model, manifest()) is None  # no split.csv beside it
    (tmp_path / "split.csv").write_text("path,part\ntrain1.wav,train\nother.wav,test\n")
    assert own_parts(model, manifest()) == ["", "train", "", "", "", ""]
    (tmp_path / "split.csv").write_text("path,part\nother.wav,train\n")
    assert own_parts(model, manifest()) is None


def test_where_there_is_nothing_to_compare_with_nothing_is_claimed():
    found = check_leakage(INFO, manifest(), np.arange(6), None, None)

    assert found["compared_with"].startswith("nothing: every row is judged")
    assert (found["honest"], found["checked"], found["judged_training_rows"]) == (None, [], 0)
    assert found["warnings"] == ["The model file does not say what it was trained on."]


def test_rows_that_were_all_trained_on_are_not_honest():
    found = check_leakage(INFO, manifest(), np.arange(6), ["train"] * 5 + ["test"], None)

    assert (found["honest"], found["judged_training_rows"]) == (False, 5)
    assert found["warnings"][0].startswith("5 of the 6 judged rows")


def test_rows_of_the_models_own_training_are_called_out(pitch_model, tones, tmp_path):
    (pitch_model.parent / "split.csv").write_text("path,part\nlow/0.wav,train\nmid/0.wav,valid\nhigh/0.wav,test\n")
    found = measured(pitch_model, tones, ["pitch"], tmp_path / "out")["leakage"]

    assert found["judged_training_rows"] == 2
    assert found["honest"] is False
    assert "2 of the 12 judged rows were in the model's own training" in found["warnings"][0]


def test_a_stated_training_set_of_the_same_name_is_a_warning(tmp_path, pitch_model, tones):
    model = onnx.load(pitch_model)
    values = json.loads(model.metadata_props[0].value) | {"training_data": [{"name": "Data of tones"}]}
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(values)})
    onnx.save(model, pitch_model)
    found = measured(pitch_model, tones, ["pitch"], tmp_path / "out")["leakage"]

    assert found["training_data"] == ["Data of tones"]
    assert "may be this data set" in found["warnings"][0]
    assert found["honest"] is not True
