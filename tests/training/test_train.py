"""What is checked before a recipe's family is chosen."""

import pytest

from datafiles import write_rows
from earmark.errors import ConfigError, FileError
from earmark.training.outputs import RunOptions
from earmark.training.recipe import read_recipe
from earmark.training.train import train


@pytest.fixture
def manifest(tmp_path):
    for k in range(4):
        (tmp_path / f"{k}.wav").touch()
    return write_rows(tmp_path / "tracks.csv", [{"path": f"{k}.wav", "genre": "ab"[k % 2]} for k in range(4)])


def test_a_file_is_no_folder_to_write_to(manifest):
    with pytest.raises(FileError, match="is a file. Give a folder"):
        train(read_recipe("fcn"), manifest, ["genre"], manifest, RunOptions())


def test_a_probe_needs_a_backbone(manifest, tmp_path):
    with pytest.raises(ConfigError, match="no backbone. Give one with --model"):
        train(read_recipe("probe"), manifest, ["genre"], tmp_path / "out", RunOptions())


def test_a_series_network_learns_one_column(manifest, tmp_path):
    with pytest.raises(ConfigError, match="learn one column"):
        train(read_recipe("msd-dense"), manifest, ["genre", "year"], tmp_path / "out", RunOptions())
