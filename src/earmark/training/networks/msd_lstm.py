"""S3's LSTM: two layers of 10 units over each series, the last output, the lyrics vector, the head."""

import torch
from torch import nn

from earmark.training.networks.series_head import InputNorm, SeriesHead

UNITS = 10


class MsdLstm(nn.Module):
    """Per series a two-layer LSTM of 10 units; what it says last is joined with the lyrics."""

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
        self.timbre = nn.LSTM(12, UNITS, num_layers=2, batch_first=True)
        self.chroma = nn.LSTM(12, UNITS, num_layers=2, batch_first=True)
        self.head = SeriesHead(2 * UNITS + n_inputs, n_tags, dropout, l1, l2)
        self.penalty = self.head.penalty

    def forward(self, series: torch.Tensor, lyrics: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        series, lyrics = self.norm(series, lyrics)
        series = series.transpose(1, 2)  # (B, 300, 24)
        timbre = self.timbre(series[..., :12])[0][:, -1]  # (B, 10)
        chroma = self.chroma(series[..., 12:])[0][:, -1]
        return self.head(torch.cat([timbre, chroma, lyrics], dim=1))
