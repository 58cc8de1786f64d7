"""Model names, adding model files, and pulling musicnn."""

import zipfile

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from earmark import settings
from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.errors import MissingPackage, ModelError, PullError
from earmark.tagger import pull
from earmark.tagger.interop.accurate import Head, accurate_model
from earmark.tagger.interop.dead_filters import without_dead_filters
from earmark.tagger.interop.musicnn import EPSILON, VGG_POOLS, numbered, teacher_model
from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.pull import add_model, pull_musicnn
from earmark.tagger.registry import bundled, model_path, names
from earmark.tagger.tagset import TagGroup, Tagset
from places import SHARED
from tiny_model import write_tiny_model


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    """The user's model folder."""
    folder = tmp_path / "models"
    monkeypatch.setenv("EARMARK_MODELS", str(folder))
    return folder


def test_an_added_model_has_a_name(tmp_path, models):
    path = write_tiny_model(tmp_path / "mine.onnx")

    assert add_model(path) == models / "mine.onnx"
    assert add_model(path, "other") == models / "other.onnx"
    assert set(names()) == {"default", "mine", "other"}
    assert load_model(model_path("mine")).info.id == "tiny"


def test_resolve_takes_names_files_and_folders(tmp_path):
    path = write_tiny_model(tmp_path / "model.onnx")

    assert model_path("default") == bundled()
    assert model_path(path) == path
    assert model_path(tmp_path) == path
    with pytest.raises(ModelError, match="The names are default"):
        model_path("defualt")


def test_what_breaks_the_contract_is_not_added(tmp_path, models):
    (tmp_path / "text.onnx").write_text("not a network")
    with pytest.raises(ModelError, match="not a readable ONNX file"):
        add_model(tmp_path / "text.onnx")
    assert not models.exists() or not list(models.iterdir())


@pytest.mark.parametrize("name", ["default", "../up", ".hidden"])
def test_unfit_names(tmp_path, name):
    with pytest.raises(ModelError, match="no fit name"):
        add_model(write_tiny_model(tmp_path / "m.onnx"), name)


def test_a_taken_name_is_kept(tmp_path, models):
    path = write_tiny_model(tmp_path / "m.onnx")
    add_model(path)
    with pytest.raises(ModelError, match="already there"):
        add_model(path)


