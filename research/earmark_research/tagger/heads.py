"""A linear map from embeddings to our tags: last layer of the starter network, and head of the accurate profile."""

import numpy as np
import torch

from earmark_research.tagger.labels import Targets
from earmark_research.tagger.losses import N_TAGS, label_loss


def fit_head(X: np.ndarray, targets: Targets, decay: float, steps: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Weights float32 [dim, n_tags] and bias [n_tags] on raw embeddings [n, dim]; full-batch Adam from zero.

    The embeddings are standardised while fitting and the scaling is folded into what is returned. `decay` draws the
    weights to zero: few labelled tracks stand against many dimensions.
    """
    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-3
    x = torch.from_numpy(((X - mean) / std).astype(np.float32))
    batch = {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in vars(targets).items()}
    weight = torch.zeros(x.shape[1], N_TAGS, requires_grad=True)
    bias = torch.zeros(N_TAGS, requires_grad=True)
    optimiser = torch.optim.Adam([weight, bias], lr=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(steps):
        loss = label_loss(x @ weight + bias, batch) + decay * weight.square().sum() / N_TAGS
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    w = weight.detach().numpy() / std[:, None]
    return w.astype(np.float32), (bias.detach().numpy() - mean @ w).astype(np.float32)
