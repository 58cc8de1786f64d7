"""index.html of filters by itself; test_filters.py has whole ones."""

from earmark.data.manifest import Manifest
from earmark.evaluation.filters_page import write_index
from earmark.evaluation.layers import Filter, Layer, Moment
from earmark.evaluation.receptive import WHOLE, ReceptiveField
from earmark.tagger.model import load_model
from tiny_model import write_tiny_model


def test_every_filter_with_a_sound_has_a_player(tmp_path):
    model = load_model(write_tiny_model(tmp_path / "tiny.onnx"))
    loud = Filter(0, (Moment("a <b>.wav", 0, 1.0, 2.5, 3.25),), "layer00/filter000.ogg")
    layers = [
        Layer("conv1", ReceptiveField(2), 0.05, (loud, Filter(1, ()))),
        Layer("conv2", WHOLE, 9.0, (loud,)),
    ]
    write_index(model, Manifest(None, "made", [{"path": "a"}]), layers, tmp_path / "index.html")
    text = (tmp_path / "index.html").read_text(encoding="utf-8")

    assert text.count("<audio") == 2
    assert "<li>a &lt;b&gt;.wav 1.00–2.50 s (3.25)</li>" in text
    assert "conv1: 2 filters, each sees 0.05 s, 1 never react" in text
    assert "conv2: 1 filters, each sees the whole patch" in text
