"""Names of models -> model files."""

import pytest

from earmark.errors import ModelError
from earmark.tagger.registry import bundled, model_path, names
from tiny_model import write_tiny_model


@pytest.fixture(autouse=True)
def models(tmp_path, monkeypatch):
    """The user's model folder."""
    folder = tmp_path / "models"
    monkeypatch.setenv("EARMARK_MODELS", str(folder))
    return folder


def test_model_path_takes_names_files_and_folders(tmp_path):
    path = write_tiny_model(tmp_path / "model.onnx")

    assert model_path("default") == bundled()
    assert model_path(path) == path
    assert model_path(tmp_path) == path
    with pytest.raises(ModelError, match="The names are default"):
        model_path("defualt")


def test_models_in_the_users_folder_have_the_names_of_their_files(models):
    models.mkdir()
    path = write_tiny_model(models / "mine.onnx")
    (models / "notes.txt").write_text("no model")

    assert names() == {name: bundled(name) for name in ("default", "fast", "accurate")} | {"mine": path}
    assert model_path("mine") == path


def test_a_file_that_an_older_version_built_hides_no_bundled_model(models):
    models.mkdir()
    write_tiny_model(models / "accurate.onnx")
    assert model_path("accurate") == bundled("accurate")
