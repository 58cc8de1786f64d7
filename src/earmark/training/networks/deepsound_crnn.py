"""The deepsound network of 2016: convolutions over time, an LSTM, one dense softmax a step."""

import torch
from torch import nn


class DeepsoundCrnn(nn.Module):
    """After Kozakowski & Michalak, "Music Genre Recognition" (deepsound, 2016).

    Published, the clip's distribution is the mean of the steps' distributions; `pools` makes training take the loss
    on exactly that. A model file holds logits, and a track's logit is the mean over steps, so what is exported is each
    step's log-distribution: its mean is the geometric mean of the steps' distributions where the paper has the
    arithmetic one. docs/training.md gives the difference that this makes.
    """

    pools = "distribution"
    patch_frames, min_frames = 1024, 16

    def __init__(self, n_inputs: int, n_tags: int, width: int = 256, units: int = 256, dropout: float = 0.5) -> None:
        super().__init__()
        layers, c_in = [], n_inputs
        for _ in range(3):
            layers += [nn.Conv1d(c_in, width, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2)]
            c_in = width
        self.trunk = nn.Sequential(*layers, nn.Dropout(dropout))
        self.lstm = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(units, n_tags))

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mel spectrograms [batch, frames, n_mels] -> logits [batch, steps, n_tags], embedding [batch, steps, dim]."""
        x = self.trunk(mel.transpose(1, 2))  # (B, T, M) -> (B, C, T / 8)
        embedding, _ = self.lstm(x.transpose(1, 2))  # (B, T / 8, U)
        return torch.log_softmax(self.head(embedding), dim=-1), embedding
