"""S3's dense baseline: the average of each series, the lyrics vector, the head."""

import torch
from torch import nn

from earmark.training.networks.series_head import N_SERIES, InputNorm, SeriesHead


class MsdDense(nn.Module):
    """After the Million Song genre project of S3 (Keras, three networks with one head)."""

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
        self.head = SeriesHead(N_SERIES + n_inputs, n_tags, dropout, l1, l2)
        self.penalty = self.head.penalty

    def forward(self, series: torch.Tensor, lyrics: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        series, lyrics = self.norm(series, lyrics)  # (B, 24, 300), (B, L)
        return self.head(torch.cat([series.mean(dim=2), lyrics], dim=1))
