"""The networks of the student project "Understanding Music using Deep Learning", but for the branch over a series.

The project (Keras, Million Song Dataset) has three networks with the same head; each is a module beside this one.
"""

from collections.abc import Callable

import torch
from torch import nn

N_SERIES = 24  # 12 timbre and 12 chroma
EMBEDDING = 50


class SeriesNetwork(nn.Module):
    """One branch over timbre and one over chroma, joined with the lyrics vector; a subclass names its branch.

    Attributes
    ----------
    branch : called without arguments, gives a module [batch, 12, 300] -> [batch, branch_width]
    normalise : see `InputNorm`; the project gives raw inputs
    dropout, l1, l2 : see `SeriesHead`
    """

    pools = "logits"
    branch: Callable[[], nn.Module]
    branch_width: int

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
        self.timbre, self.chroma = self.branch(), self.branch()
        self.head = SeriesHead(2 * self.branch_width + n_inputs, n_tags, dropout, l1, l2)
        self.penalty = self.head.penalty

    def forward(self, series: torch.Tensor, lyrics: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Series [batch, 300, 24], lyrics [batch, n_inputs] -> logits [batch, steps, n_tags], embedding [..., 50]."""
        series, lyrics = self.norm(series, lyrics)  # (B, 24, 300), (B, L)
        timbre, chroma = self.timbre(series[:, :12]), self.chroma(series[:, 12:])  # (B, W)
        return self.head(torch.cat([timbre, chroma, lyrics], dim=1))


class SeriesHead(nn.Module):
    """Joined vector [batch, c_in] -> dense 128, 128, 50 (the song embedding), each with ReLU -> logits.

    The project has no dropout and l1 = l2 = 0.01 on every dense kernel; `dropout` and smaller penalties are ours.
    """

    def __init__(self, c_in: int, n_tags: int, dropout: float, l1: float, l2: float) -> None:
        super().__init__()
        self.l1, self.l2 = l1, l2
        layers, width = [], c_in
        for units in (128, 128, EMBEDDING):
            layers += [nn.Dropout(dropout), nn.Linear(width, units), nn.ReLU()]
            width = units
        self.trunk = nn.Sequential(*layers)
        self.out = nn.Linear(EMBEDDING, n_tags)

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Joined vectors [batch, c_in] -> logits [batch, 1, n_tags] and embedding [batch, 1, 50]."""
        embedding = self.trunk(x)  # (B, 50)
        return self.out(embedding)[:, None], embedding[:, None]  # one step a song

    def penalty(self) -> torch.Tensor:
        """l1 * sum of |w| + l2 * sum of w^2 over the dense kernels, as Keras' kernel_regularizer."""
        kernels = [m.weight for m in (*self.trunk, self.out) if isinstance(m, nn.Linear)]
        return sum(self.l1 * w.abs().sum() + self.l2 * w.square().sum() for w in kernels)


class InputNorm(nn.Module):
    """Scales each column of series and lyrics by mean and deviation of the training batches, if active."""

    def __init__(self, n_lyrics: int, active: bool) -> None:
        super().__init__()
        self.series = nn.BatchNorm1d(N_SERIES, affine=False) if active else nn.Identity()
        self.lyrics = nn.BatchNorm1d(n_lyrics, affine=False) if active else nn.Identity()

    def forward(self, series: torch.Tensor, lyrics: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Series [batch, 300, 24] -> [batch, 24, 300]; lyrics [batch, n_lyrics] keep their shape."""
        return self.series(series.transpose(1, 2)), self.lyrics(lyrics)  # (B, 24, 300), (B, L)


class MeanOverTime(nn.Module):
    """(B, C, T) -> (B, C)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """[batch, channels, time] -> [batch, channels]."""
        return x.mean(dim=2)
