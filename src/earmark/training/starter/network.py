"""The starter network: a small tagger, fully convolutional in time, cheap on a CPU."""

from dataclasses import asdict, dataclass

import torch
from torch import nn

STEP_FRAMES = 32  # frames between two outputs: 0.512 s in the default front end


@dataclass(frozen=True, slots=True)
class StarterConfig:
    """Sizes of the network.

    Attributes
    ----------
    widths : channels of the 2-D stem, which divides time and frequency by four; of the convolutions that halve them;
        and of the one that halves time again
    dim : channels of the trunk and length of the embedding
    blocks : of the trunk
    expand : hidden width of a trunk block, as a multiple of dim
    dropout : on the embedding, while training
    """

    widths: tuple[int, int, int] = (32, 64, 96)
    dim: int = 256
    blocks: int = 2
    expand: int = 2
    dropout: float = 0.1

    def to_dict(self) -> dict:
        return asdict(self)


def conv_norm(c_in: int, c_out: int, stride: int | tuple[int, int] = 1) -> nn.Sequential:
    """3x3 convolution without bias and batch normalisation; ONNX Runtime folds the two into one."""
    return nn.Sequential(nn.Conv2d(c_in, c_out, 3, stride, padding=1, bias=False), nn.BatchNorm2d(c_out))


class Patchify(nn.Module):
    """Non-overlapping squares of 4 frames x 4 bands, each through one linear map; frames left over are dropped."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.mix = nn.Linear(16, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n_mels = x.shape[2]
        x = x[:, : x.shape[1] // 4 * 4].unflatten(1, (-1, 4)).unflatten(3, (n_mels // 4, 4))
        x = x.transpose(2, 3).flatten(3)  # (B, T, M) -> (B, T/4, M/4, 16)
        return torch.relu(self.mix(x)).permute(0, 3, 1, 2)  # (B, C, T/4, M/4), channels last in memory


class Residual(nn.Module):
    """A convolution that adds to its input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = conv_norm(width, width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(x + self.body(x))


class Block(nn.Module):
    """After ConvNeXt (Liu et al. 2022): depthwise 9 over time, widen, narrow, add.

    Channels come last: the two dense maps are then one matrix product each over all steps of all patches.
    """

    def __init__(self, dim: int, expand: int) -> None:
        super().__init__()
        self.over_time = nn.Sequential(nn.Conv1d(dim, dim, 9, padding=4, groups=dim, bias=False), nn.BatchNorm1d(dim))
        self.widen, self.narrow = nn.Linear(dim, expand * dim), nn.Linear(expand * dim, dim)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.over_time(x.transpose(1, 2)).transpose(1, 2)
        return x + self.narrow(torch.relu(self.widen(y)))  # (B, T, dim)


class StarterNet(nn.Module):
    """One log-mel patch in; an embedding and a logit per tag out, every 0.512 s.

    The two-dimensional convolutions see a pattern wherever it lies in pitch; frequency is then folded into channels
    and the trunk works along time alone, at a sixteenth of the frame rate.
    """

    def __init__(self, n_mels: int, n_tags: int, cfg: StarterConfig) -> None:
        super().__init__()
        self.cfg = cfg
        first, second, third = cfg.widths
        self.norm = nn.BatchNorm1d(n_mels)
        self.stem = Patchify(first)
        self.local = nn.Sequential(
            conv_norm(first, second, stride=2), nn.ReLU(),
            Residual(second),
            conv_norm(second, third, stride=(2, 1)), nn.ReLU(),
        )  # fmt: skip
        self.fold = nn.Linear(third * n_mels // 8, cfg.dim)
        self.trunk = nn.Sequential(*(Block(cfg.dim, cfg.expand) for _ in range(cfg.blocks)))
        self.out = nn.Linear(cfg.dim, cfg.dim)
        self.halve = nn.AvgPool1d(2)
        self.dropout = nn.Dropout(cfg.dropout)
        self.head = nn.Linear(cfg.dim, n_tags)

    def embed(self, mel: torch.Tensor) -> torch.Tensor:
        """(B, T, M) -> (B, T // 32, dim)."""
        x = self.norm(mel.transpose(1, 2)).transpose(1, 2)
        x = self.local(self.stem(x))  # (B, C, T/16, M/8)
        x = torch.relu(self.fold(x.transpose(1, 2).flatten(2)))  # (B, T/16, C * M/8) -> (B, T/16, dim)
        x = torch.relu(self.out(self.trunk(x)))
        return self.halve(x.transpose(1, 2)).transpose(1, 2)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = self.embed(mel)
        return self.head(self.dropout(embedding)), embedding  # logits: no sigmoid here
