"""The tempo network: beats and downbeats from a log-mel spectrogram, and its export."""

from pathlib import Path

import torch
from torch import nn

from earmark.audio.config import DEFAULT_FEATURES
from earmark.files import whole_file
from earmark_research.tempo.examples import PATCH

DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128)


class RhythmNetwork(nn.Module):
    """Dilated convolutions over time, after Davies & Böck 2019: a frame's output depends on 8 s to both sides of it."""

    def __init__(self, n_mels: int = 96, width: int = 20) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(n_mels)
        self.first = nn.Conv1d(n_mels, width, 3, padding=1)
        self.blocks = nn.ModuleList([nn.Conv1d(width, width, 5, padding=2 * d, dilation=d) for d in DILATIONS])
        self.norms = nn.ModuleList([nn.BatchNorm1d(width) for _ in DILATIONS])
        self.head = nn.Conv1d(width, 2, 1)
        self.drop = nn.Dropout1d(0.1)

    def forward(self, S: torch.Tensor) -> torch.Tensor:
        """Log-mel float32 [B, T, n_mels] -> logits of beat and downbeat, float32 [B, T, 2]."""
        x = self.norm(S.transpose(1, 2))  # (B, T, M) -> (B, M, T)
        x = torch.relu(self.first(x))
        for conv, norm in zip(self.blocks, self.norms, strict=True):
            x = x + self.drop(torch.relu(norm(conv(x))))
        return self.head(x).transpose(1, 2)  # (B, T, 2)


def export(network: RhythmNetwork, path: Path) -> None:
    """Write ONNX: input `mel` float32 [1, n_frames, n_mels], output `logits` float32 [1, n_frames, 2]."""
    example = torch.zeros(1, PATCH, DEFAULT_FEATURES.n_mels)
    axes = {"mel": {1: "n_frames"}, "logits": {1: "n_frames"}}
    with whole_file(path) as draft:
        torch.onnx.export(
            network, (example,), draft, input_names=["mel"], output_names=["logits"], dynamic_axes=axes, dynamo=False
        )
