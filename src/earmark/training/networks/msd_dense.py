"""The dense baseline of "Understanding Music using Deep Learning": the average of each series, lyrics, head."""

from earmark.training.networks.series_head import MeanOverTime, SeriesNetwork


class MsdDense(SeriesNetwork):
    """The head alone, on averages."""

    branch, branch_width = MeanOverTime, 12
