"""The starter network before training: musicnn's weights, brought to its coarser grid.

A kernel meets a grid of half the bands and frames when neighbouring taps are added up. What is lost by it, and by the
filters left out, is what the training has to win back; no filter has to be found again from little music.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn

from earmark.tagger.interop import dead_filters
from earmark.tagger.interop.musicnn import EPSILON, Weights, numbered
from earmark_research.tagger import network as net
from earmark_research.tagger.network import BranchConfig, StarterConfig, StarterNet

CONVS = tuple(numbered("conv2d", number) for number in range(net.KINDS))
FIRST, SECOND, THIRD = (numbered("conv2d", number) for number in (5, 6, 7))
CENTRE = 3  # of the 7 taps in time of a middle filter of musicnn
DIRECTIONS = 12  # random ones, in which the importance of a filter is measured

Affine = tuple[np.ndarray, np.ndarray]
"""Factor and offset of each channel, float64 [n_channels] each."""


def initialise_network(cfg: StarterConfig, n_tags: int, weights: Mapping[str, Weights], mel: np.ndarray) -> StarterNet:
    """A network of the sizes `cfg` with musicnn's weights; its head is untrained.

    Parameters
    ----------
    weights : branch -> tensors of that network, without dead filters
    mel : float32 [n, frames, 96], patches that decide which filters a narrower front end keeps
    """
    network = StarterNet(n_tags, cfg)
    for number, (name, sizes) in enumerate(cfg.branches.items()):
        whole = StarterNet(1, StarterConfig({name: full_size(weights[name])}))
        present = whole.cfg.branches[name].filters
        copy_weights(whole, 0, weights[name], np.arange(sum(present)))
        keep = most_important(filter_importance(whole, torch.from_numpy(mel)), present, sizes.filters)
        copy_weights(network, number, weights[name], keep)
    return network


def full_size(w: Weights) -> BranchConfig:
    """Sizes of a branch that keeps every filter that is not dead."""
    return BranchConfig(tuple(w[f"{conv}/bias"].size for conv in CONVS), len(living_filters(w)))


def copy_weights(network: StarterNet, number: int, w: Weights, keep: np.ndarray) -> None:
    """Write the weights of `w` into a branch whose front end has the filters `keep`, int [n]."""
    branch = network.branches[number]
    with torch.no_grad():
        _copy_front_end(network.front, number, branch, w, keep)
        _copy_mid_end(branch.mid, w, keep)
        _copy_back_end(branch.dense, w, keep)


def living_filters(w: Weights) -> np.ndarray:
    """Which filters of the first middle layer are not dead, int [n]."""
    return np.flatnonzero(dead_filters.size_and_constant(w, FIRST, 6)[0] > dead_filters.NOTHING)


def filter_importance(network: StarterNet, mel: torch.Tensor, at_once: int = 20) -> np.ndarray:
    """How much each filter of a network with one branch moves the embedding, to first order: float32 [filters].

    Mean square, over patches and random directions of the embedding, of gradient times distance from the mean.
    """
    (branch,) = network.branches
    with torch.no_grad():
        blocks = [network.front(part)[0] for part in mel.split(at_once)]
        std = torch.cat([branch(x)[0].mean(dim=1) for x in blocks]).std(dim=0) + 1e-6
    mean = torch.cat(blocks).mean(dim=(0, 2), keepdim=True)
    importance, g = torch.zeros(mean.shape[1]), torch.Generator().manual_seed(0)
    for direction in torch.randn(DIRECTIONS, net.DIM, generator=g) / std:
        for x in blocks:
            x = x.clone().requires_grad_()
            (branch(x)[0].mean(dim=1) @ direction).sum().backward()
            importance += (x.grad * (x.detach() - mean)).sum(dim=2).square().sum(dim=0)
    return importance.numpy()


def most_important(importance: np.ndarray, present: Sequence[int], wanted: Sequence[int]) -> np.ndarray:
    """Of each kind of filter as many as `wanted`, in their old order: int [sum(wanted)].

    `importance` is [sum(present)], kind by kind.
    """
    starts = np.cumsum([0, *present[:-1]])
    return np.concatenate(
        [
            start + np.sort(np.argsort(-importance[start : start + size])[:n])
            for start, size, n in zip(starts, present, wanted, strict=True)
        ]
    )


def _copy_front_end(front: net.FrontEnd, number: int, branch: net.Branch, w: Weights, keep: np.ndarray) -> None:
    """Both factors, of the normalisations before and after, go into the filters; sign and offset after them go on."""
    factor, offset = (float(x[0]) for x in folded_normalisation(w, 0))
    scale, _ = _front_normalisation(w, keep)
    bias = np.concatenate([w[f"{name}/bias"] for name in CONVS])[keep]
    kind = np.repeat(np.arange(net.KINDS), [w[f"{name}/bias"].size for name in CONVS])
    first = np.searchsorted(kind, kind[keep])
    for this, (name, conv) in enumerate(zip(CONVS, [*front.tall, *front.long], strict=True)):
        own, start = kind[keep] == this, sum(front.counts[this][:number])
        place = slice(start, start + np.count_nonzero(own))
        kernel = w[f"{name}/kernel"][:, :, 0, keep[own] - first[own]].astype(np.float64) * scale[own]
        kernel = coarsen_kernel(kernel, this)
        conv.weight[place, 0] = _to_tensor(factor * kernel.transpose(2, 0, 1))
        conv.bias[place] = _to_tensor(bias[own] * scale[own] + offset * kernel.sum(axis=(0, 1)))
    branch.sign.copy_(_to_tensor(np.sign(scale))[:, None])


def _front_normalisation(w: Weights, keep: np.ndarray) -> Affine:
    """Of the normalisations after the filters `keep`, kind by kind."""
    kinds = [folded_normalisation(w, number + 1) for number in range(net.KINDS)]
    return tuple(np.concatenate(x)[keep] for x in zip(*kinds, strict=True))


def coarsen_kernel(kernel: np.ndarray, kind: int) -> np.ndarray:
    """[frames, bands, filters] of musicnn -> taps of the coarse grid, [pairs of frames, pairs of bands, filters]."""
    pair = (np.arange(len(kernel)) - (len(kernel) - 1) // 2) // 2  # in which pair of frames a tap lies
    if kind >= len(net.TALL):
        return sum_taps(kernel, pair + net.LONG[kind - len(net.TALL)] // 2)
    kernel = sum_taps(kernel, np.maximum(pair + 1, 0))  # the first goes to the second
    return sum_taps(kernel.transpose(1, 0, 2), np.arange(kernel.shape[1]) // 2).transpose(1, 0, 2)


def sum_taps(kernel: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Sum of the taps (axis 0) that go to the same place; `to` int [n_taps]."""
    out = np.zeros((to.max() + 1, *kernel.shape[1:]))
    np.add.at(out, to, kernel)
    return out


