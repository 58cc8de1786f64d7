"""Activations -> the tags of a track, most probable first, and each tag over time."""

from dataclasses import asdict, dataclass, replace

import numpy as np

from earmark.tagger.model import Activations
from earmark.tagger.tagset import TagGroup, Tagset

CONTENT = "content"  # the group that says whether there is music at all


@dataclass(frozen=True, slots=True)
class TagProbability:
    """One tag of one track. `sure` says whether the probability reaches the tag's threshold."""

    tag: str
    probability: float
    sure: bool


def tags_dict(tags: dict[str, list[TagProbability]]) -> dict:
    """The ``tags`` of the JSON object."""
    return {
        group: [asdict(hit) | {"probability": round(hit.probability, 4)} for hit in hits]
        for group, hits in tags.items()
    }


def rank_tags(tagset: Tagset, activations: Activations) -> dict[str, list[TagProbability]]:
    """Group -> tags of the whole track, most probable first."""
    probabilities = tagset.probabilities(activations.track_logits())
    return gate({group.name: rank(group, probabilities[part]) for group, part in tagset.slices()})


def gate(tags: dict[str, list[TagProbability]]) -> dict[str, list[TagProbability]]:
    """Where a model has a tag ``music`` in a group ``content`` and is not sure of it, nothing else is sure either.

    Speech, noise and silence have no genre; a tagger that never heard them would still name one.
    """
    if any(hit.tag == "music" and not hit.sure for hit in tags.get(CONTENT, [])):
        return {group: [replace(hit, sure=False) for hit in hits] for group, hits in tags.items()}
    return tags


def rank(group: TagGroup, probabilities: np.ndarray) -> list[TagProbability]:
    """The tags of one group, most probable first, from their probabilities [n_tags] in the group's order."""
    order = np.argsort(-np.asarray(probabilities), kind="stable")
    return [
        TagProbability(group.tags[i], float(probabilities[i]), bool(probabilities[i] >= group.threshold[i]))
        for i in order
    ]


def activations_over_time(tagset: Tagset, activations: Activations) -> dict:
    """``times`` in seconds (the centre of each step) and, per ``group/tag``, one probability a step: JSON-ready."""
    probabilities = tagset.probabilities(activations.logits)
    return {
        "times": [round(float(t), 2) for t in activations.times],
        "tags": {name: [round(float(p), 4) for p in probabilities[:, i]] for i, name in enumerate(tagset.names())},
    }
