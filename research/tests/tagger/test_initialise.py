"""musicnn's weights on the coarse grid, against musicnn computed by hand."""

import numpy as np
import torch

from earmark.tagger.interop.musicnn import numbered
from earmark_research.tagger.initialise import (
    copy_weights,
    folded_normalisation,
    full_size,
    initialise_network,
    most_important,
    spread_taps,
)
from earmark_research.tagger.network import BranchConfig, StarterConfig, StarterNet


def test_a_branch_gives_musicnns_embedding_of_an_even_sound(musicnn_weights):
    """Where neither time nor pitch matters, the coarse grid loses nothing: musicnn by hand, all filters kept."""
    w = musicnn_weights
    w["batch_normalization_1/gamma"][:3] *= -1  # the maximum of an inverted filter is its minimum
    network = StarterNet(3, StarterConfig({"A": full_size(w), "B": full_size(w)}))
    for number in (0, 1):
        copy_weights(network, number, w, np.arange(20))
    factor, offset = folded_normalisation(w, 0)
    front = [constant_layer(w, number, 2.5 * factor + offset) for number in range(5)]
    levels = [np.concatenate(front)]
    for number in (5, 6, 7):
        output = constant_layer(w, number, levels[-1])
        levels.append(output if number == 5 else output + levels[-1])
    scale, shift = folded_normalisation(w, 9)
    dense = (np.repeat(np.concatenate(levels), 2) * scale + shift) @ w["dense/kernel"] + w["dense/bias"]
    scale, shift = folded_normalisation(w, 10)
    expected = np.maximum(dense, 0) * scale + shift

    with torch.no_grad():
        found = network.embed(torch.full((1, 640, 96), 2.5))[0][0, 10]  # far from the edges
    np.testing.assert_allclose(found, np.tile(expected, 2), rtol=1e-3, atol=1e-3)


def constant_layer(w: dict, number: int, x: np.ndarray) -> np.ndarray:
    """Output of a convolution of musicnn and its normalisation where the input is x everywhere."""
    kernel, bias = (w[numbered("conv2d", number) + f"/{part}"] for part in ("kernel", "bias"))
    scale, shift = folded_normalisation(w, number + 1)
    summed = np.atleast_1d(x) @ kernel.reshape(-1, np.size(x), kernel.shape[-1]).sum(axis=0)
    return np.maximum(summed + bias, 0) * scale + shift


def test_a_kernel_between_two_frames_goes_to_both(rng):
    """On a line, taps on pairs of frames give what taps on frames give."""
    kernel = rng.normal(size=(7, 3, 2))
    line = np.arange(-20.0, 20.0)
    fine = sum(kernel[i] * line[20 + i - 3] for i in range(7))
    coarse = sum(spread_taps(kernel)[j] * line[20 + 2 * (j - 3)] for j in range(7))
    np.testing.assert_allclose(coarse, fine, atol=1e-9)


def test_filters_without_effect_go_first(rng, musicnn_weights):
    w = musicnn_weights
    unused = [1, 4, 7]
    w["conv2d_5/kernel"][:, unused] = 0
    w["dense/kernel"].reshape(-1, 2, 200)[unused] = 0
    cfg = StarterConfig({"A": BranchConfig((4, 4, 4, 3, 2), 10)})
    network = initialise_network(cfg, 3, {"A": w}, rng.uniform(0, 3, (4, 192, 96)).astype(np.float32))

    kept = np.delete(np.arange(20), unused)
    expected = StarterNet(3, cfg)
    copy_weights(expected, 0, w, kept)
    torch.testing.assert_close(network.front.tall[0].weight, expected.front.tall[0].weight)
    torch.testing.assert_close(network.front.tall[1].weight, expected.front.tall[1].weight)


def test_the_most_important_of_each_kind_stay_in_order():
    importance = np.array([5.0, 9, 1, 2, 8, 3])
    assert most_important(importance, [3, 3], [2, 1]).tolist() == [0, 1, 4]
