"""Calibration and thresholds of every tag, for any length of sound; fitted on tracks that no head was fitted on.

A part of a track counts like a track of its length. `half`, the seconds after which evidence counts half, is fitted
for genres and feelings, whose truth is told by people; the other tags follow what musicnn's networks say of the sound,
but for moods that go with a feeling: listeners write so few of these tags that musicnn hardly ever reaches .1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from earmark.evaluation.calibration import reliability
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.calibrate import calibrate
from earmark_research.profiles.vocabulary import GROUPS, KINDS, VOCABULARY, Entry
from earmark_research.tagger.calibration import FELT, FELT_PRECISION, PRECISION, precision_threshold
from earmark_research.tagger.tags import FEELINGS

HALVES = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0)  # seconds, of which the best is taken
LEAST_GENRE = 0.35  # no genre is named that is wrong twice as often as right
NAMED_FROM = {"style": 0.2, "mood": 0.2, "instrument": 0.3, "voice": 0.3, "era": 0.3, "character": 0.3, "use": 0.3}
"""Group -> probability from which its tags are named, by what musicnn's networks say. Listeners of Last.fm tag styles
so sparsely that one in five is much: five times the average and more."""
NAMED_FROM_TAG = {"style/techno": 0.5, "style/indian classical": 0.3, "style/opera": 0.3, "style/choral": 0.3}
"""The same for styles of MagnaTagATune; it has no hip-hop, and its network calls much of it techno."""
YES_NO = ("voice/vocals", "voice/instrumental", "character/fast", "character/slow", "character/loud", "character/quiet")
YES_NO_FROM = 0.6
LIKE_FEELING = {"happy": "joyful_activation", "sad": "sadness", "mellow": "calmness", "chill": "calmness",
                "beautiful": "tenderness", "party": "joyful_activation"}  # fmt: skip
"""Mood -> feeling of Emotify whose share of raters its probability is fitted to."""


@dataclass(frozen=True)
class Judged:
    """Parts of tracks, one a row.

    Attributes
    ----------
    logits : float [n, n_tags], not tempered
    seconds : float [n]
    weight : float [n]; those of the parts of one track add up to 1
    genre : int [n], -1 where unknown
    offered : bool [n, n_genres], that the labeller could choose from
    felt : float [n, 9], shares of raters; NaN where unknown
    said : float [n, n_tags], what musicnn's networks say; NaN for other tags
    whole : bool [n], all of a track
    """

    logits: np.ndarray
    seconds: np.ndarray
    weight: np.ndarray
    genre: np.ndarray
    offered: np.ndarray
    felt: np.ndarray
    said: np.ndarray
    whole: np.ndarray

    def take(self, rows: np.ndarray) -> "Judged":
        """Rows by numbers or a mask."""
        return Judged(*(value[rows] for value in vars(self).values()))

    def join(self, other: "Judged") -> "Judged":
        """Both, one after the other."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Judged(*(np.concatenate(pair) for pair in pairs))


def plain_tagset() -> Tagset:
    """Every tag, uncalibrated."""
    groups = []
    for name in GROUPS:
        entries = [entry for entry in VOCABULARY if entry.group == name]
        names, texts = tuple(e.name for e in entries), tuple(e.definition for e in entries)
        groups.append(TagGroup(name, names, KINDS.get(name, "independent"), definition=texts))
    return Tagset(tuple(groups))


def fit_tagset(judged: Judged, known: dict[str, TagGroup]) -> Tagset:
    """The tagset with scale, bias, half and thresholds.

    Parameters
    ----------
    known : groups whose calibration is taken as it is: ``content`` and ``scale``
    """
    return Tagset(tuple(_fit(group, part, judged, known) for group, part in plain_tagset().slices()))


def _fit(group: TagGroup, part: slice, judged: Judged, known: dict[str, TagGroup]) -> TagGroup:
    if group.name in known:
        return _copied(group, known[group.name])
    if group.name == "genre":
        return fit_genre(group, judged, judged.logits[:, part])
    rows = [_fit_tag(judged, i) for i in range(part.start, part.stop) if VOCABULARY[i].name not in FEELINGS]
    rows = (fit_felt(judged, judged.logits[:, part]) if group.name == "mood" else []) + rows
    return replace(group, **dict(zip(("scale", "bias", "threshold", "half"), zip(*rows, strict=True), strict=True)))


def _fit_tag(judged: Judged, column: int) -> tuple[float, float, float, float]:
    name = VOCABULARY[column].name
    return fit_like(judged, column, LIKE_FEELING[name]) if name in LIKE_FEELING else fit_said(judged, column)


