"""What the tags of a model are chosen, calibrated and measured on: predictions for tracks that it was not fitted on."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.model_selection import GroupKFold

from earmark_research.tagger.calibration import Judged, mean_by_track
from earmark_research.tagger.corpus import Corpus, load, spread_evenly
from earmark_research.tagger.heads import fit_head
from earmark_research.tagger.labels import HELD_NOISE, LEARNED_NOISE, Targets, make_targets
from earmark_research.tagger.losses import N_TAGS
from earmark_research.tagger.plan import LABELLED, Plan, Rows, artist, held_tracks

HELD_MUSIC = ("cc",)  # cache folders of music that is only measured on
# Sources of sound that no microphone recorded: they are learned from, but not measured on.
SYNTHETIC = ("rendered", "sung", "mixed", "mixed_sung", "mixed_gtzan")
FOLDS = 4  # of the labelled tracks that were learned from, for calibration


@dataclass
class Predictions:
    """Logits float32 [n, n_tags] and targets of patches; `track` int [n] are rows of `paths`."""

    logits: np.ndarray
    targets: Targets
    track: np.ndarray
    paths: list[str]

    def take(self, rows: np.ndarray) -> "Predictions":
        """The patches at `rows`; tracks keep their numbers."""
        return Predictions(self.logits[rows], self.targets.take(rows), self.track[rows], self.paths)

    def join(self, other: "Predictions") -> "Predictions":
        """Both, one after the other."""
        return Predictions(
            np.concatenate([self.logits, other.logits]),
            self.targets.join(other.targets),
            np.concatenate([self.track, other.track + len(self.paths)]),
            self.paths + other.paths,
        )

    def of_tracks(self, chosen: np.ndarray) -> "Predictions":
        """The patches of tracks where `chosen` bool [n_tracks] is true."""
        return self.take(np.flatnonzero(chosen[self.track]))

    def track_paths(self) -> list[str]:
        """Of the tracks that have patches, in the order of `by_track`."""
        return [self.paths[i] for i in np.unique(self.track)]

    def by_track(self) -> Judged:
        """A row for each track that has patches: means over them."""
        means = Targets(*(mean_by_track(value, self.track) for value in vars(self.targets).values()))
        means.offered = means.offered > 0.5
        return Judged(mean_by_track(self.logits, self.track), means)

    def by_patch(self) -> Judged:
        """A row for each patch."""
        return Judged(self.logits, self.targets)


def learned_part(cache: Path, rows: Rows, plan: Plan) -> tuple[Corpus, Targets]:
    """What linear heads are fitted on: labelled music with its labels, as much without, and noise; nothing held."""
    noise_present = (name for name in LEARNED_NOISE if (cache / name).is_dir())
    corpus = load(cache, list(dict.fromkeys((*plan.sources, *noise_present))))
    held = held_tracks(corpus, rows, plan)
    source, free = corpus.sources[corpus.track], ~held[corpus.track]
    labelled, noise = (free & np.isin(source, names) for names in (list(LABELLED), LEARNED_NOISE))
    spare = np.flatnonzero(free & ~labelled & ~noise)
    spare = spare[spread_evenly(len(spare), np.count_nonzero(labelled))]  # more of it would outweigh the labels
    learned = corpus.take(np.sort(np.concatenate([np.flatnonzero(labelled | noise), spare])))
    return learned, make_targets(learned, rows, ~held)


def held_out_part(cache: Path, rows: Rows, plan: Plan) -> tuple[Corpus, Targets]:
    """Music and noise that are in no training, with all their labels."""
    extra = HELD_MUSIC + HELD_NOISE
    sources = [name for name in (*plan.sources, *extra) if name not in SYNTHETIC and (cache / name).is_dir()]
    corpus = load(cache, sources)
    held = np.isin(corpus.sources, extra) | held_tracks(corpus, rows, plan)
    kept = corpus.take(np.flatnonzero(held[corpus.track]))
    return kept, make_targets(kept, rows, held)


def predict_out_of_fold(X: np.ndarray, learned: Corpus, targets: Targets, rows: Rows, decay: float) -> Predictions:
    """Logits of the labelled patches, of each artist's by a head that was fitted on the other artists.

    X [n, dim] are embeddings of the patches of `learned`. Where the network itself was not trained on these tracks,
    calibration may use them like those that are held, and they are many more.
    """
    labelled = np.isin(learned.sources[learned.track], list(LABELLED))
    artists = np.array([artist(path, rows) for path in learned.paths])[learned.track]
    predictions = Predictions(np.zeros((len(X), N_TAGS), np.float32), targets, learned.track, learned.paths)
    for fitted, rest in GroupKFold(FOLDS).split(X, groups=artists):
        weight, bias = fit_head(X[fitted], targets.take(fitted), decay)
        predictions.logits[rest] = X[rest] @ weight + bias
    return predictions.take(np.flatnonzero(labelled))
