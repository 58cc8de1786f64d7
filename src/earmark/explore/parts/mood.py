"""Mood: the tags of mood, and valence, as far from each other as they are among the tracks of the catalogue."""

from earmark.catalogue.schema import tag_column
from earmark.explore.parts.tagged import columns_of, logits_of, nearness
from earmark.tagger.tagset import Tagset

SCALED = True
features, likeness = logits_of, nearness


def columns(tagset: Tagset) -> list[str]:
    """Tags of the group ``mood``, and ``scale/valence``."""
    scales = [group for group in tagset.groups if group.name == "scale" and "valence" in group.tags]
    return columns_of(tagset, ("mood",)) + [tag_column(group, "valence") for group in scales]
