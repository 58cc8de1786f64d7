"""The networks of musicnn in torch, as published, and random weights in the names and layout of their checkpoints."""

import numpy as np
import torch
from torch.nn import functional as F

from earmark.tagger.interop.musicnn import EPSILON, VGG_POOLS, numbered, teacher_model
from earmark.tagger.session import open_session


def norm_of(rng, name: str, n: int) -> dict[str, np.ndarray]:
    """Random batch normalisation of `n` channels."""
    parts = {"gamma": rng.uniform(-1, 1, n), "beta": rng.normal(size=n), "moving_mean": rng.normal(size=n)}
    parts["moving_variance"] = rng.uniform(0.5, 2, n)
    return {f"{name}/{part}": value.astype(np.float32) for part, value in parts.items()}


def layer_of(rng, name: str, *shape: int) -> dict[str, np.ndarray]:
    """A random convolution or linear layer whose kernel has this shape."""
    kernel = rng.normal(size=shape) / np.sqrt(np.prod(shape[:-1]))
    return {f"{name}/kernel": kernel.astype(np.float32), f"{name}/bias": rng.normal(size=shape[-1]).astype(np.float32)}


def norm_name(number: int) -> str:
    """TensorFlow's name of batch normalisation `number`."""
    return numbered("batch_normalization", number)


def vgg_weights(rng, width: int = 8) -> dict[str, np.ndarray]:
    """Random weights in the names and layout of the checkpoint, narrower."""
    w = norm_of(rng, norm_name(0), 1) | layer_of(rng, "dense", 2 * width, 50)
    for number in range(1, 6):
        w |= layer_of(rng, f"{number}CNN", 3, 3, 1 if number == 1 else width, width)
        w |= norm_of(rng, norm_name(number), width)
    return w


def musicnn_weights(rng) -> dict[str, np.ndarray]:
    """As `vgg_weights`, of the musicnn design."""
    w = norm_of(rng, norm_name(0), 1)
    shapes = [(7, 38, 1, 6), (7, 67, 1, 6), (128, 1, 1, 3), (64, 1, 1, 3), (32, 1, 1, 3)]
    shapes += [(7, 21, 1, 4), (7, 4, 1, 4), (7, 4, 1, 4)]
    for number, shape in enumerate(shapes):
        w |= layer_of(rng, numbered("conv2d", number), *shape) | norm_of(rng, norm_name(number + 1), shape[-1])
    w |= norm_of(rng, norm_name(9), 66) | layer_of(rng, "dense", 66, 5) | norm_of(rng, norm_name(10), 5)
    return w | layer_of(rng, "dense_1", 5, 50)


def random_weights(name, rng):
    """Weights for one of `musicnn.BUILDERS`."""
    return vgg_weights(rng) if name.endswith("vgg") else musicnn_weights(rng)


def norm(x, w, number):
    """Batch normalisation `number` of x [n, channels, ...]."""
    parts = [
        torch.from_numpy(w[f"{norm_name(number)}/{part}"])
        for part in ("moving_mean", "moving_variance", "gamma", "beta")
    ]
    return F.batch_norm(x, *parts, eps=EPSILON)


def conv(x, w, name):
    """Convolution `name` of x [n, in, height, width] without padding, and ReLU."""
    kernel = torch.from_numpy(w[f"{name}/kernel"]).permute(3, 2, 0, 1)
    return torch.relu(F.conv2d(x, kernel, torch.from_numpy(w[f"{name}/bias"])))


def reference_vgg(mel, w):
    """As published in words: same-padded 3x3 convolutions, ReLU, normalisation, the pools of `VGG_POOLS`."""
    x = norm(mel[:, None], w, 0)
    for number, pool in enumerate(VGG_POOLS, start=1):
        x = F.max_pool2d(norm(conv(F.pad(x, (1, 1, 1, 1)), w, f"{number}CNN"), w, number), pool)
    return torch.cat([x[:, :, 0, 0], x[:, :, 1, 0]], dim=1)  # earlier half of the patch first


def reference_musicnn(mel, w):
    """As published: front layers over bands, residual middle layers, maximum and mean over time, a dense layer."""
    x = norm(mel[:, None], w, 0)
    front = []
    for number, length in enumerate((7, 7, 128, 64, 32)):
        padded = F.pad(x, (0, 0, (length - 1) // 2, length // 2))
        name = numbered("conv2d", number)
        front.append(norm(conv(padded, w, name), w, number + 1).amax(dim=3))
    levels = [torch.cat(front, dim=1)]  # (n, channels, 187)
    for number in (5, 6, 7):
        picture = F.pad(levels[-1].transpose(1, 2)[:, None], (0, 0, 3, 3))  # (n, 1, 187 + 6, channels)
        y = norm(conv(picture, w, f"conv2d_{number}")[..., 0], w, number + 1)
        levels.append(y if number == 5 else y + levels[-1])
    features = torch.cat(levels, dim=1)
    flat = torch.stack([features.amax(dim=2), features.mean(dim=2)], dim=2).flatten(1)
    dense = norm(flat, w, 9) @ torch.from_numpy(w["dense/kernel"]) + torch.from_numpy(w["dense/bias"])
    return norm(torch.relu(dense), w, 10)


def published(name, w, mel):
    """The embedding of a network as published, float32 [n, dim]."""
    return (reference_vgg if name.endswith("vgg") else reference_musicnn)(torch.from_numpy(mel), w).numpy()


def declared_dim(model, inner):
    """The narrow test networks have another embedding length than the file declares."""
    for output in model.graph.output:
        if output.name == inner:
            output.type.tensor_type.shape.dim[1].dim_param = "dim"
    return model


def built(name, inner, w, mel):
    """The embedding of a network as the ONNX graph computes it, float32 [n, dim]."""
    session = open_session(declared_dim(teacher_model(name, w), inner).SerializeToString())
    return session.run([inner], {"mel": mel})[0]


def kill(w, layer: str, norm: int, constants: list[float]):
    """Give the first filters of a layer the constant outputs `constants`, whatever the input is."""
    first = slice(len(constants))
    w[f"{layer}/kernel"][..., first], w[f"{layer}/bias"][first] = 0, -1  # ReLU makes 0 of it
    w[f"{norm_name(norm)}/moving_mean"][first], w[f"{norm_name(norm)}/beta"][first] = 0, constants
