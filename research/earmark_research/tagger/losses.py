"""The loss of a linear head, on the starter network as on its teachers."""

import torch
from torch.nn import functional as F

from earmark_research.tagger.tags import starter_tagset

PARTS = {group.name: part for group, part in starter_tagset().slices()}
DERIVED_PART = slice(PARTS["instrument"].start, PARTS["character"].stop)
N_TAGS = len(starter_tagset())

Batch = dict[str, torch.Tensor]


def label_loss(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Loss against labels and teachers' tags.

    Parameters
    ----------
    logits : [n, n_tags], means over time
    batch : the fields of `labels.Targets` as tensors; rows without a label count for nothing in that part
    """
    music = batch["music"] > 0.5
    loss = genre_loss(logits[:, PARTS["genre"]], batch["genre"], batch["offered"])
    loss = loss + 2 * mood_loss(logits[:, PARTS["mood"]], batch["mood"], batch["weight"])
    loss = loss + 2 * value_loss(logits[:, PARTS["scale"]], batch["values"], music)
    derived = F.binary_cross_entropy_with_logits(logits[:, DERIVED_PART], batch["derived"], reduction="none")
    loss = loss + 2 * derived[music].mean() if music.any() else loss
    return loss + 0.5 * content_loss(logits[:, PARTS["content"]][:, 0], batch["music"])


def genre_loss(logits: torch.Tensor, truth: torch.Tensor, offered: torch.Tensor) -> torch.Tensor:
    """Cross-entropy among the genres that the row's labeller could choose from; rows with NaN are left out.

    logits and truth [n, 11], `offered` bool [n, 11].
    """
    known = ~torch.isnan(truth[:, 0])
    masked = logits.masked_fill(~offered, -30.0)
    loss = -(truth.nan_to_num() * F.log_softmax(masked, dim=1)).sum(dim=1)
    return (loss * known).sum() / max(1, len(loss))


def content_loss(logits: torch.Tensor, music: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of logits [n] with 0 or 1 [n]; both classes count alike, however few rows of either there are."""
    share = music.mean().clamp(0.01, 0.99)
    weight = 0.5 * torch.where(music > 0.5, 1 / share, 1 / (1 - share))
    return F.binary_cross_entropy_with_logits(logits, music, weight=weight)


def mood_loss(logits: torch.Tensor, shares: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of logits [n, 9] with the shares of raters [n, 9], weighted [n] by how many there were."""
    loss = F.binary_cross_entropy_with_logits(logits, shares.nan_to_num(), reduction="none").mean(dim=1)
    return (loss * weight).sum() / max(1, len(loss))


def value_loss(values: torch.Tensor, truth: torch.Tensor, music: torch.Tensor) -> torch.Tensor:
    """Squared error of values [n, 3] where they are known and the row [n] is music."""
    known = ~torch.isnan(truth) & music[:, None]
    return ((values - truth.nan_to_num()) ** 2 * known).sum() / max(1, len(values))
