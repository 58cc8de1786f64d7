"""The starter network: listeners of musicnn's shape, made coarse enough to be cheap on a CPU.

Each listener has the three parts of Pons et al. (2018): a front end of tall filters that hear timbre and long ones that
hear rhythm, each saying the most it finds at any pitch; a mid end of three convolutions over time; a back end that
takes most and mean over some seconds. It sees pairs of frames and of bands, and fewer places in pitch than musicnn.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional as F

from earmark.interop.musicnn import N_MELS

STEP_FRAMES = 32  # frames between two outputs: 0.512 s in the default front end
STEP = STEP_FRAMES // 2  # the same in pairs of frames
TALL = ((3, 19), (3, 34))  # taps over pairs of frames and of bands
STRIDE = 2  # pairs of bands between two places of a tall filter
LONG = (65, 33, 17)  # taps over pairs of frames, on fours of bands
KINDS = len(TALL) + len(LONG)
MIDDLE = 64  # filters of the second and the third middle layer
MIDDLE_TAPS = 7
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
    """Sizes of the network: name of the network of musicnn that a listener begins as -> its sizes."""

    listeners: Mapping[str, ListenerConfig]


def whole_outputs(mel: torch.Tensor) -> torch.Tensor:
    """[n, 187, n_mels] -> [n, 192, n_mels], so that no frame is left over: the last few are repeated."""
    missing = -mel.shape[1] % STEP_FRAMES
    return torch.cat([mel, mel[:, mel.shape[1] - missing :]], dim=1)


class Resting(nn.Module):
    """Batch normalisation as it is left after training: a factor and an offset for each channel (axis 1)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.scale, self.shift = nn.Parameter(torch.ones(width, 1)), nn.Parameter(torch.zeros(width, 1))

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
        self.places = [(N_MELS // 2 - bands) // STRIDE + 1 for _, bands in TALL] + [N_MELS // 4] * len(LONG)
        self.tall = nn.ModuleList(
            nn.Conv2d(1, sum(n), taps, stride=(1, STRIDE), padding=(taps[0] // 2, 0))
            for n, taps in zip(tall, TALL, strict=True)
        )
        self.long = nn.ModuleList(
            nn.Conv2d(1, sum(n), (taps, 1), padding=(taps // 2, 0)) for n, taps in zip(long, LONG, strict=True)
        )

    def forward(self, mel: torch.Tensor) -> list[torch.Tensor]:
        """(B, T, 96) -> what each listener hears, (B, its filters, T // 2); frames beyond whole outputs are dropped."""
        pairs = F.avg_pool2d(mel[:, None, : mel.shape[1] // STEP_FRAMES * STEP_FRAMES], 2)
        fours = F.avg_pool2d(pairs, (1, 2))
        kinds = [*(conv(pairs) for conv in self.tall), *(conv(fours) for conv in self.long)]
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
            nn.Sequential(nn.Conv1d(a, b, MIDDLE_TAPS, padding=MIDDLE_TAPS // 2), nn.ReLU(), Resting(b))
            for a, b in ((width, first), (first, MIDDLE), (MIDDLE, MIDDLE))
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, filters, T) -> (B, filters + first + 128, T), the levels side by side."""
        first = self.one(x)
        n, second = first.shape[1], self.two(first)
        second = torch.cat([second[:, :n] + first, second[:, n:]], dim=1)
        return torch.cat([x, first, second, self.three(second) + second], dim=1)


class BackEnd(nn.Module):
    """Most and mean over the 2.6 s around each output, then one dense layer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.of_most, self.of_mean = nn.Linear(width, DIM), nn.Linear(width, DIM, bias=False)
        self.norm = Resting(DIM)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(B, width, T) -> (B, DIM, T // STEP)."""
        x = x.unflatten(2, (-1, STEP))
        most = F.max_pool1d(x.amax(dim=3), WINDOW, 1, WINDOW // 2)
        mean = F.avg_pool1d(x.mean(dim=3), WINDOW, 1, WINDOW // 2, count_include_pad=False)
        dense = self.of_most(most.transpose(1, 2)) + self.of_mean(mean.transpose(1, 2))
        return self.norm(torch.relu(dense).transpose(1, 2))


class Listener(nn.Module):
    """What comes after the convolutions of the front end.

    `sign` is -1 where normalisation turns a filter round: the most after it is then the least before it.
    """

    def __init__(self, cfg: ListenerConfig) -> None:
        super().__init__()
        width = sum(cfg.filters)
        self.register_buffer("sign", torch.ones(width, 1))
        self.norm = Resting(width)
        self.mid = MidEnd(width, cfg.first)
        self.back = BackEnd(width + cfg.first + 2 * MIDDLE)

    def forward(self, heard: torch.Tensor) -> torch.Tensor:
        """(B, filters, T) -> (B, DIM, T // STEP)."""
        return self.back(self.mid(self.norm(torch.relu(heard * self.sign))))


class StarterNet(nn.Module):
    """One log-mel patch in; an embedding and a logit per tag out, every 0.512 s."""

    def __init__(self, n_tags: int, cfg: StarterConfig) -> None:
        super().__init__()
        self.cfg = cfg
        self.front = FrontEnd([sizes.filters for sizes in cfg.listeners.values()])
        self.listeners = nn.ModuleList(Listener(sizes) for sizes in cfg.listeners.values())
        self.head = nn.Linear(DIM * len(self.listeners), n_tags)

    def embed(self, mel: torch.Tensor) -> torch.Tensor:
        """(B, T, 96) -> (B, T // 32, DIM of each listener, side by side)."""
        said = [listener(x) for listener, x in zip(self.listeners, self.front(mel), strict=True)]
        return torch.cat(said, dim=1).transpose(1, 2)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = self.embed(mel)
        return self.head(embedding), embedding  # logits: no sigmoid here
