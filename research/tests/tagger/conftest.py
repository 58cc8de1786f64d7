"""Teachers, weights and patches small enough to be computed by hand."""

import numpy as np
import pytest

from earmark.tagger.interop.musicnn import numbered
from earmark_research.tagger import corpus
from earmark_research.tagger.fit import TrainingSet


class FakeTeachers:
    """Every output is the mean of the patch."""

    def __call__(self, patches):
        mean = patches.mean(axis=(1, 2), keepdims=True)[:, 0]
        return {"tags": np.repeat(mean, 150, 1), "embedding": np.repeat(mean, 656, 1).astype(np.float16)}


@pytest.fixture
def teachers():
    return FakeTeachers()


@pytest.fixture
def musicnn_weights(rng) -> dict[str, np.ndarray]:
    """Weights of a network of musicnn's shape with few filters; some of the first middle layer are dead."""
    w = {}
    shapes = [(7, 38, 1, 6), (7, 67, 1, 5), (128, 1, 1, 4), (64, 1, 1, 3), (32, 1, 1, 2), (7, 20, 1, 64)]
    for number, shape in enumerate([*shapes, (7, 64, 1, 64), (7, 64, 1, 64)]):
        w[numbered("conv2d", number) + "/kernel"] = rng.normal(0, 0.05, shape)
        w[numbered("conv2d", number) + "/bias"] = rng.normal(0, 0.1, shape[-1])
    w["conv2d_5/kernel"][..., 10:] = 0
    w["dense/kernel"], w["dense/bias"] = rng.normal(0, 0.05, (2 * (20 + 192), 200)), rng.normal(0, 0.1, 200)
    for number, width in enumerate([1, 6, 5, 4, 3, 2, 64, 64, 64, 2 * (20 + 192), 200]):
        name = numbered("batch_normalization", number)
        w[f"{name}/gamma"], w[f"{name}/beta"] = rng.normal(1, 0.5, width), rng.normal(0, 0.1, width)
        w[f"{name}/moving_mean"], w[f"{name}/moving_variance"] = rng.normal(0, 0.1, width), rng.uniform(0.5, 2, width)
    return {key: value.astype(np.float32) for key, value in w.items()}


@pytest.fixture
def training_patches(rng) -> TrainingSet:
    """Patches of two levels; the teachers give one embedding to every loud one, another to every soft one."""
    n = 64
    loud = np.arange(n) % 2 == 0
    mel = (rng.uniform(0, 1, (n, 187, 96)) + 3 * loud[:, None, None]).astype(np.float16)
    embedding = np.where(loud[:, None], *rng.normal(size=(2, 1, 656)))
    data = corpus.Corpus(mel, np.zeros((n, 150), np.float32), embedding, np.arange(n), ["x"] * n)
    return TrainingSet(data, np.ones(n))
