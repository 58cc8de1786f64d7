"""From a trained network to tags that may be shown: which are supported, their calibration, their thresholds.

Everything is fitted on tracks that are in no training. Calibration and thresholds need the same tracks that figures are
reported on; so figures of calibration are cross-fitted: those of each half of the tracks come from the other's fit.
"""

from dataclasses import dataclass, replace

import numpy as np
from sklearn.metrics import roc_auc_score

from earmark.evaluation.calibration import reliability
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.calibrate import PRECISION, calibrate
from earmark_research.tagger.labels import Targets
from earmark_research.tagger.tags import starter_tagset

MIN_AUC = 0.8  # ROC-AUC on held-out music below which a derived tag is left out
MIN_PATCHES = 5  # held-out patches on which the teachers are sure of a tag; with fewer it is left out
SURE = 0.5  # teachers' probability from which a tag counts as present
MUSIC_PRECISION = 0.98  # of what is called music, where half of all sounds are none
FELT_PRECISION = 0.6  # of named feelings: raters agree too little for more
YES_NO = ("voice/vocals", "character/fast", "character/loud")  # named from .6 on at the earliest
DERIVED_GROUPS = ("instrument", "voice", "era", "character")
FELT = 1.5  # a feeling counts as present from this multiple of its mean share on


@dataclass
class Judged:
    """Held-out tracks or patches, one row each: logits float [n, n_tags] and the truth, NaN where unknown."""

    logits: np.ndarray
    targets: Targets

    def take(self, rows: np.ndarray) -> "Judged":
        """The rows of these numbers."""
        return Judged(self.logits[rows], self.targets.take(rows))


def mean_by_track(values: np.ndarray, track: np.ndarray) -> np.ndarray:
    """Mean of values [n_patches, ..] over the patches of each track that has any, in the order of track numbers."""
    found, row = np.unique(track, return_inverse=True)
    total = np.zeros((len(found), *values.shape[1:]))
    np.add.at(total, row, values)
    return total / np.bincount(row).reshape(-1, *[1] * (values.ndim - 1))


def roc_auc(prediction: np.ndarray, truth: np.ndarray) -> float:
    """Area under the ROC curve of float [n] against bool [n]; NaN where only one class is there."""
    if truth.all() or not truth.any():
        return float("nan")
    return float(roc_auc_score(truth, prediction))


def truth_of(group: TagGroup, judged: Judged) -> np.ndarray:
    """float [n, n_tags of the group], NaN where unknown."""
    t = judged.targets
    if group.name == "genre":
        return t.genre
    if group.name == "mood":
        return t.mood
    if group.name == "content":
        return t.music[:, None]
    if group.name == "scale":
        return t.values
    names = starter_tagset().names()
    first = names.index("instrument/guitar")
    return t.derived[:, [names.index(f"{group.name}/{tag}") - first for tag in group.tags]]


def supported_tags(judged: Judged) -> np.ndarray:
    """Bool [n_tags], rows being patches: a derived tag needs `MIN_PATCHES` sure ones and `MIN_AUC`; all others stay.

    A derived group of which one tag would be left goes: nothing to choose from.
    """
    keep = np.ones(len(starter_tagset()), bool)
    music = judged.targets.music > 0.5
    for group, part in starter_tagset().slices():
        if group.name not in DERIVED_GROUPS:
            continue
        truth = truth_of(group, judged)[music] >= SURE
        z = judged.logits[music][:, part]
        keep[part] = [t.sum() >= MIN_PATCHES and roc_auc(s, t) >= MIN_AUC for s, t in zip(z.T, truth.T, strict=True)]
        keep[part] &= keep[part].sum() > 1
    return keep


def fit_calibration(tagset: Tagset, judged: Judged, patches: Judged) -> Tagset:
    """`tagset` (of the columns of ``judged.logits``) with scale, bias and thresholds.

    Rows of `judged` are tracks, rows of `patches` their patches: a derived tag is seldom sure for a whole track, so its
    threshold comes from patches.
    """
    return Tagset(tuple(_fit_group(group, part, judged, patches) for group, part in tagset.slices()))


def _fit_group(group: TagGroup, part: slice, judged: Judged, patches: Judged) -> TagGroup:
    logits, truth = known_rows(group, part, judged)
    if group.kind == "share":
        return _fit_values(group, logits, truth)
    if group.name == "content":
        logits, truth = balanced(logits, truth)
    fitted = calibrate(group, logits, truth)
    if group.kind == "exclusive":
        return replace(fitted, threshold=(_genre_threshold(fitted, part, judged),) * len(group.tags))
    if group.name == "content":
        p = fitted.probabilities(logits)[:, 0]
        return replace(fitted, threshold=(max(0.5, precision_threshold(p, truth[:, 0] > 0.5, MUSIC_PRECISION)),))
    if group.name in DERIVED_GROUPS:
        logits, truth = known_rows(group, part, patches)
    return replace(fitted, threshold=tuple(_thresholds(group, fitted.probabilities(logits), truth)))


