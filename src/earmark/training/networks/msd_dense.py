"""S3's dense baseline: the average of each series, the lyrics vector, the head."""

from earmark.training.networks.series_head import MeanOverTime, SeriesNetwork


class MsdDense(SeriesNetwork):
    """After the Million Song genre project of S3 (Keras, three networks with one head)."""

    branch, branch_width = MeanOverTime, 12
