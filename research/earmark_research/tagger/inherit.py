"""The beginning of the starter network: musicnn's weights, brought to its coarser grid.

A kernel meets a grid of half the bands and frames when neighbouring taps are added up. What is lost by it, and by the
filters left out, is what the training has to win back; no filter has to be found again from little music.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import nn

from earmark.tagger.interop.dead_filters import NOTHING, size_and_constant
from earmark.tagger.interop.musicnn import EPSILON, Weights, numbered
from earmark_research.tagger import network as net
from earmark_research.tagger.network import ListenerConfig, StarterConfig, StarterNet

CONVS = tuple(numbered("conv2d", number) for number in range(net.KINDS))
FIRST, SECOND, THIRD = (numbered("conv2d", number) for number in (5, 6, 7))
CENTRE = 3  # of the 7 frames that a middle filter of musicnn hears
DIRECTIONS = 12  # random ones, in which the importance of a filter is measured


def begin(cfg: StarterConfig, n_tags: int, weights: Mapping[str, Weights], mel: np.ndarray) -> StarterNet:
    """A network of the sizes `cfg` with musicnn's weights; its head is untrained.

    Parameters
    ----------
    weights : listener -> tensors of that network, without dead filters
    mel : float32 [n, frames, 96], patches that decide which filters a narrower front end keeps
    """
    network = StarterNet(n_tags, cfg)
    for number, (name, wanted) in enumerate(cfg.listeners.items()):
        whole = StarterNet(1, StarterConfig({name: sizes(weights[name])}))
        there = whole.cfg.listeners[name].filters
        inherit(whole, 0, weights[name], np.arange(sum(there)))
        keep = strongest(importance(whole, torch.from_numpy(mel)), there, wanted.filters)
        inherit(network, number, weights[name], keep)
    return network


def sizes(w: Weights) -> ListenerConfig:
    """Of a listener that keeps all that is alive."""
    return ListenerConfig(tuple(w[f"{conv}/bias"].size for conv in CONVS), len(living(w)))


def inherit(network: StarterNet, number: int, w: Weights, keep: np.ndarray) -> None:
    """Write the weights of `w` into a listener whose front end has the filters `keep`."""
    listener = network.listeners[number]
    with torch.no_grad():
        _front_end(network.front, number, listener, w, keep)
        _mid_end(listener.mid, w, keep)
        _back_end(listener.dense, w, keep)


def living(w: Weights) -> np.ndarray:
    """Which filters of the first middle layer are not dead."""
    return np.flatnonzero(size_and_constant(w, FIRST, 6)[0] > NOTHING)


def importance(network: StarterNet, mel: torch.Tensor, at_once: int = 20) -> np.ndarray:
    """How much each filter of a network with one listener moves the embedding, to first order: float [filters].

    Mean square, over patches and random directions of the embedding, of gradient times distance from the mean.
    """
    (listener,) = network.listeners
    with torch.no_grad():
        heard = [network.front(part)[0] for part in mel.split(at_once)]
        std = torch.cat([listener(x)[0].mean(dim=1) for x in heard]).std(dim=0) + 1e-6
    mean = torch.cat(heard).mean(dim=(0, 2), keepdim=True)
    found, g = torch.zeros(mean.shape[1]), torch.Generator().manual_seed(0)
    for direction in torch.randn(DIRECTIONS, net.DIM, generator=g) / std:
        for x in heard:
            x = x.clone().requires_grad_()
            (listener(x)[0].mean(dim=1) @ direction).sum().backward()
            found += (x.grad * (x.detach() - mean)).sum(dim=2).square().sum(dim=0)
    return found.numpy()


def strongest(important: np.ndarray, there: Sequence[int], wanted: Sequence[int]) -> np.ndarray:
    """The most important filters of each kind, in their old order."""
    starts = np.cumsum([0, *there[:-1]])
    return np.concatenate(
        [
            start + np.sort(np.argsort(-important[start : start + size])[:n])
            for start, size, n in zip(starts, there, wanted, strict=True)
        ]
    )


def _front_end(front: net.FrontEnd, number: int, listener: net.Listener, w: Weights, keep: np.ndarray) -> None:
    """Both factors, of the normalisations before and after, go into the filters; sign and offset after them go on."""
    factor, offset = (float(x[0]) for x in resting(w, 0))
    scale, _ = _front_resting(w, keep)
    bias = np.concatenate([w[f"{name}/bias"] for name in CONVS])[keep]
    kind = np.repeat(np.arange(net.KINDS), [w[f"{name}/bias"].size for name in CONVS])
    first = np.searchsorted(kind, kind[keep])
    for this, (name, conv) in enumerate(zip(CONVS, [*front.tall, *front.long], strict=True)):
        own, start = kind[keep] == this, sum(front.counts[this][:number])
        place = slice(start, start + np.count_nonzero(own))
        kernel = w[f"{name}/kernel"][:, :, 0, keep[own] - first[own]].astype(np.float64) * scale[own]
        kernel = coarser(kernel, this)
        conv.weight[place, 0] = tensor(factor * kernel.transpose(2, 0, 1))
        conv.bias[place] = tensor(bias[own] * scale[own] + offset * kernel.sum(axis=(0, 1)))
    listener.sign.copy_(tensor(np.sign(scale))[:, None])


def _front_resting(w: Weights, keep: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Factor and offset of the normalisations after the filters `keep`, kind by kind."""
    return tuple(np.concatenate(x)[keep] for x in zip(*(resting(w, i + 1) for i in range(net.KINDS)), strict=True))