def balanced(logits: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As many rows that are music as rows that are not, since the share among a user's files is unknown."""
    yes, no = (np.flatnonzero(truth[:, 0] == value) for value in (1, 0))
    n = min(len(yes), len(no))
    rows = np.concatenate([part[np.linspace(0, len(part) - 1, n).astype(int)] for part in (yes, no)])
    return logits[rows], truth[rows]


def known_rows(group: TagGroup, part: slice, judged: Judged) -> tuple[np.ndarray, np.ndarray]:
    """Logits and truth of a group on the rows where its truth is known.

    Rows that are no music count for `content` alone. Genres that the labeller could not choose from get a logit of -30.
    """
    truth = truth_of(group, judged)
    rows = ~np.isnan(truth).any(axis=1)
    if group.name != "content":
        rows &= judged.targets.music > 0.5
    logits = judged.logits[rows][:, part].astype(np.float32)
    if group.name == "genre":
        logits = np.where(judged.targets.offered[rows], logits, -30.0).astype(np.float32)
    return logits, truth[rows]


def _genre_threshold(group: TagGroup, part: slice, judged: Judged) -> float:
    """One for all genres, from the rows whose labeller chose among ten, with every genre of ours in the running."""
    rows = (judged.targets.offered.sum(axis=1) >= 10) & ~np.isnan(judged.targets.genre[:, 0])
    p = group.probabilities(judged.logits[rows][:, part].astype(np.float32))
    return precision_threshold(p.max(axis=1), p.argmax(axis=1) == judged.targets.genre[rows].argmax(axis=1))


def _thresholds(group: TagGroup, p: np.ndarray, truth: np.ndarray) -> list[float]:
    mood = group.name == "mood"
    least = FELT * truth.mean(axis=0) if mood else np.full(truth.shape[1], SURE)
    precision = FELT_PRECISION if mood else PRECISION
    found = [
        precision_threshold(column, t >= limit, precision) for column, t, limit in zip(p.T, truth.T, least, strict=True)
    ]
    return [
        max(value, 0.6) if f"{group.name}/{tag}" in YES_NO else value
        for tag, value in zip(group.tags, found, strict=True)
    ]


def precision_threshold(p: np.ndarray, present: np.ndarray, required: float = PRECISION) -> float:
    """The least probability from which a share `required` of at least five rows is right; .99 where there is none.

    p float [n], present bool [n].
    """
    order = np.argsort(-p)
    precision = np.cumsum(present[order]) / np.arange(1, len(p) + 1)
    enough = np.flatnonzero(precision >= required)
    enough = enough[enough >= 4]
    return float(np.floor(p[order][enough[-1]] * 1000) / 1000) if len(enough) else 0.99


def _fit_values(group: TagGroup, z: np.ndarray, truth: np.ndarray) -> TagGroup:
    """A straight line from output to value, by least squares."""
    lines = [np.polyfit(a, b, 1) for a, b in zip(z.T, truth.T, strict=True)]
    return replace(group, scale=tuple(float(a) for a, _ in lines), bias=tuple(float(b) for _, b in lines))


Pairs = tuple[np.ndarray, np.ndarray]
"""Probabilities, and truths or shares, [n] each."""


def cross_fitted(tagset: Tagset, judged: Judged, song: np.ndarray) -> dict[str, Pairs]:
    """Calibrated probabilities of each group but the values: of either half of the songs by the other half's fit.

    Exclusive: the highest against right or wrong. Independent: each against truth or share, over all tags. `song` [n]
    names the recording of each row.
    """
    half = np.unique(song, return_inverse=True)[1] % 2 == 0
    pairs: dict[str, list] = {}
    for fit_on in (half, ~half):
        fitted, rest = judged.take(np.flatnonzero(fit_on)), judged.take(np.flatnonzero(~fit_on))
        for group, part in fit_calibration(tagset, fitted, fitted).slices():
            if group.kind != "share":
                pairs.setdefault(group.name, []).append(_pairs(group, part, rest))
    return {name: tuple(np.concatenate(side) for side in zip(*parts, strict=True)) for name, parts in pairs.items()}


def calibration_errors(pairs: dict[str, Pairs]) -> dict[str, float]:
    """Expected calibration error of each group.

    With few tracks even perfect probabilities have an error; for genres it is given, too.
    """
    errors = {name: reliability(p, t).ece for name, (p, t) in pairs.items()}
    p, _ = pairs["genre"]
    draws = [reliability(p, rng.random(len(p)) < p).ece for rng in map(np.random.default_rng, range(200))]
    return errors | {"genre, if perfectly calibrated": float(np.mean(draws))}


def _pairs(group: TagGroup, part: slice, judged: Judged) -> tuple[np.ndarray, np.ndarray]:
    logits, truth = known_rows(group, part, judged)
    if group.name == "content":
        logits, truth = balanced(logits, truth)
    p = group.probabilities(logits)
    if group.kind == "exclusive":
        return p.max(axis=1), (p.argmax(axis=1) == truth.argmax(axis=1)).astype(float)
    return p.ravel(), truth.ravel()


def select_tags(tagset: Tagset, keep: np.ndarray) -> Tagset:
    """`tagset` with the columns where `keep` bool [n_tags] is true; a group that loses all its tags goes."""
    groups = []
    for group, part in tagset.slices():
        chosen = np.flatnonzero(keep[part])
        if len(chosen):
            values = {f: tuple(getattr(group, f)[i] for i in chosen)
                      for f in ("tags", "scale", "bias", "threshold", "definition", "support", "half")}  # fmt: skip
            groups.append(replace(group, **values))
    return Tagset(tuple(groups))
