"""A probe from a manifest to its folder: which rows it learns from, and what it refuses."""

import pytest

from datafiles import write_rows, write_set
from earmark.errors import DataError
from earmark.tagger.model import load_model
from earmark.tagger.registry import bundled
from earmark.training.outputs import RunOptions
from earmark.training.recipe import read_recipe
from earmark.training.train import train
from tiny_model import write_tiny_model


def loud_and_quiet(folder, n=16, **columns):
    """Melodies; every second one has the label b and twice the notes, and everyone has a song of its own."""
    rows = [{"path": f"{k}.wav", "seed": k, "song": f"s{k}", "label": "ab"[k % 2],
             **{name: value(k) for name, value in columns.items()}} for k in range(n)]  # fmt: skip
    return write_set(folder, rows, seconds=1.5)


def run(tmp_path, manifest, columns=("label",), backbone=None, **options):
    backbone = backbone or write_tiny_model(tmp_path / "backbone.onnx")
    options = RunOptions(backbone=backbone, cache=tmp_path / "cache", **options)
    return train(read_recipe("probe"), manifest, list(columns), tmp_path / "out", options)


def test_a_probe_is_trained_on_every_row_and_tells_what_it_knows(tmp_path):
    trained = run(tmp_path, loud_and_quiet(tmp_path / "set"))
    model = load_model(trained.model)
    assert model.tagset.names() == ["label/a", "label/b"]
    assert model.info.training_data[-1]["rows"] == 16
    assert trained.metrics["held_out"]["n"] == 16
    parts = {line.split(",")[1] for line in (tmp_path / "out" / "split.csv").read_text().splitlines()[1:]}
    assert parts == {"train"}
    assert read_recipe(tmp_path / "out" / "recipe.toml").network == "probe"


def test_a_published_test_part_is_never_fitted(tmp_path):
    manifest = loud_and_quiet(tmp_path / "set", split=lambda k: "test" if k >= 12 else "train")
    trained = run(tmp_path, manifest)
    assert trained.metrics["held_out"]["n"] == 12
    assert trained.metrics["test"]["n"] == 4
    assert sorted(trained.split.test) == [12, 13, 14, 15]


def test_a_published_valid_part_chooses_the_penalty(tmp_path):
    manifest = loud_and_quiet(tmp_path / "set", split=lambda k: "valid" if k >= 10 else "train")
    trained = run(tmp_path, manifest)
    assert trained.metrics["held_out"]["n"] == 6
    assert len(trained.split.train) == 16


@pytest.mark.parametrize(("change", "match"), [
    ({"label": "a"}, "one class only"),
    ({"label": ""}, r"blank in 8 of 16 rows: row 3 \(1.wav\)"),
    ({"path": "gone.wav"}, "8 of 16 files are missing: row 3"),
    ({"song": "same"}, "classes of one song"),
])  # fmt: skip
def test_bad_input_is_refused_before_training(change, match, tmp_path):
    loud_and_quiet(tmp_path / "set")
    rows = [{"path": f"{k}.wav", "song": f"s{k}", "label": "ab"[k % 2]} | (change if k % 2 else {}) for k in range(16)]
    manifest = write_rows(tmp_path / "set" / "tracks.csv", rows)
    with pytest.raises(DataError, match=match):
        run(tmp_path, manifest)
    assert not (tmp_path / "out").exists()


def test_unreadable_sound_and_unknown_columns_are_named(tmp_path):
    manifest = loud_and_quiet(tmp_path / "set")
    (tmp_path / "set" / "3.wav").write_text("this is no sound")
    with pytest.raises(DataError, match=r"row 5 \(3.wav\)"):
        run(tmp_path, manifest)
    with pytest.raises(DataError, match="column 'mood': not in"):
        run(tmp_path, manifest, columns=("mood",))
    assert not (tmp_path / "out").exists()


def test_stages_follow_one_another(tmp_path):
    stages = []
    run(tmp_path, loud_and_quiet(tmp_path / "set"), progress=lambda what, *_: stages.append(what))
    assert list(dict.fromkeys(stages)) == ["spectrograms", "embeddings", "split"]


def test_a_probe_of_the_default_profile_is_a_head_on_it(tmp_path):
    """Melodies of one manner are hard to tell apart for a network of music; that it is fitted and measured counts."""
    manifest, backbone = loud_and_quiet(tmp_path / "set"), bundled("default")
    trained = run(tmp_path, manifest, backbone=backbone)

    model = load_model(trained.model)
    assert (model.info.backbone, model.info.backbone_version) == ("default", load_model(backbone).info.version)
    assert trained.model.stat().st_size < 30_000
    assert trained.metrics["held_out"]["n"] == 16
