"""The starter network: branches of musicnn's shape, made coarse enough to be cheap on a CPU.

Each branch has the three parts of Pons et al. (2018): a front end of tall filters for timbre and long ones for rhythm,
with the maximum over pitch of each; a mid end of three convolutions over time; a back end that pools maximum and mean
over some seconds. Its input is pairs of frames and of bands. The embedding of a third network, of another shape, is
predicted from what the back ends pool, by a linear map that is fitted when all else is trained.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from earmark.tagger.interop.musicnn import N_MELS

STEP_FRAMES = 32  # frames between two outputs: 0.512 s in the default front end
STEP = STEP_FRAMES // 2  # the same in pairs of frames
TALL = ((3, 19), (3, 34))  # taps over pairs of frames and of bands
LONG = (65, 33, 17)  # taps over every second frame
SPARSE = 4  # a long filter takes one of so many bands: their mean would have lower peaks
KINDS = len(TALL) + len(LONG)
MIDDLE = 64  # filters of the second and the third middle layer
MIDDLE_TAPS = (7, 7, 5)
WINDOW = 5  # steps that are pooled together: 2.6 s
DIM = 200  # of one branch's embedding


@dataclass(frozen=True, slots=True)
class BranchConfig:
    """Sizes of one branch.

    Attributes
    ----------
    filters : of each of the five kinds of its front end
    first : filters of its first middle layer
    """

    filters: tuple[int, ...]
    first: int


@dataclass(frozen=True, slots=True)
class StarterConfig:
    """Sizes of the network.

    Attributes
    ----------
    branches : name of the network of musicnn that a branch is initialised from -> its sizes
    """

    branches: Mapping[str, BranchConfig]


def pad_to_steps(mel: torch.Tensor) -> torch.Tensor:
    """[n, 187, n_mels] -> [n, 192, n_mels], whole steps: the last few frames are repeated."""
    missing = -mel.shape[1] % STEP_FRAMES
    return torch.cat([mel, mel[:, mel.shape[1] - missing :]], dim=1)


class ChannelAffine(nn.Module):
    """A factor and an offset for each channel: what batch normalisation is after training."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(shape)), nn.Parameter(torch.zeros(shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Of the shape of `x`."""
        return x * self.scale + self.shift


