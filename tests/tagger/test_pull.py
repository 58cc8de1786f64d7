"""Adding model files, and pulling musicnn."""

import zipfile

import pytest

from earmark.errors import ConfigError, MissingPackage, ModelError, PullError
from earmark.tagger import pull
from earmark.tagger.model import load_model
from earmark.tagger.pull import add_model, pull_musicnn
from earmark.tagger.registry import model_path, names
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
    assert set(names()) == {"default", "fast", "accurate", "mine", "other"}
    assert load_model(model_path("mine")).info.id == "tiny"


def test_what_breaks_the_contract_is_not_added(tmp_path, models):
    (tmp_path / "text.onnx").write_text("not a network")
    with pytest.raises(ModelError, match="not a readable ONNX file"):
        add_model(tmp_path / "text.onnx")
    assert not models.exists() or not list(models.iterdir())


@pytest.mark.parametrize("name", ["default", "fast", "accurate", "../up", ".hidden"])
def test_unfit_names(tmp_path, name):
    with pytest.raises(ConfigError, match="no fit name"):
        add_model(write_tiny_model(tmp_path / "m.onnx"), name)


def test_a_taken_name_is_kept(tmp_path, models):
    path = write_tiny_model(tmp_path / "m.onnx")
    add_model(path)
    with pytest.raises(ConfigError, match="already there"):
        add_model(path)


def test_a_foreign_wheel_is_refused(tmp_path, models):
    with zipfile.ZipFile(tmp_path / "musicnn-0.1.0-py3-none-any.whl", "w") as archive:
        archive.writestr("musicnn/__init__.py", "")
    with pytest.raises(PullError, match="SHA-256 .* is not f38a4890c648c1dd"):
        pull_musicnn(wheel=tmp_path / "musicnn-0.1.0-py3-none-any.whl")
    assert not list(models.glob("*")) if models.exists() else True


def test_stages_are_told_and_a_missing_wheel_is_named(tmp_path):
    stages = []
    with pytest.raises(PullError, match="no such wheel"):
        pull_musicnn(lambda *stage: stages.append(stage), tmp_path / "none.whl")
    assert stages == [("reading its TensorFlow checkpoints and writing the networks", 0, 0)]


def test_pip_that_fails_is_told(monkeypatch):
    monkeypatch.setattr(pull, "WHEEL", "no such requirement !!")
    with pytest.raises(PullError, match="pip could not fetch it"):
        pull_musicnn()


def test_without_onnx_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(pull.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingPackage, match="pip install onnx"):
        pull_musicnn()
