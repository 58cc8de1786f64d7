"""The later network of deepsound: convolutions over time, one dense layer a step, the mean over time, softmax."""

import torch
from torch import nn


class DeepsoundCnn(nn.Module):
    """After the network in deepsound's repository, github.com/deepsound/genre-recognition, that followed the one of
    Kozakowski & Michalak 2016: bands are channels, time is the one axis.

    The mean over time is taken before the softmax, so the model file's contract (a track's logit is the mean of
    its logits over steps) is this network as published.
    """

    pools = "logits"
    patch_frames, min_frames = 1024, 16

    def __init__(self, n_inputs: int, n_tags: int, width: int = 256, dropout: float = 0.5) -> None:
        super().__init__()
        layers, c_in = [], n_inputs
        for _ in range(3):
            conv = nn.Conv1d(c_in, width, 5, padding=2)
            layers += [conv, nn.BatchNorm1d(width), nn.ReLU(), nn.MaxPool1d(2), nn.Dropout(dropout)]
            c_in = width
        self.trunk = nn.Sequential(*layers)
        self.head = nn.Linear(width, n_tags)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mel spectrograms [batch, frames, n_mels] -> logits [batch, steps, n_tags], embedding [batch, steps, dim]."""
        x = self.trunk(mel.transpose(1, 2))  # (B, T, M) -> (B, C, T / 8)
        embedding = x.transpose(1, 2)  # (B, T / 8, C)
        return self.head(embedding), embedding
