"""Model files: equal to the network, usable by the runtime as they are, refused where they differ."""

import numpy as np
import pytest
import torch

from earmark.audio.config import FeatureConfig
from earmark.errors import ModelError
from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.batches import Clips, predict
from earmark.training.export import export_onnx, export_series, with_frames
from earmark.training.networks import build_network

CFG = FeatureConfig(n_mels=32)
OPTIONS = {"deepsound_cnn": {"width": 8}, "deepsound_crnn": {"width": 8, "units": 6}, "short_chunk": {"width": 4},
           "fcn": {"width": 4, "dim": 12}}  # fmt: skip


def network_and_info(name: str):
    torch.manual_seed(1)
    network = build_network(name, CFG.n_mels, 3, OPTIONS[name]).eval()
    for module in network.modules():  # as after training: statistics that are not 0 and 1
        if isinstance(module, torch.nn.modules.batchnorm._BatchNorm):
            module.running_mean.uniform_(-1, 1)
            module.running_var.uniform_(0.5, 2)
    tagset = Tagset((TagGroup("genre", ("jazz", "rock", "pop"), "exclusive"),))
    return network, with_frames(ModelInfo("mine", "1", tagset, CFG, licence="CC0"), network)


@pytest.mark.parametrize("name", OPTIONS)
def test_the_runtime_gives_what_the_network_gives(name, tmp_path, rng):
    """Over a whole track: patches, an end that is shorter, and the mean over all steps."""
    network, info = network_and_info(name)
    assert export_onnx(network, info, tmp_path / "model.onnx") <= 1e-4

    model = load_model(tmp_path / "model.onnx")
    tracks = [(4 * rng.random((n, CFG.n_mels))).astype(np.float32) for n in (2500, 900, 40)]
    clips = Clips(tracks, np.zeros((3, 3), np.float32), CFG, 64, network.patch_frames, network.min_frames)
    logits, embedding = predict(network, clips, np.arange(3))

    runs = [model.run(S) for S in tracks]
    np.testing.assert_allclose([run.track_logits() for run in runs], logits, atol=1e-4)
    np.testing.assert_allclose([run.track_embedding() for run in runs], embedding, atol=1e-4)
    assert model.info == info


def test_a_network_that_exports_wrongly_leaves_no_file(tmp_path):
    class Moody(torch.nn.Module):
        """Gives another answer whenever it is asked: no file can equal it."""

        def forward(self, mel):
            embedding = mel[:, :2] + torch.rand(1).item()
            return embedding[..., :3], embedding

    _, info = network_and_info("fcn")
    with pytest.raises(ModelError, match="differs from the network by"):
        export_onnx(Moody(), info, tmp_path / "model.onnx")
    assert list(tmp_path.iterdir()) == []


def test_a_file_for_series_is_refused_as_a_tagger(tmp_path, rng):
    network = build_network("msd_lstm", 5, 3, {})
    inputs = rng.random((4, 300, 24)).astype(np.float32), rng.random((4, 5)).astype(np.float32)
    _, info = network_and_info("fcn")

    assert export_series(network, info, inputs, tmp_path / "model.onnx") <= 1e-4
    with pytest.raises(ModelError, match=r"inputs \['series', 'lyrics'\]"):
        load_model(tmp_path / "model.onnx")
