"""The networks: one file each, built by name, all with the same call.

An audio network takes ``mel`` float32 [batch, frames, n_mels] and returns ``logits`` [batch, steps, n_tags] and
``embedding`` [batch, steps, dim]. Its attributes describe the input it takes:

patch_frames : frames given at once when a whole track is run
min_frames : the shortest input
pools : what the loss is taken on. ``logits``: the mean of the logits over steps; ``distribution``: the mean of the
    steps' distributions, as in deepsound's network of 2016; ``each``: the logits of every step by itself. The model
    file holds logits for each step in any case

The series networks (`msd_dense`, `msd_cnn`, `msd_lstm`, `msd_best`) take ``series`` float32 [batch, 300, 24] and
``lyrics`` float32 [batch, n_inputs] of the Million Song Dataset. The first three are those of the student project
"Understanding Music using Deep Learning".
"""

import inspect
from importlib import import_module

from torch import nn

from earmark.errors import ConfigError

AUDIO_NETWORKS = {
    "deepsound_cnn": "DeepsoundCnn",
    "deepsound_crnn": "DeepsoundCrnn",
    "short_chunk": "ShortChunk",
    "fcn": "Fcn",
}
SERIES_NETWORKS = {
    "msd_dense": "MsdDense",
    "msd_cnn": "MsdCnn",
    "msd_lstm": "MsdLstm",
    "msd_best": "MsdBest",
}


def build_network(name: str, n_inputs: int, n_tags: int, options: dict) -> nn.Module:
    """A fresh network.

    Parameters
    ----------
    name : a key of AUDIO_NETWORKS or SERIES_NETWORKS
    n_inputs : mel bands of an audio network; columns of the lyrics vector of a series network
    n_tags : outputs
    options : the network's own settings, from the recipe

    Raises
    ------
    ConfigError : no such network or option; the message lists the right ones
    """
    known = AUDIO_NETWORKS | SERIES_NETWORKS
    if name not in known:
        raise ConfigError(f"network {name!r}", "no such network", f"There are {', '.join(known)}.")
    cls = getattr(import_module(f"earmark.training.networks.{name}"), known[name])
    allowed = set(inspect.signature(cls).parameters) - {"n_inputs", "n_tags"}
    if unknown := sorted(set(options) - allowed):
        remedy = f"Its options are {', '.join(sorted(allowed))}."
        raise ConfigError(f"network {name!r}", f"no option {', '.join(unknown)}", remedy)
    return cls(n_inputs, n_tags, **options)
