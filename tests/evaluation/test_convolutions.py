"""The convolutions of the bundled model, and the frames that their values depend on."""

import numpy as np
from onnx import helper

from earmark.evaluation.convolutions import ConvolutionModel, convolutions
from earmark.tagger.model import load_model
from earmark.tagger.registry import bundled


def test_the_filters_of_the_bundled_model_are_found_in_time():
    model = load_model(bundled("fast"))
    net = ConvolutionModel.open(model)
    frames, touched = model.info.patch_frames, model.info.patch_frames // 2
    mel = np.random.default_rng(0).random((frames, 96)).astype(np.float32) * 3
    changed = mel.copy()
    changed[touched] += 1
    for field, a, b in zip(net.tensors.values(), *map(net.activations, (mel, changed)), strict=True):
        assert field.axis is not None
        for place in np.flatnonzero(np.abs(a - b).max(axis=1) > 1e-4):
            start, end = field.frames(int(place), frames)
            assert start <= touched < end


def test_a_convolution_is_read_behind_what_follows_it_alone():
    nodes = [
        helper.make_node("Conv", ["mel", "a"], ["c1"]),
        helper.make_node("BatchNormalization", ["c1", "s", "b", "m", "v"], ["n1"]),
        helper.make_node("Relu", ["n1"], ["r1"]),
        helper.make_node("Conv", ["r1", "d"], ["c2"]),
        helper.make_node("Add", ["c2", "r1"], ["sum"]),  # brings another tensor in
        helper.make_node("Conv", ["sum", "e"], ["c3"]),
        helper.make_node("Relu", ["c3"], ["r3"]),  # not the only one that takes c3
        helper.make_node("Sigmoid", ["c3"], ["gate"]),
    ]
    assert convolutions(helper.make_graph(nodes, "g", [], [])) == ["r1", "c2", "c3"]