class FrontEnd(nn.Module):
    """The filters of all branches, kind by kind: one convolution for each kind costs less than one for each branch.

    `counts` are the filters of each kind, branch by branch.
    """

    def __init__(self, filters: Sequence[tuple[int, ...]]) -> None:
        super().__init__()
        self.counts = list(zip(*filters, strict=True))
        tall, long = self.counts[: len(TALL)], self.counts[len(TALL) :]
        self.places = [N_MELS // 2 - bands + 1 for _, bands in TALL] + [N_MELS // SPARSE] * len(LONG)
        self.tall = nn.ModuleList(
            nn.Conv2d(1, sum(n), taps, padding=(taps[0] // 2, 0)) for n, taps in zip(tall, TALL, strict=True)
        )
        self.long = nn.ModuleList(
            nn.Conv2d(1, sum(n), (taps, 1), padding=(taps // 2, 0)) for n, taps in zip(long, LONG, strict=True)
        )

    def forward(self, mel: torch.Tensor) -> list[torch.Tensor]:
        """(B, T, 96) -> for each branch (B, its filters, T // 2); frames beyond whole steps are dropped."""
        mel = mel[:, None, : mel.shape[1] // STEP_FRAMES * STEP_FRAMES]
        pairs, sparse = F.avg_pool2d(mel, 2), mel[:, :, ::2, ::SPARSE]
        kinds = [*(conv(pairs) for conv in self.tall), *(conv(sparse) for conv in self.long)]
        pooled = (max_over_pitch(x, places) for x, places in zip(kinds, self.places, strict=True))
        parts = (x.split(n, dim=1) for x, n in zip(pooled, self.counts, strict=True))
        return [torch.cat(own, dim=1) for own in zip(*parts, strict=True)]


def max_over_pitch(x: torch.Tensor, places: int) -> torch.Tensor:
    """(B, filters, T, places) -> (B, filters, T); a pool, which ONNX Runtime computes without changing the layout."""
    return F.max_pool2d(x, (1, places)).squeeze(3)


class MidEnd(nn.Module):
    """Three convolutions over time; the second and the third are added to the output of the one before."""

    def __init__(self, width: int, first: int) -> None:
        super().__init__()
        self.one, self.two, self.three = (
            nn.Sequential(nn.Conv1d(a, b, taps, padding=taps // 2), nn.ReLU(), ChannelAffine(b, 1))
            for a, b, taps in zip((width, first, MIDDLE), (first, MIDDLE, MIDDLE), MIDDLE_TAPS, strict=True)
        )

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """(B, filters, T) -> input and the three outputs: (B, filters or first or 64, T)."""
        first = self.one(x)
        n, second = first.shape[1], self.two(first)
        second = torch.cat([second[:, :n] + first, second[:, n:]], dim=1)
        return [x, first, second, self.three(second) + second]


def pool_max_and_mean(levels: Sequence[torch.Tensor]) -> torch.Tensor:
    """Maximum and mean over the 2.6 s around each step: (B, width, T) each -> (B, T // STEP, 2 * all widths)."""
    blocks = [x.unflatten(2, (-1, STEP)) for x in levels]
    largest = torch.cat([x.amax(dim=3) for x in blocks], dim=1)
    mean = torch.cat([x.mean(dim=3) for x in blocks], dim=1)
    largest = F.max_pool1d(largest, WINDOW, 1, WINDOW // 2)
    mean = F.avg_pool1d(mean, WINDOW, 1, WINDOW // 2, count_include_pad=False)
    return torch.cat([largest, mean], dim=1).transpose(1, 2)


class Branch(nn.Module):
    """What comes after the convolutions of the front end.

    `sign` is -1 where normalisation inverts a filter: its maximum after it is then the minimum before it.
    """

    def __init__(self, cfg: BranchConfig) -> None:
        super().__init__()
        width = sum(cfg.filters)
        self.register_buffer("sign", torch.ones(width, 1))
        self.mid = MidEnd(width, cfg.first)
        pooled = 2 * (width + cfg.first + 2 * MIDDLE)
        self.dense = nn.Sequential(nn.Linear(pooled, DIM), nn.ReLU(), ChannelAffine(DIM))

    def forward(self, filtered: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B, filters, T) -> its embedding (B, T // STEP, DIM), and what that is made of (B, T // STEP, pooled)."""
        pooled = pool_max_and_mean(self.mid(torch.relu(filtered * self.sign)))
        return self.dense(pooled), pooled


class StarterNet(nn.Module):
    """One log-mel patch in; an embedding and a logit per tag out, every 0.512 s."""

    def __init__(self, n_tags: int, cfg: StarterConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.front = FrontEnd([sizes.filters for sizes in cfg.branches.values()])
        self.branches = nn.ModuleList(Branch(sizes) for sizes in cfg.branches.values())
        self.predicted_teacher: nn.Module | None = None
        self.head = nn.Linear(DIM * len(self.branches), n_tags)

    def embed(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B, T, 96) -> (B, T // 32, DIM of each branch, side by side), and all that they pool, likewise."""
        outputs = (branch(x) for branch, x in zip(self.branches, self.front(mel), strict=True))
        embeddings, pooled = zip(*outputs, strict=True)
        return torch.cat(embeddings, dim=2), torch.cat(pooled, dim=2)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B, T, 96) -> logits (B, T // 32, n_tags) and embedding (B, T // 32, dim)."""
        embedding, pooled = self.embed(mel)
        if self.predicted_teacher is not None:
            embedding = torch.cat([embedding, self.predicted_teacher(pooled)], dim=2)
        return self.head(embedding), embedding  # logits: no sigmoid here
