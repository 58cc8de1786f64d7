"""Shapes of the starter network, and the file that ships: exported from its weights to the byte."""

import numpy as np
import onnx
import pytest
import torch
from onnx import numpy_helper
from torch import nn

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.tagger.model import load_model
from earmark_research.assets import STARTER
from earmark_research.music import negatives
from earmark_research.tagger.corpus import to_patches
from earmark_research.tagger.network import StarterNet, pad_to_steps
from earmark_research.tagger.package import export_half
from earmark_research.tagger.recipe import RECIPE, Recipe
from earmark_research.tagger.teachers import Teachers


def test_no_frame_is_left_over():
    mel = torch.arange(187.0)[None, :, None].expand(2, 187, 96)
    whole = pad_to_steps(mel)
    assert whole[0, 180:, 0].tolist() == [*range(180, 187), *range(182, 187)]
    assert pad_to_steps(whole).shape == whole.shape


class TestBundledFile:
    """What ships."""

    def test_it_keeps_its_promises_of_size(self):
        n_weights = sum(int(np.prod(t.dims)) for t in onnx.load(STARTER).graph.initializer)
        assert STARTER.stat().st_size < 4_000_000
        assert n_weights < 1_500_000

    def test_its_embedding_is_that_of_its_teachers(self, shared_data):
        """Half of the variance over patches of tracks that are in no training; less of the predicted teacher."""
        teachers = Teachers(shared_data.parent / "teachers")
        names = ("sunshine.ogg", "bumblebeat.flac", "Gold Rush.mp3", "Kevin_MacLeod_-_Vibe_Ace.hq.ogg")
        found = [to_patches(log_mel(load_audio(shared_data / "cc_catalogue" / name).y))[2:8] for name in names]
        mel = np.concatenate(found)
        target = teachers(mel)["embedding"].astype(np.float32)
        target = np.hstack([target[:, 256:], target[:, :256]])
        whole = pad_to_steps(torch.from_numpy(mel)).numpy()
        predicted = load_model(STARTER)._run_batch(whole)[1].mean(axis=1)

        missed, there = ((predicted - target) ** 2).sum(axis=0), ((target - target.mean(axis=0)) ** 2).sum(axis=0)
        assert missed[:400].sum() < 0.5 * there[:400].sum()
        assert missed[400:].sum() < 0.8 * there[400:].sum()

    def test_every_tag_is_defined_and_told_where_it_comes_from(self):
        info = load_model(STARTER).info
        assert info.licence
        assert info.training_data
        assert info.metrics
        for group in info.tagset.groups:
            assert all(group.definition), group.name

    @pytest.mark.parametrize(
        "y",
        [
            np.zeros(160_000),
            np.random.default_rng(0).normal(size=160_000) * 0.1,
            np.sin(2 * np.pi * 440 * np.arange(160_000) / 16_000),
            negatives.applause(np.random.default_rng(8), 160_000) * 0.2,
        ],
        ids=["silence", "white noise", "sine", "applause"],
    )
    def test_what_is_no_music_is_not_called_music(self, y):
        model = load_model(STARTER)
        z = model.run(log_mel(y.astype(np.float32))).track_logits()
        column = model.tagset.names().index("content/music")
        assert model.tagset.probabilities(z)[column] < model.tagset.group("content").threshold[0]

    def test_real_music_is_called_music(self, shared_data):
        model = load_model(STARTER)
        names = ("sunshine.ogg", "bumblebeat.flac", "Gold Rush.mp3")
        music = model.tagset.names().index("content/music")
        for name in names:
            z = model.run(log_mel(load_audio(shared_data / "cc_catalogue" / name).y)).track_logits()
            assert model.tagset.probabilities(z)[music] > model.tagset.group("content").threshold[0], name


OLD_NAMES = {"branches": "listeners", "predicted_teacher": "guess"}  # parts of the network when the file was exported


def old_name(text: str) -> str:
    """The name of a node or tensor in the bundled file."""
    for new, old in OLD_NAMES.items():
        text = text.replace(new, old)
    return text


def use_old_names(graph: onnx.GraphProto) -> None:
    """Rename nodes and tensors in place."""
    for node in graph.node:
        if node.name:
            node.name = old_name(node.name)
        node.input[:], node.output[:] = map(old_name, node.input), map(old_name, node.output)
    for tensor in graph.initializer:
        tensor.name = old_name(tensor.name)


def bundled_network(graph: onnx.GraphProto, cache) -> StarterNet:
    """The network that was exported as `graph`; weights of matrix products have no names there, but an order."""
    tensors = {t.name.removesuffix(".half"): numpy_helper.to_array(t).astype(np.float32) for t in graph.initializer}
    products = [node.input[1] for node in graph.node if node.op_type == "MatMul"]
    matrices = [f"listeners.{number}.dense.0.weight" for number in (0, 1)]
    matrices += ["guess.0.weight", "guess.1.weight", "head.weight"]
    tensors |= {name: tensors.pop(product).T for name, product in zip(matrices, products, strict=True)}
    network = StarterNet(len(tensors["head.bias"]), Recipe.read(RECIPE, cache).network)
    rank, pooled = tensors["guess.0.weight"].shape
    dim = len(tensors["guess.1.bias"])
    network.predicted_teacher = nn.Sequential(nn.Linear(pooled, rank, bias=False), nn.Linear(rank, dim))
    network.head = nn.Linear(network.head.in_features + dim, len(tensors["head.bias"]))
    network.load_state_dict({name: torch.tensor(tensors[old_name(name)]) for name in network.state_dict()})
    return network.eval()


def test_the_bundled_file_is_what_its_weights_are_exported_as(tmp_path):
    model = onnx.load(STARTER)
    export_half(bundled_network(model.graph, tmp_path), load_model(STARTER).info, tmp_path / "starter.onnx")
    again = onnx.load(tmp_path / "starter.onnx")
    use_old_names(again.graph)
    again.producer_version = model.producer_version  # of torch, which may be newer
    again.metadata_props[0].value = model.metadata_props[0].value  # of an older format
    onnx.save(again, tmp_path / "starter.onnx")
    assert (tmp_path / "starter.onnx").read_bytes() == STARTER.read_bytes()
