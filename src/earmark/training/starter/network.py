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
    widths : channels of the 2-D stem, which divides time and frequency by four, and of the stage that halves them
    dim : channels of the 1-D trunk and length of the embedding
    expand : hidden width of a trunk block, as a multiple of dim
    dropout : on the embedding, while training
    """

    widths: tuple[int, int] = (48, 64)
    dim: int = 256
    expand: int = 2
    dropout: float = 0.1

    def to_dict(self) -> dict:
        return asdict(self)


def conv_norm(c_in: int, c_out: int, kernel: int, dims: int, stride: int = 1, groups: int = 1) -> nn.Sequential:
    """Convolution without bias and batch normalisation; ONNX Runtime folds the two into one."""
    conv, norm = (nn.Conv2d, nn.BatchNorm2d) if dims == 2 else (nn.Conv1d, nn.BatchNorm1d)
    padding = kernel // 2
    return nn.Sequential(
        conv(c_in, c_out, kernel, stride=stride, padding=padding, groups=groups, bias=False), norm(c_out)
    )


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


class Stage(nn.Module):
    """Depthwise 3x3 with stride 2, then a pointwise mix: half the time steps, half the bands."""

    def __init__(self, c_in: int, c_out: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv_norm(c_in, c_in, 3, 2, stride=2, groups=c_in), conv_norm(c_in, c_out, 1, 2), nn.ReLU()
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.body(x)  # (B, C, T, M) -> (B, C', T/2, M/2)


class Block(nn.Module):
    """After ConvNeXt (Liu et al. 2022): depthwise 9 over time, widen, narrow, add."""

    def __init__(self, dim: int, expand: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            conv_norm(dim, dim, 9, 1, groups=dim),
            nn.Conv1d(dim, expand * dim, 1),
            nn.ReLU(),
            conv_norm(expand * dim, dim, 1, 1),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x)


class StarterNet(nn.Module):
    """One log-mel patch in; an embedding and a logit per tag out, every 0.512 s.

    The two-dimensional stages see a pattern wherever it lies in pitch; frequency is then folded into channels and
    the trunk works along time alone, at a sixteenth of the frame rate.
    """

    def __init__(self, n_mels: int, n_tags: int, cfg: StarterConfig) -> None:
        super().__init__()
        self.cfg = cfg
        first, second = cfg.widths
        self.norm = nn.BatchNorm1d(n_mels)
        self.stem = Patchify(first)
        self.stage = Stage(first, second)
        self.fold = nn.Sequential(conv_norm(second * n_mels // 8, cfg.dim, 1, 1), nn.ReLU())
        self.early = Block(cfg.dim, cfg.expand)
        self.late = nn.Sequential(Block(cfg.dim, cfg.expand), Block(cfg.dim, cfg.expand))
        self.out = nn.Sequential(conv_norm(cfg.dim, cfg.dim, 1, 1), nn.ReLU())
        self.halve = nn.AvgPool1d(2)
        self.dropout = nn.Dropout(cfg.dropout)
        self.head = nn.Linear(cfg.dim, n_tags)

    def embed(self, mel: torch.Tensor) -> torch.Tensor:
        """(B, T, M) -> (B, T // 32, dim)."""
        x = self.norm(mel.transpose(1, 2)).transpose(1, 2)
        x = self.stage(self.stem(x))  # (B, C, T/8, M/8)
        x = self.fold(x.transpose(2, 3).flatten(1, 2))  # (B, C * M/8, T/8) -> (B, dim, T/8)
        x = self.late(self.halve(self.early(x)))  # (B, dim, T/16)
        return self.halve(self.out(x)).transpose(1, 2)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        embedding = self.embed(mel)
        return self.head(self.dropout(embedding)), embedding  # logits: no sigmoid here
