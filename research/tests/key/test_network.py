"""The key network in torch against the one in NumPy, and the bundled file against what its weights are saved as."""

from importlib import resources

import numpy as np
import torch

from earmark.audio.chroma import chroma, semitones
from earmark.descriptors.key.head import default_head, read_head
from earmark_research.key.network import LAYERS, KeyNetwork, save
from earmark_research.key.train import mean_logits
from earmark_research.music.harmony import compose


def test_the_head_in_numpy_is_the_network_that_was_trained(tmp_path, rng):
    torch.manual_seed(0)
    networks = [KeyNetwork().eval(), KeyNetwork().eval()]
    with torch.no_grad():
        for network in networks:
            for weights in network.parameters():
                weights.copy_(weights.half().float())
    save(networks, np.array([1.0, 0.0, 0.0]), tmp_path / "head.npz")
    P = semitones(chroma(compose(rng, key=3, seconds=8.0)[0]), 0.0)
    logits = read_head(tmp_path / "head.npz").logits(P, np.array([[0, len(P)]]))
    np.testing.assert_allclose(logits, mean_logits(networks, [(P, 3)]), atol=1e-3)


def test_the_bundled_file_is_what_its_weights_are_saved_as(tmp_path):
    with resources.as_file(resources.files("earmark") / "assets" / "key_head.npz") as bundled:
        with np.load(bundled) as stored:
            arrays = dict(stored)
        networks = [KeyNetwork() for _ in arrays["conv"]]
        for number, network in enumerate(networks):
            for name in LAYERS:
                layer = getattr(network, name)
                layer.weight.data = torch.tensor(arrays[name][number]).float().reshape(layer.weight.shape)
                layer.bias.data = torch.tensor(arrays[f"{name}_bias"][number])
        save(networks, arrays["blend"], tmp_path / "head.npz")
        assert (tmp_path / "head.npz").read_bytes() == bundled.read_bytes()
    assert len(networks) == 3


def test_a_transposed_piece_has_transposed_logits():
    torch.manual_seed(0)
    x = torch.rand(2, 20, 5, 12)
    sounds, network = torch.ones(2, 20), KeyNetwork().eval()
    with torch.no_grad():
        logits = network(x, sounds).reshape(2, 2, 12)
        turned = network(x.roll(5, dims=3), sounds).reshape(2, 2, 12)
    torch.testing.assert_close(turned, logits.roll(5, dims=2), atol=1e-4, rtol=1e-4)


def test_silent_rows_of_a_batch_do_not_count():
    torch.manual_seed(0)
    x, network = torch.rand(1, 20, 5, 12), KeyNetwork().eval()
    padded = torch.cat([x, torch.zeros(1, 9, 5, 12)], dim=1)
    with torch.no_grad():
        short = network(x, torch.ones(1, 20))
        long = network(padded, torch.tensor([[1.0] * 20 + [0.0] * 9]))
    torch.testing.assert_close(long, short, atol=1e-5, rtol=1e-5)
    assert default_head() is not None