def test_a_foreign_wheel_is_refused(tmp_path, models):
    with zipfile.ZipFile(tmp_path / "musicnn-0.1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("musicnn/__init__.py", "")
    with pytest.raises(PullError, match="SHA-256 .* is not f38a4890c648c1dd"):
        pull_musicnn(say=lambda text: None, wheel=tmp_path / "musicnn-0.1.0-py3-none-any.whl")
    assert not list(models.glob("*")) if models.exists() else True


def test_pip_that_fails_is_told(monkeypatch):
    monkeypatch.setattr(pull, "WHEEL", "no such requirement !!")
    with pytest.raises(PullError, match="pip could not fetch it"):
        pull_musicnn(say=lambda text: None)


def test_without_onnx_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(pull.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingPackage, match="pip install onnx"):
        pull_musicnn(say=lambda text: None)


def norm_of(rng, name: str, n: int) -> dict[str, np.ndarray]:
    parts = {"gamma": rng.uniform(-1, 1, n), "beta": rng.normal(size=n), "moving_mean": rng.normal(size=n)}
    parts["moving_variance"] = rng.uniform(0.5, 2, n)
    return {f"{name}/{part}": value.astype(np.float32) for part, value in parts.items()}


def layer_of(rng, name: str, *shape: int) -> dict[str, np.ndarray]:
    kernel = rng.normal(size=shape) / np.sqrt(np.prod(shape[:-1]))
    return {f"{name}/kernel": kernel.astype(np.float32), f"{name}/bias": rng.normal(size=shape[-1]).astype(np.float32)}


def norm_name(number: int) -> str:
    return numbered("batch_normalization", number)


def vgg_weights(rng, width: int = 8) -> dict[str, np.ndarray]:
    """Random weights in the names and layout of the checkpoint, narrower."""
    w = norm_of(rng, norm_name(0), 1) | layer_of(rng, "dense", 2 * width, 50)
    for number in range(1, 6):
        w |= layer_of(rng, f"{number}CNN", 3, 3, 1 if number == 1 else width, width)
        w |= norm_of(rng, norm_name(number), width)
    return w


def musicnn_weights(rng) -> dict[str, np.ndarray]:
    w = norm_of(rng, norm_name(0), 1)
    shapes = [(7, 38, 1, 6), (7, 67, 1, 6), (128, 1, 1, 3), (64, 1, 1, 3), (32, 1, 1, 3)]
    shapes += [(7, 21, 1, 4), (7, 4, 1, 4), (7, 4, 1, 4)]
    for number, shape in enumerate(shapes):
        w |= layer_of(rng, numbered("conv2d", number), *shape) | norm_of(rng, norm_name(number + 1), shape[-1])
    w |= norm_of(rng, norm_name(9), 66) | layer_of(rng, "dense", 66, 5) | norm_of(rng, norm_name(10), 5)
    return w | layer_of(rng, "dense_1", 5, 50)


def norm(x, w, number):
    parts = [
        torch.from_numpy(w[f"{norm_name(number)}/{part}"])
        for part in ("moving_mean", "moving_variance", "gamma", "beta")
    ]
    return F.batch_norm(x, *parts, eps=EPSILON)


def conv(x, w, name):
    kernel = torch.from_numpy(w[f"{name}/kernel"]).permute(3, 2, 0, 1)
    return torch.relu(F.conv2d(x, kernel, torch.from_numpy(w[f"{name}/bias"])))


def reference_vgg(mel, w):
    """As published in words: same-padded 3x3 convolutions, ReLU, normalisation, the pools of `VGG_POOLS`."""
    x = norm(mel[:, None], w, 0)
    for number, pool in enumerate(VGG_POOLS, start=1):
        x = F.max_pool2d(norm(conv(F.pad(x, (1, 1, 1, 1)), w, f"{number}CNN"), w, number), pool)
    return torch.cat([x[:, :, 0, 0], x[:, :, 1, 0]], dim=1)  # earlier half of the patch first


def reference_musicnn(mel, w):
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


@pytest.fixture
def mel(rng):
    return rng.uniform(0, 4, (2, 187, 96)).astype(np.float32)


BOTH_KINDS = pytest.mark.parametrize(("name", "inner"), [("MSD_vgg", "pool5"), ("MTT_musicnn", "penultimate")])


def random_weights(name, rng):
    return vgg_weights(rng) if name.endswith("vgg") else musicnn_weights(rng)


def built(name, inner, w, mel):
    """What the ONNX graph of a network says."""
    import onnxruntime as ort

    session = ort.InferenceSession(declared_dim(teacher_model(name, w), inner).SerializeToString())
    return session.run([inner], {"mel": mel})[0]


def published(name, w, mel):
    return (reference_vgg if name.endswith("vgg") else reference_musicnn)(torch.from_numpy(mel), w).numpy()


@BOTH_KINDS
def test_rebuilt_networks_compute_what_was_published(name, inner, mel, rng):
    w = random_weights(name, rng)
    np.testing.assert_allclose(built(name, inner, w, mel), published(name, w, mel), atol=1e-4)


def declared_dim(model, inner):
    """The narrow test networks have another embedding length than the file declares."""
    for output in model.graph.output:
        if output.name == inner:
            output.type.tensor_type.shape.dim[1].dim_param = "dim"
    return model


def kill(w, layer: str, norm: int, says: list[float]):
    """Let the first filters of a layer say the same whatever they hear."""
    first = slice(len(says))
    w[f"{layer}/kernel"][..., first], w[f"{layer}/bias"][first] = 0, -1  # ReLU makes 0 of it
    w[f"{norm_name(norm)}/moving_mean"][first], w[f"{norm_name(norm)}/beta"][first] = 0, says


@BOTH_KINDS
def test_dead_filters_are_not_missed(name, inner, mel, rng):
    w = random_weights(name, rng)
    vgg = name.endswith("vgg")
    layers = {f"{n}CNN": n for n in range(1, 5)} if vgg else {numbered("conv2d", n): n + 1 for n in range(5)}
    for layer, norm in layers.items():
        kill(w, layer, norm, [2e-3, 0.5])
    for layer in [f"{n}CNN" for n in range(2, 6)] if vgg else ["conv2d_5"]:
        kernel = w[f"{layer}/kernel"]  # at its centre alone does it hear what lies within the edges and nothing else
        around = np.ones(kernel.shape[:2], bool)
        around[kernel.shape[0] // 2, 1 if vgg else slice(None)] = False
        kernel[around] = 0

    narrow = without_dead_filters(name, w)

    for layer in layers:  # the one that says .5 stays: at the edges it would be missed
        assert narrow[f"{layer}/kernel"].shape[-1] == w[f"{layer}/kernel"].shape[-1] - 1
    np.testing.assert_allclose(built(name, inner, narrow, mel), published(name, w, mel), atol=1e-5)


def test_the_accurate_model_answers_every_three_seconds(tmp_path, mel, rng):
    weights = {name: random_weights(name, rng) for name in pull.NETWORKS}
    dim = 16 + 5 + 5
    info = ModelInfo("a", "1", Tagset((TagGroup("genre", ("x", "y")),)), patch_frames=187, min_frames=187)
    head = Head(np.zeros(dim, np.float32), np.ones(dim, np.float32), rng.normal(size=(dim, 2)).astype(np.float32),
                np.zeros(2, np.float32), info)  # fmt: skip
    (tmp_path / "a.onnx").write_bytes(accurate_model(weights, head).SerializeToString())
    model = load_model(tmp_path / "a.onnx")

    second, both = model.run(mel[1]), model.run(np.concatenate(mel))
    np.testing.assert_allclose(both.logits[1:], second.logits, atol=1e-5)
    np.testing.assert_allclose(both.embedding @ head.weight, both.logits, atol=1e-4)
    assert both.times == pytest.approx([1.5 * 187 / 187.5, 4.5 * 187 / 187.5])


LIVING = {
    "MSD_vgg": [49, 53, 88, 81, 128],
    "MSD_musicnn": [23, 14, 3, 7, 17],
    "MTT_musicnn": [75, 69, 20, 17, 43],
}


@pytest.fixture
def pulled(monkeypatch):
    """Where `earmark models pull musicnn` left the networks, if it was run."""
    monkeypatch.delenv("EARMARK_MODELS")
    folder = settings.MODELS.path() / "musicnn"
    if not folder.is_dir():
        pytest.skip("needs `earmark models pull musicnn`")
    return folder


@pytest.mark.parametrize("name", pull.NETWORKS)
def test_pulled_networks_hold_living_filters_alone(name, pulled):
    import onnx

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
@pytest.mark.parametrize("name", pull.NETWORKS)
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
