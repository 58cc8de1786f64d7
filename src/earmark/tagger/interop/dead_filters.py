"""musicnn's networks without their dead filters, which makes them faster.

Weight decay brought most kernels of the published weights to nothing: these filters have the same output whatever the
input is. They are left out, and that constant goes into the biases of the next layer. That alone would be wrong at the
edges, where the next layer reads zeros in place of the constant; but the constants are nearly 0 as well, so that the
outputs change by no more than rounding.
"""

import numpy as np

from earmark.tagger.interop.musicnn import EPSILON, VGG_POOLS, Weights, numbered

NOTHING = 3e-3  # norm of a kernel, and its filter's constant; from 1e-2 on embeddings change by more than rounding


def without_dead_filters(name: str, w: Weights) -> Weights:
    """The narrower tensors of one of `musicnn.BUILDERS`.

    Parameters
    ----------
    name : of the network
    w : tensor name -> float32 array, as in its checkpoint; not changed
    """
    return _vgg(dict(w)) if name.endswith("vgg") else _musicnn(dict(w))


def _vgg(w: Weights) -> Weights:
    """The last layer stays whole: it is the embedding."""
    for number in range(1, len(VGG_POOLS)):
        alive, constant = _drop_dead(w, f"{number}CNN", number)
        _fold(w, f"{number + 1}CNN", 2, alive, constant)
    return w


def _musicnn(w: Weights) -> Weights:
    """Only the front end gets narrower: the middle layers are added to one another, filter by filter."""
    found = [_drop_dead(w, numbered("conv2d", number), number + 1) for number in range(5)]
    alive, constant = (np.concatenate(parts) for parts in zip(*found, strict=True))
    _fold(w, "conv2d_5", 1, alive, constant)
    others = len(w["dense/kernel"]) - 2 * len(alive)  # pooled middle layers
    # maximum and mean of each
    alive, constant = (np.pad(np.repeat(x, 2), (0, others), constant_values=1) for x in (alive, constant))
    _fold(w, "dense", 0, alive, _normalise(w, 9, constant))
    _keep(w, numbered("batch_normalization", 9), alive)
    return w


def _drop_dead(w: Weights, conv: str, norm: int) -> tuple[np.ndarray, np.ndarray]:
    """Drop the dead filters of a layer from `w`; returns which ones live, bool [n], and the constants [n]."""
    size, constant = size_and_constant(w, conv, norm)
    alive = np.maximum(size, np.abs(constant)) > NOTHING
    _keep(w, conv, alive)
    _keep(w, numbered("batch_normalization", norm), alive)
    return alive, constant


def size_and_constant(w: Weights, conv: str, norm: int) -> tuple[np.ndarray, np.ndarray]:
    """Norm of each filter's kernel, and the filter's output if that kernel is 0.

    Parameters
    ----------
    conv : name of the convolution in `w`
    norm : number of the batch normalisation that follows it

    Returns
    -------
    float32 [n_filters] each
    """
    size = np.sqrt(np.square(w[f"{conv}/kernel"]).sum(axis=(0, 1, 2)))
    return size, _normalise(w, norm, np.maximum(w[f"{conv}/bias"], 0))


def _keep(w: Weights, layer: str, filters: np.ndarray) -> None:
    """Every tensor of a layer has its filters last."""
    w.update({key: value[..., filters] for key, value in w.items() if key.startswith(f"{layer}/")})


def _fold(w: Weights, layer: str, axis: int, alive: np.ndarray, constant: np.ndarray) -> None:
    """Drop a layer's dead inputs, on `axis` of its kernel, and add what their constants bring to its bias."""
    kernel = w[f"{layer}/kernel"]
    brought = np.tensordot(constant[~alive], np.compress(~alive, kernel, axis), (0, axis))  # (taps.., out)
    w[f"{layer}/kernel"] = np.compress(alive, kernel, axis)
    w[f"{layer}/bias"] = w[f"{layer}/bias"] + brought.reshape(-1, kernel.shape[-1]).sum(axis=0)


def _normalise(w: Weights, number: int, x: np.ndarray) -> np.ndarray:
    name = numbered("batch_normalization", number)
    gamma, beta, mean, variance = (w[f"{name}/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance"))
    return (x - mean) / np.sqrt(variance + EPSILON) * gamma + beta