def spread_taps(kernel: np.ndarray) -> np.ndarray:
    """[7 frames, ..] -> [7 pairs of frames, ..]: a tap halfway between two pairs goes to both."""
    out = np.zeros_like(kernel, dtype=np.float64)
    for tap, values in enumerate(kernel):
        below, half = divmod(tap - CENTRE, 2)
        out[CENTRE + below] += values / (1 + half)
        if half:
            out[CENTRE + below + 1] += values / 2
    return out


def _copy_mid_end(mid: net.MidEnd, w: Weights, keep: np.ndarray) -> None:
    """Dead filters of the first layer give nothing but a constant, which moves into the layers after it."""
    layers = (_first_layer(w, keep), _second_layer(w), _third_layer(w))
    for (conv, _, norm), (kernel, bias, (factor, offset)) in zip((mid.one, mid.two, mid.three), layers, strict=True):
        cut = CENTRE - conv.kernel_size[0] // 2  # nothing is there: 7 frames are 4 pairs
        conv.weight.copy_(_to_tensor(spread_taps(kernel)[cut : len(kernel) - cut].transpose(2, 1, 0)))
        conv.bias.copy_(_to_tensor(bias))
        norm.scale.copy_(_to_tensor(factor)[:, None])
        norm.shift.copy_(_to_tensor(offset)[:, None])