def _copied(group: TagGroup, known: TagGroup) -> TagGroup:
    numbers = [known.tags.index(tag) for tag in group.tags]
    values = {name: tuple(getattr(known, name)[i] for i in numbers) for name in ("scale", "bias", "threshold")}
    return replace(group, **values)


def temper(logits: np.ndarray, seconds: np.ndarray, half: float) -> np.ndarray:
    """Logits [n, ..] weighted by seconds [n], as `Tagset.temper`."""
    return logits * (seconds / (seconds + half))[:, None]


def fit_genre(group: TagGroup, judged: Judged, logits: np.ndarray) -> TagGroup:
    """One scale and one half for all genres by least negative log-likelihood; one threshold."""
    rows = judged.genre >= 0
    z = np.where(judged.offered, logits, -30.0)[rows]
    truth, weight, heard = judged.genre[rows], judged.weight[rows], judged.seconds[rows]

    def loss(values: np.ndarray) -> float:
        t = np.exp(values[0]) * temper(z, heard, np.exp(values[1]))
        t = t - t.max(axis=1, keepdims=True)
        right = t[np.arange(len(t)), truth] - np.log(np.exp(t).sum(axis=1))
        return float(-(weight * right).sum())

    scale, half = np.exp(minimize(loss, np.zeros(2), method="Nelder-Mead").x)
    n = len(group.tags)
    fitted = replace(group, scale=(float(scale),) * n, half=(float(half),) * n)
    return replace(fitted, threshold=(genre_threshold(fitted, judged, logits),) * n)


def genre_threshold(group: TagGroup, judged: Judged, logits: np.ndarray) -> float:
    """From the rows whose labeller chose among ten, with every genre of ours in the running."""
    rows = (judged.genre >= 0) & (judged.offered.sum(axis=1) >= 10) & judged.whole
    p = group.probabilities(temper(logits, judged.seconds, group.half[0])[rows].astype(np.float32))
    return max(LEAST_GENRE, precision_threshold(p.max(axis=1), p.argmax(axis=1) == judged.genre[rows], PRECISION))


def fit_felt(judged: Judged, logits: np.ndarray) -> list[tuple[float, float, float, float]]:
    """Scale, bias, threshold and half of each feeling; `half` is one for all."""
    rows = ~np.isnan(judged.felt[:, 0])
    z, truth, heard = logits[rows][:, : len(FEELINGS)], judged.felt[rows], judged.seconds[rows]
    group = TagGroup("mood", FEELINGS)
    fits = [(half, calibrate(group, temper(z, heard, half), truth)) for half in HALVES]
    half, best = min(fits, key=lambda fit: _cross_entropy(fit[1].probabilities(temper(z, heard, fit[0])), truth))
    p, whole = best.probabilities(temper(z, heard, half)), judged.whole[rows]
    found = [felt_threshold(c[whole], t[whole]) for c, t in zip(p.T, truth.T, strict=True)]
    return list(zip(best.scale, best.bias, found, (half,) * len(FEELINGS), strict=True))


def felt_threshold(p: np.ndarray, share: np.ndarray) -> float:
    """Of p [n] against shares of raters [n]: what is named is felt clearly more than on average."""
    return precision_threshold(p, share >= FELT * share.mean(), FELT_PRECISION)


def fit_like(judged: Judged, column: int, feeling: str) -> tuple[float, float, float, float]:
    """Scale, bias, threshold and half (0) of a mood, fitted to the share of raters who felt `feeling`."""
    rows = ~np.isnan(judged.felt[:, 0])
    z, share = judged.logits[rows, column : column + 1], judged.felt[rows, FEELINGS.index(feeling)]
    group = calibrate(TagGroup("mood", (feeling,)), z - z.mean(), share[:, None])
    whole, scale = judged.whole[rows], group.scale[0]
    p = group.probabilities(z - z.mean())[:, 0]
    return scale, float(group.bias[0] - scale * z.mean()), felt_threshold(p[whole], share[whole]), 0.0


def _cross_entropy(p: np.ndarray, truth: np.ndarray) -> float:
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return float(-(truth * np.log(p) + (1 - truth) * np.log(1 - p)).mean())


def fit_said(judged: Judged, column: int) -> tuple[float, float, float, float]:
    """Scale, bias, threshold and half (0) of one tag, after what musicnn's networks say."""
    z, said = judged.logits[:, column : column + 1], judged.said[:, column : column + 1]
    group = calibrate(TagGroup("said", ("tag",)), z, said)
    return group.scale[0], group.bias[0], named_from(VOCABULARY[column]), 0.0


