"""The rhythm head: a small network, log-mel spectrogram -> probability of a beat and of a downbeat in every frame."""

from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np

from earmark.tagger.session import open_session

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BLOCK = 8192  # frames given to the network at once: bounded memory for long tracks
CONTEXT = 512  # frames added to both sides of a block; an output depends on 511 frames to either side


def predict_beats(S: np.ndarray) -> np.ndarray:
    """Probability of a beat and of a downbeat in every frame.

    Parameters
    ----------
    S : float32 [n_frames, 96], log-mel of the default front end

    Returns
    -------
    float32 [n_frames, 2], 0 to 1: beat, downbeat

    Source: dilated convolutions over time, after Davies & Böck 2019, "Temporal convolutional networks for musical audio
    beat tracking".
    """
    session = _open_network()
    out = np.empty((len(S), 2), np.float32)
    for start in range(0, len(S), BLOCK):
        first, stop = max(0, start - CONTEXT), min(len(S), start + BLOCK)
        block = S[None, first : min(len(S), stop + CONTEXT)]
        logits = session.run(["logits"], {"mel": np.ascontiguousarray(block, np.float32)})[0][0]
        out[start:stop] = logits[start - first : stop - first]
    return 1 / (1 + np.exp(-out))


@lru_cache(maxsize=1)
def _open_network() -> "InferenceSession":
    """The network of `assets/rhythm.onnx`, on one thread: a scan runs one process a core."""
    return open_session(files("earmark").joinpath("assets/rhythm.onnx").read_bytes())
