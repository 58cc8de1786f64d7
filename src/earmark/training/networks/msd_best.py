"""Our own network for the Million Song Dataset: statistics in place of averages, all of the lyrics, several heads."""

import torch
from torch import nn

from earmark.training.networks.series_head import EMBEDDING, N_SERIES

N_STATISTICS = 5 * N_SERIES + 66


class MsdBest(nn.Module):
    """Statistics of the series and the lyrics vector, each normalised, into a few independent dense heads.

    The heads stand on the axis of steps, [batch, members, n_tags]: each has a loss of its own (``pools = "each"``)
    and the song's logit is their mean, an ensemble in one file. With `attention` > 0 a convolution over the series,
    pooled by attention, joins the statistics. What each part brings is in docs/experiments.md.
    """

    pools = "each"

    def __init__(
        self,
        n_inputs: int,
        n_tags: int,
        members: int = 8,
        width: int = 128,
        dropout: float = 0.5,
        input_dropout: float = 0.2,
        attention: int = 0,
    ) -> None:
        super().__init__()
        self.members = members
        self.norm = nn.BatchNorm1d(N_STATISTICS + n_inputs, affine=False)
        self.listen = AttentionPool(attention) if attention else None
        c_in = N_STATISTICS + n_inputs + attention
        self.dense = nn.Sequential(
            nn.Dropout(input_dropout), nn.Linear(c_in, members * width), nn.BatchNorm1d(members * width), nn.ReLU(),
            nn.Dropout(dropout),
        )  # fmt: skip
        # A convolution of width 1 in groups is one dense layer a member.
        self.embed = nn.Conv1d(members * width, members * EMBEDDING, 1, groups=members)
        self.out = nn.Conv1d(members * EMBEDDING, members * n_tags, 1, groups=members)

    def forward(self, series: torch.Tensor, lyrics: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Series [batch, 300, 24], lyrics [batch, n_inputs] -> logits [batch, steps, n_tags], embedding [..., 50]."""
        x = self.norm(torch.cat([statistics(series), lyrics], dim=1)).clamp(-5, 5)
        if self.listen is not None:
            x = torch.cat([x, self.listen(series)], dim=1)
        embedding = torch.relu(self.embed(self.dense(x)[..., None]))  # (B, members * 50, 1)
        logits = self.out(embedding)  # (B, members * n_tags, 1)
        n = series.shape[0]
        return logits.reshape(n, self.members, -1), embedding.reshape(n, self.members, EMBEDDING)


def statistics(series: torch.Tensor) -> torch.Tensor:
    """[batch, 300, 24] -> [batch, 186]: mean, deviation and skewness, mean and deviation of the steps between
    segments, and the correlations between the timbre coefficients.
    """
    mean = series.mean(dim=1, keepdim=True)
    centred = series - mean
    spread = centred.square().mean(dim=1).sqrt() + 1e-4  # (B, 24)
    skew = centred.pow(3).mean(dim=1) / spread.pow(3)
    step = (series[:, 1:] - series[:, :-1]).abs()
    step_spread = (step - step.mean(dim=1, keepdim=True)).square().mean(dim=1).sqrt()
    timbre = centred[..., :12] / spread[:, None, :12]
    correlation = timbre.transpose(1, 2) @ timbre / series.shape[1]  # (B, 12, 12)
    row, column = torch.triu_indices(12, 12, offset=1)
    pairs = correlation[:, row, column]  # (B, 66)
    return torch.cat([mean[:, 0], spread, skew, step.mean(dim=1), step_spread, pairs], dim=1)


class AttentionPool(nn.Module):
    """(B, 300, 24) -> (B, width): a convolution over segments, averaged with weights that are learned."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(N_SERIES, affine=False)
        conv = nn.Conv1d(N_SERIES, width, 8, stride=4)
        self.conv = nn.Sequential(conv, nn.BatchNorm1d(width), nn.ReLU(), nn.Dropout(0.3))
        self.weight = nn.Conv1d(width, 1, 1)

    def forward(self, series: torch.Tensor) -> torch.Tensor:
        """Series [batch, 300, 24] -> [batch, width]."""
        x = self.conv(self.norm(series.transpose(1, 2)))  # (B, W, 74)
        return (x * torch.softmax(self.weight(x), dim=2)).sum(dim=2)
