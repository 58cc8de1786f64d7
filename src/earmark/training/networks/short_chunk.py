"""The short-chunk CNN: seven small convolutions over 3.7 s of spectrogram, one step a chunk."""

import torch
from torch import nn

TIME_POOL = 2**7


class ShortChunk(nn.Module):
    """After Won, Ferraro, Bogdanov & Serra, "Evaluation of CNN-based automatic music tagging models" (2020).

    One step a patch: the maximum over what is left of time after seven poolings. `width` is 128 in the paper
    (3.7 M weights at 128 mel bands); 32 trains twelve times faster.
    """

    pools = "logits"
    patch_frames, min_frames = 231, TIME_POOL

    def __init__(self, n_inputs: int, n_tags: int, width: int = 128, dropout: float = 0.5) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(1)
        layers, c_in, n_mels = [], 1, n_inputs
        for factor in (1, 1, 2, 2, 2, 2, 4):
            pool = (2, 2 if n_mels > 1 else 1)  # fewer than 128 bands are used up early
            conv = nn.Conv2d(c_in, factor * width, 3, padding=1)
            layers += [conv, nn.BatchNorm2d(factor * width), nn.ReLU(), nn.MaxPool2d(pool)]
            c_in, n_mels = factor * width, n_mels // pool[1]
        self.trunk = nn.Sequential(*layers)
        self.dense = nn.Sequential(nn.Linear(c_in * n_mels, c_in), nn.BatchNorm1d(c_in), nn.ReLU())
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(c_in, n_tags))

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Mel spectrograms [batch, frames, n_mels] -> logits [batch, steps, n_tags], embedding [batch, steps, dim]."""
        x = self.trunk(self.norm(mel.unsqueeze(1)))  # (B, T, M) -> (B, 4W, T / 128, M')
        x = x.amax(dim=2).flatten(1)  # (B, 4W * M')
        embedding = self.dense(x).unsqueeze(1)  # (B, 1, 4W)
        return self.head(embedding), embedding
