"""Checkpoints that carry their recipe, tagset and data, so that loading needs only a path."""

from pathlib import Path

import torch
from torch import nn

from earmark.errors import FileError
from earmark.tagger.model import ModelInfo
from earmark.training.networks import build_network

KEY = "earmark"
LAST, BEST = "last.ckpt", "best.ckpt"


def checkpoint_header(
    network_name: str, n_inputs: int, n_tags: int, options: dict, info: ModelInfo, settings: dict
) -> dict:
    """What a checkpoint holds beside the weights; a training goes on only from a checkpoint with an equal one.

    Parameters
    ----------
    network_name, n_inputs, n_tags, options : as for `earmark.training.networks.build_network`
    info : what the outputs mean
    settings : how the network is trained, plain values
    """
    build = {"name": network_name, "n_inputs": n_inputs, "n_tags": n_tags, "options": dict(options)}
    return {"network": build, "info": info.to_json(), "settings": settings}


def load_checkpoint(path: str | Path) -> tuple[nn.Module, ModelInfo, dict]:
    """The trained network in evaluation mode, its info and its settings.

    Raises
    ------
    FileError : no such file, or not a checkpoint of `earmark train`
    """
    path = Path(path)
    saved = read_checkpoint(path)
    network = build_network(**saved[KEY]["network"])
    weights = {k.removeprefix("network."): v for k, v in saved["state_dict"].items() if k.startswith("network.")}
    network.load_state_dict(weights)
    return network.eval(), ModelInfo.from_json(saved[KEY]["info"], str(path)), saved[KEY]["settings"]


def read_checkpoint(path: Path) -> dict:
    """The raw content of a checkpoint file, tensors on the CPU; raises FileError as `load_checkpoint`."""
    remedy = "Give a .ckpt file that `earmark train` wrote."
    if not path.is_file():
        raise FileError(path, "no such checkpoint", remedy)
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch, pickle and zipfile each raise their own
        raise FileError(path, f"not a readable checkpoint ({type(error).__name__})", remedy) from error
    if not isinstance(saved, dict) or KEY not in saved:
        raise FileError(path, "a checkpoint of another program", remedy)
    return saved
