"""When a tag is heard: the passages of a track in which its probability is high, and what each adds to its logit.

The logit of a track is the mean over its steps, so that what a passage adds is known exactly: the sum of its steps by
their number in all.
"""

from dataclasses import asdict, dataclass

import numpy as np

from earmark.analysis import Analysis
from earmark.errors import NotFound

MOST = 20  # passages
OF_TAGS = ("scale", "bias", "threshold")  # what a tagset has for every tag


@dataclass(frozen=True)
class Passage:
    """A stretch in which a tag is heard.

    Attributes
    ----------
    start, end : seconds
    probability, peak : of the tag there, the mean of its steps and the highest
    logit : what the passage adds to the calibrated logit of the track, to which all steps add up
    share : its part of what the logit rises by above its lowest moment; that of a whole track is 1
    """

    start: float
    end: float
    probability: float
    peak: float
    logit: float = 0.0
    share: float = 0.0


@dataclass(frozen=True)
class Evidence:
    """Why a track has a tag.

    Attributes
    ----------
    track_id : of the track
    tag : ``group/tag``
    line : the probability that passages lie above; None where nothing could be told
    probability, logit : of the track, calibrated; None as `line`
    passages : the strongest first, `MOST` at most
    """

    track_id: str
    tag: str
    line: float | None = None
    probability: float | None = None
    logit: float | None = None
    passages: tuple[Passage, ...] = ()

    def to_dict(self) -> dict:
        """JSON-ready, numbers rounded to four digits."""
        numbers = {name: getattr(self, name) for name in ("line", "probability", "logit")}
        found = {"track_id": self.track_id, "tag": self.tag}
        found |= {name: None if x is None else round(x, 4) for name, x in numbers.items()}
        shown = [{name: round(value, 4) for name, value in asdict(passage).items()} for passage in self.passages]
        return found | {"passages": shown}


def evidence(analysis: Analysis, tag: str) -> dict:
    """`find_evidence` as JSON."""
    return find_evidence(analysis, tag).to_dict()


def find_evidence(analysis: Analysis, tag: str) -> Evidence:
    """The passages of a tag (``group/tag``) that lie above its line, the strongest first.

    The line is the tag's threshold, or half of the highest probability where that is lower, so that a tag that is
    unsure everywhere has its strongest passages too. Needs an analysis with its activations.

    Raises
    ------
    NotFound : the model has no such tag
    """
    tagset = analysis.tagset
    names = tagset.names()
    if tag not in names:
        raise NotFound(tag, f"no tag of model {analysis.model_id!r}", "Give one as group/tag, such as genre/jazz.")
    if not any(analysis.tags.values()):
        return Evidence(analysis.track_id, tag)
    i, heard = names.index(tag), analysis.activations
    curve = tagset.probabilities(heard.logits)[:, i]
    scale, bias, threshold = ([x for group in tagset.groups for x in getattr(group, name)][i] for name in OF_TAGS)
    line = min(threshold or 1.0, 0.5 * float(curve.max()))
    logits = scale * heard.logits[:, i].astype(float) + bias
    passages = _above(np.asarray(heard.times, float), curve, logits, line, analysis.analysed)
    strongest = tuple(sorted(passages, key=lambda found: -found.peak)[:MOST])
    whole = float(tagset.probabilities(heard.track_logits())[i])
    return Evidence(analysis.track_id, tag, line, whole, float(logits.mean()), strongest)


def _above(times: np.ndarray, curve: np.ndarray, logits: np.ndarray, line: float, end: float) -> list[Passage]:
    """Runs of steps above the line; a step reaches half way to its neighbours, the first and the last to the ends."""
    rise = logits - logits.min()
    rise = rise / rise.sum() if rise.any() else np.full(len(logits), 1 / len(logits))
    edges = np.concatenate([[0.0], (times[1:] + times[:-1]) / 2, [max(end, times[-1])]])
    flags = np.concatenate([[False], curve >= line, [False]])
    starts, ends = np.flatnonzero(flags[1:] & ~flags[:-1]), np.flatnonzero(~flags[1:] & flags[:-1])
    return [
        Passage(
            float(edges[a]), float(edges[b]), float(curve[a:b].mean()), float(curve[a:b].max()),
            float(logits[a:b].sum() / len(logits)), float(rise[a:b].sum()),
        )
        for a, b in zip(starts, ends, strict=True)
    ]  # fmt: skip
