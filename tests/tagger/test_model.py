"""A file is loaded as what it is."""

from earmark.tagger.combined import Combined
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import bundled
from tiny_model import write_tiny_model


def test_a_network_and_a_combination_are_told_apart(tmp_path):
    assert type(load_model(write_tiny_model(tmp_path / "tiny.onnx"))) is Model
    assert type(load_model(bundled("default"))) is Combined
    assert type(load_model(bundled("fast"))) is Model
