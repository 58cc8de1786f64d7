"""The rhythm head: a small network that hears beats and downbeats in a log-mel spectrogram."""

from functools import lru_cache
from importlib.resources import files

import numpy as np

from earmark.tagger.session import open_session

BLOCK = 8192  # frames given to the network at once: bounded memory for long tracks
CONTEXT = 512  # frames to each side that the network sees


def activations(S: np.ndarray) -> np.ndarray:
    """Probability of a beat and of a downbeat in every frame.

    Parameters
    ----------
    S : float32 [n_frames, 96], log-mel of the default front end

    Returns
    -------
    float32 [n_frames, 2]
    """
    session = _session()
    out = np.empty((len(S), 2), np.float32)
    for start in range(0, len(S), BLOCK):
        first, stop = max(0, start - CONTEXT), min(len(S), start + BLOCK)
        block = S[None, first : min(len(S), stop + CONTEXT)]
        logits = session.run(["logits"], {"mel": np.ascontiguousarray(block, np.float32)})[0][0]
        out[start:stop] = logits[start - first : stop - first]
    return 1 / (1 + np.exp(-out))


@lru_cache(maxsize=1)
def _session():
    """The network of `assets/rhythm.onnx`, on one thread: a scan runs one process a core."""
    return open_session(files("earmark").joinpath("assets/rhythm.onnx").read_bytes())
