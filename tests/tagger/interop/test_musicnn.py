"""The networks of musicnn, rebuilt from weights, against the published ones."""

import numpy as np
import onnx
import pytest

from earmark import settings
from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.tagger.pull import NETWORKS
from musicnn_networks import built, published, random_weights
from places import SHARED


@pytest.fixture
def mel(rng):
    return rng.uniform(0, 4, (2, 187, 96)).astype(np.float32)


@pytest.mark.parametrize(("name", "inner"), [("MSD_vgg", "pool5"), ("MTT_musicnn", "penultimate")])
def test_rebuilt_networks_compute_what_was_published(name, inner, mel, rng):
    w = random_weights(name, rng)
    np.testing.assert_allclose(built(name, inner, w, mel), published(name, w, mel), atol=1e-4)


LIVING = {
    "MSD_vgg": [49, 53, 88, 81, 128],
    "MSD_musicnn": [23, 14, 3, 7, 17],
    "MTT_musicnn": [75, 69, 20, 17, 43],
}


@pytest.fixture
def pulled():
    """Where `earmark models pull musicnn` left the networks, if it was run."""
    folder = settings.MODELS.path() / "musicnn"
    if not folder.is_dir():
        pytest.skip("needs `earmark models pull musicnn`")
    return folder


@pytest.mark.parametrize("name", NETWORKS)
def test_pulled_networks_hold_living_filters_alone(name, pulled):

    kernels = [c.dims for c in onnx.load(pulled / f"{name}.onnx").graph.initializer if len(c.dims) == 4]
    assert [out for out, *_ in kernels] == LIVING[name]


def music(shared_data):
    y = load_audio(shared_data / "cc_catalogue" / "bumblebeat.flac").y
    return y[len(y) // 2 :][: 6 * 16_000]


@pytest.mark.parametrize(
    "sound",
    [
        lambda rng, data: np.zeros(96_000),
        lambda rng, data: 0.3 * rng.standard_normal(96_000).clip(-3, 3),
        lambda rng, data: music(data),
        lambda rng, data: 0.01 * music(data),
    ],
    ids=["silence", "white noise", "music", "quiet music"],
)
@pytest.mark.parametrize("name", NETWORKS)
def test_pulled_networks_equal_the_reference_conversion(name, sound, pulled, rng, shared_data):
    import onnxruntime as ort

    reference = SHARED / "teachers" / f"{name}.onnx"
    if not reference.is_file():
        pytest.skip("needs ../shared/teachers")
    mel = log_mel(sound(rng, shared_data).astype(np.float32))[: 2 * 187].reshape(2, 187, 96)
    outputs = ["tags", "pool5" if name.endswith("vgg") else "penultimate"]
    paths = (pulled / reference.name, reference)
    ours, theirs = (ort.InferenceSession(str(path)).run(outputs, {"mel": mel}) for path in paths)
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
