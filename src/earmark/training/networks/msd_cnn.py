"""The CNN of "Understanding Music using Deep Learning": convolutions over each series, global average, lyrics, head."""

from torch import nn

from earmark.training.networks.series_head import MeanOverTime, SeriesNetwork


class ConvBranch(nn.Sequential):
    """Conv1D 128, 128, 256 of width 4 with max-pool 4, 2, 2, then the average over time: (B, 12, 300) -> (B, 256)."""

    def __init__(self) -> None:
        layers, c_in = [], 12
        for c_out, pool in ((128, 4), (128, 2), (256, 2)):
            layers += [nn.Conv1d(c_in, c_out, 4), nn.ReLU(), nn.MaxPool1d(pool)]
            c_in = c_out
        super().__init__(*layers, MeanOverTime())  # 16 steps are left


class MsdCnn(SeriesNetwork):
    """A small CNN on each series."""

    branch, branch_width = ConvBranch, 256
