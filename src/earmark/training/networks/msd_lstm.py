"""The LSTM of "Understanding Music using Deep Learning": two layers of 10 units over each series, lyrics, head."""

import torch
from torch import nn

from earmark.training.networks.series_head import SeriesNetwork

UNITS = 10


class LstmBranch(nn.LSTM):
    """The last output of a two-layer LSTM: (B, 12, 300) -> (B, 10)."""

    def __init__(self) -> None:
        super().__init__(12, UNITS, num_layers=2, batch_first=True)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """One series [batch, 12, 300] -> [batch, 10]."""
        return super().forward(x.transpose(1, 2))[0][:, -1]


class MsdLstm(SeriesNetwork):
    """A small LSTM over each series."""

    branch, branch_width = LstmBranch, UNITS
