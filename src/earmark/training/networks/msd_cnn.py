"""S3's CNN: three convolutions over each series, the global average, the lyrics vector, the head."""

import torch
from torch import nn

from earmark.training.networks.series_head import InputNorm, SeriesHead


class MsdCnn(nn.Module):
    """Per series Conv1D 128, 128, 256 of width 4 with max-pool 4, 2, 2, then the average over time."""

    pools = "logits"

    def __init__(
        self,
        n_inputs: int,
        n_tags: int,
        normalise: bool = False,
        dropout: float = 0.0,
        l1: float = 0.01,
        l2: float = 0.01,
    ) -> None:
        super().__init__()
        self.norm = InputNorm(n_inputs, normalise)
        self.timbre, self.chroma = _branch(), _branch()
        self.head = SeriesHead(2 * 256 + n_inputs, n_tags, dropout, l1, l2)
        self.penalty = self.head.penalty

    def forward(self, series: torch.Tensor, lyrics: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        series, lyrics = self.norm(series, lyrics)  # (B, 24, 300), (B, L)
        timbre = self.timbre(series[:, :12]).mean(dim=2)  # (B, 256)
        chroma = self.chroma(series[:, 12:]).mean(dim=2)
        return self.head(torch.cat([timbre, chroma, lyrics], dim=1))


def _branch() -> nn.Sequential:
    """(B, 12, 300) -> (B, 256, 16)."""
    layers, c_in = [], 12
    for c_out, pool in ((128, 4), (128, 2), (256, 2)):
        layers += [nn.Conv1d(c_in, c_out, 4), nn.ReLU(), nn.MaxPool1d(pool)]
        c_in = c_out
    return nn.Sequential(*layers)
