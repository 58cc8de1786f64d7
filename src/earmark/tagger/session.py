"""ONNX Runtime, set up in one place: how every network of earmark is opened."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported: afterwards it cannot be switched off

if TYPE_CHECKING:
    from onnxruntime import InferenceSession


def open_session(model: str | Path | bytes, threads: int = 1) -> "InferenceSession":
    """An inference session on the CPU.

    Parameters
    ----------
    model : an ONNX file, or its content
    threads : within an operator; one by default, since a scan runs a process a core

    Raises
    ------
    Whatever ONNX Runtime raises for a network that it cannot read; its errors share no base class.
    """
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    source = model if isinstance(model, bytes) else str(model)
    return ort.InferenceSession(source, options, providers=["CPUExecutionProvider"])
