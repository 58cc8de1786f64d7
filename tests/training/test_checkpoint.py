"""Checkpoints carry all that is needed to load them."""

import numpy as np
import pytest
import torch

from earmark.errors import FileError
from earmark.training.batches import predict
from earmark.training.checkpoint import load_checkpoint
from earmark.training.fit import FitSettings
from tinysets import FEATURES
from tinytraining import VALID, fit_tiny


def test_a_checkpoint_needs_only_its_path(tmp_path):
    network, _, examples = fit_tiny(tmp_path, FitSettings(epochs=1, batch=8))
    loaded, info, settings = load_checkpoint(tmp_path / "last.ckpt")

    np.testing.assert_array_equal(predict(loaded, examples, VALID)[0], predict(network, examples, VALID)[0])
    assert info.features == FEATURES
    assert settings == {"rate": 1e-3, "seed": 0}
    (tmp_path / "x.ckpt").write_text("not a checkpoint")
    with pytest.raises(FileError, match="not a readable checkpoint"):
        load_checkpoint(tmp_path / "x.ckpt")


def test_a_file_of_another_program_is_refused(tmp_path):
    torch.save({"weights": torch.zeros(2)}, tmp_path / "other.ckpt")
    with pytest.raises(FileError, match="a checkpoint of another program"):
        load_checkpoint(tmp_path / "other.ckpt")
    with pytest.raises(FileError, match="no such checkpoint"):
        load_checkpoint(tmp_path / "none.ckpt")