Layer = tuple[np.ndarray, np.ndarray, Affine]
"""Kernel [7, n_in, n_out], bias [n_out] and the normalisation after a layer."""


def _kernel(w: Weights, name: str) -> np.ndarray:
    return w[f"{name}/kernel"][:, :, 0].astype(np.float64)


def _first_layer(w: Weights, keep: np.ndarray) -> Layer:
    live, (scale, shift) = living_filters(w), folded_normalisation(w, 6)
    front_scale, front_shift = _front_normalisation(w, keep)
    kernel = _kernel(w, FIRST)[:, keep][:, :, live]
    bias = w[f"{FIRST}/bias"][live] + front_shift @ kernel.sum(axis=0)
    return kernel * np.sign(front_scale)[:, None], bias, (scale[live], shift[live])


def _second_layer(w: Weights) -> Layer:
    live, order = living_filters(w), _filter_order(w)
    dead, constant = order[len(live) :], dead_filters.size_and_constant(w, FIRST, 6)[1]
    kernel, (scale, shift) = _kernel(w, SECOND), folded_normalisation(w, 7)
    bias = w[f"{SECOND}/bias"] + np.tensordot(constant[dead], kernel[:, dead].sum(axis=0), 1)
    shift = shift + np.where(np.isin(np.arange(net.MIDDLE), dead), constant, 0)  # what the first layer is added to
    return kernel[:, live][:, :, order], bias[order], (scale[order], shift[order])


def _third_layer(w: Weights) -> Layer:
    order, (scale, shift) = _filter_order(w), folded_normalisation(w, 8)
    return _kernel(w, THIRD)[:, order][:, :, order], w[f"{THIRD}/bias"][order], (scale[order], shift[order])


def _filter_order(w: Weights) -> np.ndarray:
    """Middle filters with the living ones of the first layer in front, int [64]."""
    live = living_filters(w)
    return np.concatenate([live, np.setdiff1d(np.arange(net.MIDDLE), live)])


def _copy_back_end(back: nn.Sequential, w: Weights, keep: np.ndarray) -> None:
    n_front, order, live = w[f"{FIRST}/kernel"].shape[1], _filter_order(w), living_filters(w)
    scale, shift = folded_normalisation(w, 9)
    kernel = w["dense/kernel"].astype(np.float64)
    bias = w["dense/bias"] + shift @ kernel
    dense = (scale[:, None] * kernel).reshape(-1, 2, net.DIM)  # maximum and mean alternate
    dead, constant = order[len(live) :], dead_filters.size_and_constant(w, FIRST, 6)[1]
    bias = bias + np.tensordot(constant[dead], dense[n_front + dead].sum(axis=1), 1)
    levels = (keep, n_front + live, n_front + net.MIDDLE + order, n_front + 2 * net.MIDDLE + order)
    front_scale, front_shift = _front_normalisation(w, keep)
    bias = bias + front_shift @ dense[keep].sum(axis=1)
    dense[keep] *= np.sign(front_scale)[:, None, None]
    dense = dense[np.concatenate(levels)].transpose(1, 0, 2).reshape(-1, net.DIM)
    linear, _, norm = back
    linear.weight.copy_(_to_tensor(dense.T))
    linear.bias.copy_(_to_tensor(bias))
    for part, values in zip((norm.scale, norm.shift), folded_normalisation(w, 10), strict=True):
        part.copy_(_to_tensor(values))


def folded_normalisation(w: Weights, number: int) -> Affine:
    """The factor and the offset that a trained batch normalisation is."""
    name = numbered("batch_normalization", number)
    gamma, beta, mean, variance = (
        w[f"{name}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    return scale, beta - mean * scale


def _to_tensor(values: np.ndarray) -> torch.Tensor:
    """float32."""
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
