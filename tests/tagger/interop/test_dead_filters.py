"""Networks without their dead filters against the whole ones."""

import numpy as np
import pytest

from earmark.tagger.interop.dead_filters import without_dead_filters
from earmark.tagger.interop.musicnn import numbered
from musicnn_networks import built, kill, published, random_weights


@pytest.fixture
def mel(rng):
    return rng.uniform(0, 4, (2, 187, 96)).astype(np.float32)


@pytest.mark.parametrize(("name", "inner"), [("MSD_vgg", "pool5"), ("MTT_musicnn", "penultimate")])
def test_dead_filters_are_not_missed(name, inner, mel, rng):
    w = random_weights(name, rng)
    vgg = name.endswith("vgg")
    layers = {f"{n}CNN": n for n in range(1, 5)} if vgg else {numbered("conv2d", n): n + 1 for n in range(5)}
    for layer, norm in layers.items():
        kill(w, layer, norm, [2e-3, 0.5])
    for layer in [f"{n}CNN" for n in range(2, 6)] if vgg else ["conv2d_5"]:
        kernel = w[f"{layer}/kernel"]  # at its centre it reads nothing beyond the edges
        around = np.ones(kernel.shape[:2], bool)
        around[kernel.shape[0] // 2, 1 if vgg else slice(None)] = False
        kernel[around] = 0

    narrow = without_dead_filters(name, w)

    for layer in layers:  # the one with the constant .5 stays: at the edges it would be missed
        assert narrow[f"{layer}/kernel"].shape[-1] == w[f"{layer}/kernel"].shape[-1] - 1
    np.testing.assert_allclose(built(name, inner, narrow, mel), published(name, w, mel), atol=1e-5)
