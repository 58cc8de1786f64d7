"""Checkpoints that carry their recipe, tagset and data, so that loading needs only a path."""

from pathlib import Path

import torch
from torch import nn

from earmark.errors import DataError
from earmark.tagger.model import ModelInfo
from earmark.training.networks import build_network

KEY = "earmark"
LAST, BEST = "last.ckpt", "best.ckpt"


def passport(network_name: str, n_inputs: int, n_tags: int, options: dict, info: ModelInfo, settings: dict) -> dict:
    """What a checkpoint says of itself: how to build the network, what its outputs mean, and how it was trained."""
    build = {"name": network_name, "n_inputs": n_inputs, "n_tags": n_tags, "options": dict(options)}
    return {"network": build, "info": info.to_json(), "settings": settings}


def load_checkpoint(path: str | Path) -> tuple[nn.Module, ModelInfo, dict]:
    """The trained network in evaluation mode, its info and its settings.

    Raises
    ------
    DataError : no such file, or not a checkpoint of `earmark train`
    """
    path = Path(path)
    saved = read_checkpoint(path)
    network = build_network(**saved[KEY]["network"])
    weights = {k.removeprefix("network."): v for k, v in saved["state_dict"].items() if k.startswith("network.")}
    network.load_state_dict(weights)
    return network.eval(), ModelInfo.from_json(saved[KEY]["info"], str(path)), saved[KEY]["settings"]


def read_checkpoint(path: Path) -> dict:
    """The raw content of a checkpoint file, tensors on the CPU."""
    remedy = "Give a .ckpt file that `earmark train` wrote."
    if not path.is_file():
        raise DataError(path, "no such checkpoint", remedy)
    try:
        saved = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch, pickle and zipfile each raise their own
        raise DataError(path, f"not a readable checkpoint ({type(error).__name__})", remedy) from error
    if not isinstance(saved, dict) or KEY not in saved:
        raise DataError(path, "a checkpoint of another program", remedy)
    return saved