def named_from(entry: Entry) -> float:
    """The probability from which a tag that follows musicnn's networks is named."""
    if entry.full_name in YES_NO:
        return YES_NO_FROM
    return NAMED_FROM_TAG.get(entry.full_name, NAMED_FROM[entry.group])


# ---------------------------------------------------------------- figures


Pairs = dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Group -> probabilities, truths or shares, and seconds heard, [n] each."""


def tempered(tagset: Tagset, judged: Judged) -> np.ndarray:
    """float32 [n, n_tags], logits as `Model.run` gives them."""
    half = np.array([half for group in tagset.groups for half in group.half])
    return (judged.logits * (judged.seconds[:, None] / (judged.seconds[:, None] + half))).astype(np.float32)


def pairs(tagset: Tagset, judged: Judged) -> Pairs:
    """Of exclusive groups the highest probability, and whether it is right; of the others every tag."""
    z, found = tempered(tagset, judged), {}
    for group, part in tagset.slices():
        if group.name == "genre":
            rows = judged.genre >= 0
            p = group.probabilities(np.where(judged.offered, z[:, part], -30)[rows])
            right = (p.argmax(axis=1) == judged.genre[rows]).astype(float)
            found[group.name] = p.max(axis=1), right, judged.seconds[rows]
        elif group.kind == "independent" and group.name != "content":
            truth = truths(group, judged.said[:, part], judged.felt)
            p, known = group.probabilities(z[:, part]), ~np.isnan(truth)
            found[group.name] = p[known], truth[known], np.broadcast_to(judged.seconds[:, None], p.shape)[known]
    return found


def truths(group: TagGroup, said: np.ndarray, felt: np.ndarray) -> np.ndarray:
    """What each tag of a group was fitted to, [n, n_tags of the group]."""
    named = {name: felt[:, FEELINGS.index(LIKE_FEELING.get(name, name))] for name in (*FEELINGS, *LIKE_FEELING)}
    return np.stack([named[tag] if group.name == "mood" and tag in named else said[:, k]
                     for k, tag in enumerate(group.tags)], axis=1)  # fmt: skip


def cross_fitted(judged: Judged, song: np.ndarray, known: dict[str, TagGroup]) -> Pairs:
    """`pairs` of either half of the songs by a tagset that was fitted on the other half; song [n] names recordings."""
    half = np.unique(song, return_inverse=True)[1] % 2 == 0
    parts = [pairs(fit_tagset(judged.take(fit), known), judged.take(~fit)) for fit in (half, ~half)]
    return {name: tuple(map(np.concatenate, zip(parts[0][name], parts[1][name], strict=True))) for name in parts[0]}


def cross_fitted_on(judged: Judged, held: np.ndarray, known: dict[str, TagGroup]) -> Pairs:
    """`pairs` of what is `held` bool [n], by a tagset that was fitted on all the rest."""
    return pairs(fit_tagset(judged.take(~held), known), judged.take(held))


def errors(found: Pairs) -> dict[str, float]:
    """Expected calibration error of each group that has any rows."""
    return {name: reliability(p, t).ece for name, (p, t, _) in found.items() if len(p)}


def by_length(found: Pairs, edges: Sequence[float] = (0, 4, 12, 35, 1e9)) -> dict[str, dict[str, float]]:
    """`errors` by the seconds that were heard; ``tracks``: how many parts of tracks of that length there are."""
    table = {}
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        some = {name: tuple(x[(s >= low) & (s < high)] for x in (p, t, s)) for name, (p, t, s) in found.items()}
        label = f"{low:g}-{high:g} s" if high < 1e9 else f"{low:g} s and more"
        table[label] = errors(some) | {"tracks": len(some["genre"][0])}
    return table


def expected_precision(tagset: Tagset, judged: Judged) -> dict[str, list]:
    """Tag that follows musicnn's networks -> what they say of the whole tracks it is named for: mean, and how many."""
    whole = judged.take(judged.whole)
    p, found = tagset.probabilities(tempered(tagset, whole)), {}
    thresholds = [t for group in tagset.groups for t in group.threshold]
    for i, entry in enumerate(VOCABULARY):
        named = p[:, i] >= thresholds[i]
        if not np.isnan(whole.said[:, i]).any() and entry.name not in LIKE_FEELING:
            found[entry.full_name] = [float(whole.said[named, i].mean()) if named.any() else None, int(named.sum())]
    return found
