"""Instruments: the tags of instruments and of voices."""

from earmark.explore.parts.tagged import columns_of, logits_of, nearness
from earmark.tagger.tagset import Tagset

SCALED = True
features, likeness = logits_of, nearness


def columns(tagset: Tagset) -> list[str]:
    """Tags of the groups ``instrument`` and ``voice``."""
    return columns_of(tagset, ("instrument", "voice"))
