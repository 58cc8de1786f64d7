"""S3's LSTM: two layers of 10 units over each series, the last output, the lyrics vector, the head."""

import torch
from torch import nn

from earmark.training.networks.series_head import SeriesNetwork

UNITS = 10


class LstmBranch(nn.LSTM):
    """What a two-layer LSTM says last: (B, 12, 300) -> (B, 10)."""

    def __init__(self) -> None:
        super().__init__(12, UNITS, num_layers=2, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return super().forward(x.transpose(1, 2))[0][:, -1]


class MsdLstm(SeriesNetwork):
    """A small LSTM over each series."""

    branch, branch_width = LstmBranch, UNITS
