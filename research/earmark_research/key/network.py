"""The key network, and its weights as the file that earmark reads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from earmark.files import whole_file

LAYERS = ("conv", "mix", "out")


class KeyNetwork(nn.Module):
    """Convolution over rows and turned pitch classes, mean and spread over time, two dense layers that turn.

    About 25,000 weights; `earmark.descriptors.key.head.KeyHead` runs the same in NumPy.
    """

    def __init__(self, octaves: int = 5, c1: int = 24, c2: int = 32, rows: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(octaves, c1, (rows, 12))
        self.mix = nn.Conv2d(2 * c1 + octaves, c2, (1, 12))
        self.out = nn.Conv2d(c2, 2, (1, 12))
        self.dropout = nn.Dropout(0.2)

    def forward(self, x: torch.Tensor, sounds: torch.Tensor) -> torch.Tensor:
        """x [B, T, octaves, 12] normalised, sounds [B, T] 0 or 1 -> logits [B, 24]."""
        x, weight = x.transpose(1, 2), sounds[:, None, :, None]
        pad = self.conv.kernel_size[0] // 2
        h = torch.relu(self.conv(_wrap(functional.pad(x, (0, 0, pad, pad)))))  # [B, c1, T, 12]
        n = weight.sum(2).clamp(min=1)
        mean = (h * weight).sum(2) / n
        spread = ((h * h * weight).sum(2) / n - mean**2).clamp(min=0).add(1e-4).sqrt()
        pooled = torch.cat([mean, spread, (x * weight).sum(2) / n], 1)[:, :, None]
        hidden = self.dropout(torch.relu(self.mix(_wrap(pooled))))
        return self.out(_wrap(hidden)).reshape(len(x), 24)


def _wrap(x: torch.Tensor) -> torch.Tensor:
    """The pitch classes once round: [..., 12] -> [..., 23]."""
    return torch.cat([x, x[..., :11]], -1)


def save(networks: Sequence[KeyNetwork], blend: np.ndarray, path: Path) -> None:
    """Write the file that `earmark.descriptors.key.head.read_head` reads, weights as float16; `blend` [3]."""
    arrays = {}
    for name in LAYERS:
        weights = np.stack([getattr(network, name).weight.detach().numpy() for network in networks])
        arrays[name] = (weights if name == "conv" else weights[:, :, :, 0]).astype(np.float16)
        arrays[f"{name}_bias"] = np.stack([getattr(network, name).bias.detach().numpy() for network in networks])
    with whole_file(path) as draft:
        np.savez_compressed(draft, blend=blend.astype(np.float32), **arrays)
