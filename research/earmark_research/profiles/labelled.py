"""Labelled tracks as the profiles hear them: estimates of every tag for any part of a track, and what is true of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from sklearn.model_selection import GroupKFold

from earmark.tagger.combined import AUDIBLE, spread_evenly
from earmark_research.profiles.heads import combine_tags
from earmark_research.profiles.hear import Heard
from earmark_research.profiles.space import Linear
from earmark_research.profiles.vocabulary import VOCABULARY, Entry
from earmark_research.tagger.corpus import Corpus
from earmark_research.tagger.heads import fit_head
from earmark_research.tagger.labels import make_targets
from earmark_research.tagger.package import ACCURATE_DECAY, LAST_DECAY
from earmark_research.tagger.plan import Rows, artist
from earmark_research.tagger.tags import DERIVED, Derived, derived_target, starter_tagset

FOLDS = 4
PATCHES = 10  # of a track that heads are fitted on, as when the heads that ship were fitted
FRAME_RATE = 62.5
LENGTHS = (1, 2, 5, 10, 20)  # patches; parts of these lengths are judged besides the whole


@dataclass(frozen=True)
class Maps:
    """Raw embeddings of the small and of the accurate network -> logits of every tag."""

    small: Linear
    accurate: Linear


Estimate = Callable[[Heard, Maps], np.ndarray]
"""Logits [n_tags] of a track."""


def fast(track: Heard, maps: Maps) -> np.ndarray:
    """The small network alone."""
    return np.average(maps.small(track.small), axis=0, weights=track.steps)


def accurate(track: Heard, maps: Maps) -> np.ndarray:
    """The accurate networks, everywhere."""
    return maps.accurate(track.accurate).mean(axis=0)


def combination(n_patches: int) -> Estimate:
    """The small network, corrected by the accurate ones at so many patches; as `earmark.tagger.combined` does it."""

    def estimate(track: Heard, maps: Maps) -> np.ndarray:
        there = np.flatnonzero(track.level > AUDIBLE)
        there = there if len(there) else np.arange(len(track.level))
        chosen = there[spread_evenly(len(there), n_patches)]
        wrong = maps.accurate(track.accurate[chosen]) - maps.small(track.small[chosen])
        return fast(track, maps) + wrong.mean(axis=0)

    return estimate


def part_of(track: Heard, start: int, n: int) -> Heard:
    """n patches of a track from `start` on."""
    arrays = {name: value[start : start + n] for name, value in vars(track).items() if isinstance(value, np.ndarray)}
    length = track.frames / len(track.level)
    return replace(track, **arrays, frames=round(length * len(arrays["level"])))


def parts(track: Heard) -> list[Heard]:
    """The middle of a track in each of `LENGTHS` that it has, and all of it."""
    n = len(track.level)
    return [part_of(track, (n - length) // 2, length) for length in LENGTHS if length < n] + [track]


def seconds(track: Heard) -> float:
    """Of sound that were heard."""
    return track.frames / FRAME_RATE


def corpus_of(tracks: list[Heard], names: list[str], at_most: int = PATCHES) -> Corpus:
    """Their patches as the code that fits heads takes them; of the sound only the level is kept."""
    rows = [spread_evenly(len(track.level), at_most) for track in tracks]
    join = {
        name: np.concatenate([getattr(track, name)[keep] for track, keep in zip(tracks, rows, strict=True)])
        for name in ("level", "tags", "accurate")
    }
    track = np.repeat(np.arange(len(tracks)), [len(keep) for keep in rows])
    return Corpus(join["level"][:, None, None], sigmoid(join["tags"]), join["accurate"], track, names)


def sigmoid(z: np.ndarray) -> np.ndarray:
    """Logits -> probabilities."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def out_of_fold(
    tracks: list[Heard], names: list[str], rows: Rows, tags: tuple[Linear, Linear]
) -> list[tuple[np.ndarray, Maps]]:
    """Numbers of the tracks of each fold, and the maps that are fitted on the others; no artist is in two folds.

    Parameters
    ----------
    names : ``source/path`` of the tracks
    tags : maps of the small and of the accurate network to musicnn's 150 tags, which no label of ours entered
    """
    corpus = corpus_of(tracks, names)
    targets = make_targets(corpus, rows, np.ones(len(tracks), bool))
    small = np.concatenate([track.small[spread_evenly(len(track.level), PATCHES)] for track in tracks])
    artists = np.array([artist(name, rows) for name in names])
    own, found = starter_tagset().names(), []
    for fitted, rest in GroupKFold(FOLDS).split(corpus.embedding, groups=artists[corpus.track]):
        heads = [
            Linear(*(part.astype(np.float64) for part in fit_head(X[fitted], targets.take(fitted), decay)))
            for X, decay in ((small, LAST_DECAY), (corpus.embedding, ACCURATE_DECAY))
        ]
        maps = [combine_tags(known, own, head) for known, head in zip(tags, heads, strict=True)]
        found.append((np.unique(corpus.track[rest]), Maps(*maps)))
    return found


def musicnn_says(track: Heard) -> np.ndarray:
    """float [n_tags], what musicnn's networks say of each tag that rests on theirs, over all patches; NaN elsewhere."""
    probabilities = sigmoid(track.tags)
    return np.array([_mean_target(entry, probabilities) for entry in VOCABULARY])


def _mean_target(entry: Entry, probabilities: np.ndarray) -> float:
    tag = next((tag for tag in DERIVED if (tag.group, tag.name) == (entry.group, entry.name)), None)
    if entry.positive:
        tag = Derived(entry.group, entry.name, "", entry.positive, entry.negative)
    return float(derived_target(tag, probabilities).mean()) if tag else np.nan
