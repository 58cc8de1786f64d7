"""How networks are opened."""

import numpy as np
import pytest

from earmark.tagger.session import open_session
from tiny_model import write_tiny_model


def test_a_file_and_its_content_open_alike(tmp_path, rng):
    path = write_tiny_model(tmp_path / "tiny.onnx")
    mel = {"mel": rng.random((1, 64, 96)).astype(np.float32)}
    first, second = (open_session(model).run(["logits"], mel)[0] for model in (path, path.read_bytes()))

    np.testing.assert_array_equal(first, second)


def test_threads_are_as_many_as_were_asked_for(tmp_path):
    session = open_session(write_tiny_model(tmp_path / "tiny.onnx"), threads=3)

    assert session.get_session_options().intra_op_num_threads == 3
    assert session.get_session_options().inter_op_num_threads == 1
    assert session.get_providers() == ["CPUExecutionProvider"]


def test_what_is_no_network_is_an_error_of_onnx_runtime():
    with pytest.raises(Exception, match="(?i)protobuf|model"):
        open_session(b"nonsense")
