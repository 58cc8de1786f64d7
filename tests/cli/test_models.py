import json

import pytest

from commandline import invoke
from earmark.cli import models


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EARMARK_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def test_the_list_names_the_bundled_models_and_those_added(place, own_folder, json_lines):
    added = invoke(models, "models", "add", place / "tiny.onnx", "--name", "mine")
    assert added.stdout.strip() == str(own_folder / "mine.onnx")
    listed = json_lines(invoke(models, "models", "list", "--json"))
    assert [model["name"] for model in listed] == ["default", "fast", "accurate", "mine"]
    assert listed[0]["bytes"] > listed[1]["bytes"] + listed[2]["bytes"]  # the default is made of the other two
    assert listed[3]["tags"] == {"genre": 3, "mood": 2}
    assert "3 genre, 2 mood" in invoke(models, "models", "list").stdout


def test_a_model_that_cannot_be_read_does_not_hide_the_others(own_folder):
    own_folder.mkdir()
    (own_folder / "broken.onnx").write_bytes(b"no network")
    result = invoke(models, "models", "list")
    assert result.stdout.startswith("default ")
    assert "broken.onnx: not a readable ONNX file" in result.stderr


def test_show_tells_what_the_file_holds(place):
    assert "genre (exclusive): jazz, rock, pop" in invoke(models, "models", "show", place / "tiny.onnx").stdout
    assert json.loads(invoke(models, "models", "show", place / "tiny.onnx", "--json").stdout)["id"] == "tiny"


def test_only_musicnn_can_be_pulled():
    assert invoke(models, "models", "pull", "vggish").exit_code == 2
