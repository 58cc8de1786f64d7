"""The starter network: listeners of musicnn's shape, made coarse enough to be cheap on a CPU.

Each listener has the three parts of Pons et al. (2018): a front end of tall filters that hear timbre and long ones that
hear rhythm, each saying the most it finds at any pitch; a mid end of three convolutions over time; a back end that
takes most and mean over some seconds. It sees pairs of frames and of bands. What a network of another shape would say
is guessed, when all else is trained, by a linear map of what the back ends heard.
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
SPARSE = 4  # bands of which a long filter hears one: their mean would have lower peaks
KINDS = len(TALL) + len(LONG)
MIDDLE = 64  # filters of the second and the third middle layer
MIDDLE_TAPS = (7, 7, 5)
WINDOW = 5  # outputs that are heard together: 2.6 s
DIM = 200  # of one listener's embedding


@dataclass(frozen=True, slots=True)
class ListenerConfig:
    """Sizes of one listener.

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
    listeners : name of the network of musicnn that a listener begins as -> its sizes
    """

    listeners: Mapping[str, ListenerConfig]


def whole_outputs(mel: torch.Tensor) -> torch.Tensor:
    """[n, 187, n_mels] -> [n, 192, n_mels], so that no frame is left over: the last few are repeated."""
    missing = -mel.shape[1] % STEP_FRAMES
    return torch.cat([mel, mel[:, mel.shape[1] - missing :]], dim=1)


class Resting(nn.Module):
    """Batch normalisation as it is left after training: a factor and an offset for each channel."""

    def __init__(self, *shape: int) -> None:
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(shape)), nn.Parameter(torch.zeros(shape))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self.scale + self.shift


class FrontEnd(nn.Module):
    """The filters of all listeners, kind by kind: one convolution for each kind costs less than one for each listener.

    `counts` are the filters of each kind, listener by listener.
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
        """(B, T, 96) -> what each listener hears, (B, its filters, T // 2); frames beyond whole outputs are dropped."""
        mel = mel[:, None, : mel.shape[1] // STEP_FRAMES * STEP_FRAMES]
        pairs, sparse = F.avg_pool2d(mel, 2), mel[:, :, ::2, ::SPARSE]
        kinds = [*(conv(pairs) for conv in self.tall), *(conv(sparse) for conv in self.long)]
        parts = (most(x, places).split(n, dim=1) for x, places, n in zip(kinds, self.places, self.counts, strict=True))
        return [torch.cat(own, dim=1) for own in zip(*parts, strict=True)]


def most(x: torch.Tensor, places: int) -> torch.Tensor:
    """Most over all places in pitch; as a pool, which ONNX Runtime computes without changing the layout."""
    return F.max_pool2d(x, (1, places)).squeeze(3)


class MidEnd(nn.Module):
    """Three convolutions over time; the second and the third add to what the one before says."""

    def __init__(self, width: int, first: int) -> None:
        super().__init__()
        self.one, self.two, self.three = (
            nn.Sequential(nn.Conv1d(a, b, taps, padding=taps // 2), nn.ReLU(), Resting(b, 1))
            for a, b, taps in zip((width, first, MIDDLE), (first, MIDDLE, MIDDLE), MIDDLE_TAPS, strict=True)
        )

    def forward(self, x: torch.Tensor) -> list[torch.Tensor]:
        """(B, filters, T) -> the levels (B, filters or first or 64, T)."""
        first = self.one(x)
        n, second = first.shape[1], self.two(first)
        second = torch.cat([second[:, :n] + first, second[:, n:]], dim=1)
        return [x, first, second, self.three(second) + second]


def most_and_mean(levels: Sequence[torch.Tensor]) -> torch.Tensor:
    """Most and mean over the 2.6 s around each output: (B, width, T) each -> (B, T // STEP, 2 * all widths)."""
    blocks = [x.unflatten(2, (-1, STEP)) for x in levels]
    most = torch.cat([x.amax(dim=3) for x in blocks], dim=1)
    mean = torch.cat([x.mean(dim=3) for x in blocks], dim=1)
    most = F.max_pool1d(most, WINDOW, 1, WINDOW // 2)
    mean = F.avg_pool1d(mean, WINDOW, 1, WINDOW // 2, count_include_pad=False)
    return torch.cat([most, mean], dim=1).transpose(1, 2)


class Listener(nn.Module):
    """What comes after the convolutions of the front end.

    `sign` is -1 where normalisation turns a filter round: the most after it is then the least before it.
    """

    def __init__(self, cfg: ListenerConfig) -> None:
        super().__init__()
        width = sum(cfg.filters)
        self.register_buffer("sign", torch.ones(width, 1))
        self.mid = MidEnd(width, cfg.first)
        pooled = 2 * (width + cfg.first + 2 * MIDDLE)
        self.dense = nn.Sequential(nn.Linear(pooled, DIM), nn.ReLU(), Resting(DIM))

    def forward(self, heard: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B, filters, T) -> its embedding (B, T // STEP, DIM), and what that was made of (B, T // STEP, pooled)."""
        pooled = most_and_mean(self.mid(torch.relu(heard * self.sign)))
        return self.dense(pooled), pooled


class StarterNet(nn.Module):
    """One log-mel patch in; an embedding and a logit per tag out, every 0.512 s."""

    def __init__(self, n_tags: int, cfg: StarterConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.front = FrontEnd([sizes.filters for sizes in cfg.listeners.values()])
        self.listeners = nn.ModuleList(Listener(sizes) for sizes in cfg.listeners.values())
        self.guess: nn.Module | None = None
        self.head = nn.Linear(DIM * len(self.listeners), n_tags)

    def embed(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """(B, T, 96) -> (B, T // 32, DIM of each listener, side by side), and all that they pooled, likewise."""
        said, pooled = zip(*(own(x) for own, x in zip(self.listeners, self.front(mel), strict=True)), strict=True)
        return torch.cat(said, dim=2), torch.cat(pooled, dim=2)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding, pooled = self.embed(mel)
        if self.guess is not None:
            embedding = torch.cat([embedding, self.guess(pooled)], dim=2)
        return self.head(embedding), embedding  # logits: no sigmoid here