def coarser(kernel: np.ndarray, kind: int) -> np.ndarray:
    """[frames, bands, filters] of musicnn -> taps of the coarse grid."""
    pair = (np.arange(len(kernel)) - (len(kernel) - 1) // 2) // 2  # in which pair of frames a tap lies
    if kind >= len(net.TALL):
        return added(kernel, pair + net.LONG[kind - len(net.TALL)] // 2)
    kernel = added(kernel, np.maximum(pair + 1, 0))  # the first goes to the second
    return added(kernel.transpose(1, 0, 2), np.arange(kernel.shape[1]) // 2).transpose(1, 0, 2)


def added(kernel: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Sum of the taps (axis 0) that go to the same place."""
    out = np.zeros((to.max() + 1, *kernel.shape[1:]))
    np.add.at(out, to, kernel)
    return out


def between(kernel: np.ndarray) -> np.ndarray:
    """[7 frames, ..] -> [7 pairs of frames, ..]: a tap halfway between two pairs goes to both."""
    out = np.zeros_like(kernel, dtype=np.float64)
    for tap, values in enumerate(kernel):
        below, half = divmod(tap - CENTRE, 2)
        out[CENTRE + below] += values / (1 + half)
        if half:
            out[CENTRE + below + 1] += values / 2
    return out


def _mid_end(mid: net.MidEnd, w: Weights, keep: np.ndarray) -> None:
    """Dead filters of the first layer say nothing but a constant, which moves into the layers that hear it."""
    live, order = living(w), _order(w)
    dead = order[len(live) :]
    scale, shift = resting(w, 6)
    says = size_and_constant(w, FIRST, 6)[1]
    kernels = {name: w[f"{name}/kernel"][:, :, 0].astype(np.float64) for name in (FIRST, SECOND, THIRD)}
    second_bias = w[f"{SECOND}/bias"] + np.tensordot(says[dead], kernels[SECOND][:, dead].sum(axis=0), 1)
    second_scale, second_shift = resting(w, 7)
    second_shift = second_shift + np.where(np.isin(np.arange(net.MIDDLE), dead), says, 0)  # and what is added to
    third_scale, third_shift = resting(w, 8)
    front_scale, front_shift = _front_resting(w, keep)
    heard = kernels[FIRST][:, keep][:, :, live]
    first_bias = w[f"{FIRST}/bias"][live] + front_shift @ heard.sum(axis=0)
    layers = (
        (heard * np.sign(front_scale)[:, None], first_bias, scale[live], shift[live]),
        (kernels[SECOND][:, live][:, :, order], second_bias[order], second_scale[order], second_shift[order]),
        (kernels[THIRD][:, order][:, :, order], w[f"{THIRD}/bias"][order], third_scale[order], third_shift[order]),
    )
    for (conv, _, norm), (kernel, bias, factor, offset) in zip((mid.one, mid.two, mid.three), layers, strict=True):
        cut = CENTRE - conv.kernel_size[0] // 2  # nothing is there: 7 frames are 4 pairs
        conv.weight.copy_(tensor(between(kernel)[cut : len(kernel) - cut].transpose(2, 1, 0)))
        conv.bias.copy_(tensor(bias))
        norm.scale.copy_(tensor(factor)[:, None])
        norm.shift.copy_(tensor(offset)[:, None])


def _order(w: Weights) -> np.ndarray:
    """Middle filters with the living ones of the first layer in front."""
    live = living(w)
    return np.concatenate([live, np.setdiff1d(np.arange(net.MIDDLE), live)])


def _back_end(back: nn.Sequential, w: Weights, keep: np.ndarray) -> None:
    n_front, order, live = w[f"{FIRST}/kernel"].shape[1], _order(w), living(w)
    scale, shift = resting(w, 9)
    kernel = w["dense/kernel"].astype(np.float64)
    bias = w["dense/bias"] + shift @ kernel
    dense = (scale[:, None] * kernel).reshape(-1, 2, net.DIM)  # most and mean alternate
    says = size_and_constant(w, FIRST, 6)[1]
    dead = order[len(live) :]
    bias = bias + np.tensordot(says[dead], dense[n_front + dead].sum(axis=1), 1)
    levels = (keep, n_front + live, n_front + net.MIDDLE + order, n_front + 2 * net.MIDDLE + order)
    front_scale, front_shift = _front_resting(w, keep)
    bias = bias + front_shift @ dense[keep].sum(axis=1)
    dense[keep] *= np.sign(front_scale)[:, None, None]
    dense = dense[np.concatenate(levels)].transpose(1, 0, 2).reshape(-1, net.DIM)
    linear, _, norm = back
    linear.weight.copy_(tensor(dense.T))
    linear.bias.copy_(tensor(bias))
    for part, values in zip((norm.scale, norm.shift), resting(w, 10), strict=True):
        part.copy_(tensor(values))


def resting(w: Weights, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Factor and offset of a batch normalisation, float64."""
    name = numbered("batch_normalization", number)
    gamma, beta, mean, variance = (
        w[f"{name}/{part}"].astype(np.float64) for part in ("gamma", "beta", "moving_mean", "moving_variance")
    )
    scale = gamma / np.sqrt(variance + EPSILON)
    return scale, beta - mean * scale


def tensor(values: np.ndarray) -> torch.Tensor:
    """float32."""
    return torch.from_numpy(np.ascontiguousarray(values, dtype=np.float32))
