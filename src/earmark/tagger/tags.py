"""Activations -> the tags of a track, most probable first, and each tag over time."""

from dataclasses import dataclass

import numpy as np

from earmark.tagger.model import Activations
from earmark.tagger.tagset import TagGroup, Tagset

CONTENT = "content"  # the group that says whether there is music at all


@dataclass(frozen=True, slots=True)
class TagProbability:
    """One tag of one track.

    Attributes
    ----------
    tag : name within its group
    probability : calibrated, 0..1; for a group of kind ``value`` the number itself
    sure : whether the probability reaches the tag's threshold, and would if the logit were less by its margin
    """

    tag: str
    probability: float
    sure: bool


def tags_dict(tags: dict[str, list[TagProbability]]) -> dict:
    """The ``tags`` of the JSON object: group -> tags, with probabilities rounded to four digits."""
    return {
        group: [{"tag": hit.tag, "probability": round(hit.probability, 4), "sure": hit.sure} for hit in hits]
        for group, hits in tags.items()
    }


def rank_tags(tagset: Tagset, activations: Activations) -> dict[str, list[TagProbability]]:
    """Group -> tags of the whole track, most probable first, after `gate`."""
    probabilities = tagset.probabilities(activations.track_logits())
    margin = np.zeros(len(tagset)) if activations.margin is None else activations.margin
    return gate({group.name: rank(group, probabilities[part], margin[part]) for group, part in tagset.slices()})


def gate(tags: dict[str, list[TagProbability]]) -> dict[str, list[TagProbability]]:
    """Mark every tag as unsure where a group ``content`` has a tag ``music`` and that one is unsure.

    Speech, noise and silence have no genre, but a network trained on music alone would still name one.
    """
    if any(hit.tag == "music" and not hit.sure for hit in tags.get(CONTENT, [])):
        return {group: [unsure(hit) for hit in hits] for group, hits in tags.items()}
    return tags


def unsure(hit: TagProbability) -> TagProbability:
    """The same tag, not sure."""
    return TagProbability(hit.tag, hit.probability, False) if hit.sure else hit


def rank(group: TagGroup, probabilities: np.ndarray, margin: np.ndarray | float = 0.0) -> list[TagProbability]:
    """The tags of one group, most probable first.

    Parameters
    ----------
    probabilities : float [n_tags of the group], in the group's order
    margin : of the logits, as in `earmark.tagger.model.Activations`
    """
    if isinstance(margin, float) and not margin:  # as of tracks that are read from a catalogue, in a tenth of the time
        values = np.asarray(probabilities).tolist()
        ranked = sorted(range(len(values)), key=values.__getitem__, reverse=True)
        return [TagProbability(group.tags[i], values[i], values[i] >= group.threshold[i]) for i in ranked]
    probabilities = np.asarray(probabilities)
    sure = group.lowered(probabilities, margin) >= np.asarray(group.threshold)
    order = np.argsort(-probabilities, kind="stable")
    return [TagProbability(group.tags[i], float(probabilities[i]), bool(sure[i])) for i in order]


def activations_over_time(tagset: Tagset, activations: Activations) -> dict:
    """Each tag's probability over time, for JSON.

    Returns
    -------
    ``times``: seconds, the centre of each step; ``tags``: ``group/tag`` -> a probability for each step
    """
    probabilities = tagset.probabilities(activations.logits)
    return {
        "times": [round(float(t), 2) for t in activations.times],
        "tags": {name: [round(float(p), 4) for p in probabilities[:, i]] for i, name in enumerate(tagset.names())},
    }
