"""The default for sound: small, fully convolutional, one step every 16 frames (0.26 s)."""

import torch
from torch import nn


class Fcn(nn.Module):
    """Four 3x3 blocks that pool time and bands by 16, then convolutions over time alone.

    After Choi, Fazekas & Sandler, "Automatic tagging using deep fully convolutional neural networks" (2016), with
    batch normalisation of each band instead of one mean for all, the bands kept apart until they are joined by a
    dense layer, and residual context over time in place of the last poolings.
    """

    pools = "logits"
    patch_frames, min_frames = 1024, 64

    def __init__(
        self, n_inputs: int, n_tags: int, width: int = 24, dim: int = 192, context: int = 2, dropout: float = 0.3
    ) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(n_inputs)
        layers, c_in = [], 1
        for factor in (1, 2, 3, 4):
            conv = nn.Conv2d(c_in, factor * width, 3, padding=1, bias=False)
            layers += [conv, nn.BatchNorm2d(factor * width), nn.ReLU(), nn.MaxPool2d(2)]
            c_in = factor * width
        self.trunk = nn.Sequential(*layers)
        self.join = _time_block(c_in * (n_inputs // 16), dim, kernel=1)
        self.context = nn.ModuleList([_time_block(dim, dim, kernel=5) for _ in range(context)])
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(dim, n_tags))

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mel spectrograms [batch, frames, n_mels] -> logits [batch, steps, n_tags], embedding [batch, steps, dim]."""
        x = self.norm(mel.transpose(1, 2)).transpose(1, 2)  # (B, T, M), each band normalised
        x = self.trunk(x.unsqueeze(1))  # (B, C, T / 16, M / 16)
        x = self.join(x.permute(0, 1, 3, 2).flatten(1, 2))  # (B, dim, T / 16)
        for block in self.context:
            x = x + block(x)
        embedding = x.transpose(1, 2)  # (B, T / 16, dim)
        return self.head(embedding), embedding


def _time_block(c_in: int, c_out: int, kernel: int) -> nn.Sequential:
    """A convolution over time that keeps its length: (B, c_in, T) -> (B, c_out, T)."""
    conv = nn.Conv1d(c_in, c_out, kernel, padding=kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm1d(c_out), nn.ReLU())
