"""The figures of a model's tags on held-out tracks and patches, for its metadata."""

from dataclasses import astuple

import numpy as np

from earmark.evaluation.calibration import Reliability
from earmark_research.tagger.calibration import DERIVED_GROUPS, SURE, Judged, known_rows, roc_auc
from earmark_research.tagger.corpus import source_of
from earmark_research.tagger.labels import GENRES_OF
from earmark_research.tagger.losses import PARTS
from earmark_research.tagger.tags import GENRES, starter_tagset


def measure(tracks: Judged, patches: Judged, paths: list[str]) -> dict:
    """Figures of uncalibrated outputs, rounded; `paths` are those of the tracks."""
    found = genre_figures(tracks, np.array([source_of(path) for path in paths]))
    for name in ("mood", "scale"):
        found[f"{name}_r"] = rounded(correlations(name, tracks))
    found["agreement_auc"] = rounded(agreement(patches))
    music_auc = roc_auc(patches.logits[:, PARTS["content"]][:, 0], patches.targets.music > 0.5)
    return rounded(found | {"music_auc": music_auc})


def genre_figures(tracks: Judged, source: np.ndarray) -> dict[str, float]:
    """Accuracy on each labelled source [n_tracks], among its own genres, and the share of its commonest genre."""
    found = {}
    for name, allowed in GENRES_OF.items():
        rows = source == name
        offered = np.array([genre in allowed for genre in GENRES])
        z = np.where(offered, tracks.logits[rows][:, PARTS["genre"]], -np.inf)
        truth = tracks.targets.genre[rows]
        found[f"genre_accuracy_{name}"] = float((z.argmax(axis=1) == truth.argmax(axis=1)).mean())
        found[f"genre_majority_{name}"] = float(truth.mean(axis=0).max())
    return found


def correlations(name: str, tracks: Judged) -> dict[str, float]:
    """Pearson r of each tag of a group with the listeners."""
    group, part = next((group, part) for group, part in starter_tagset().slices() if group.name == name)
    z, truth = known_rows(group, part, tracks)
    return {tag: float(np.corrcoef(a, b)[0, 1]) for tag, a, b in zip(group.tags, z.T, truth.T, strict=True)}


def agreement(patches: Judged) -> dict[str, float]:
    """ROC-AUC of each derived tag against a teachers' probability of at least .5, where there is any."""
    found = {}
    for group, part in starter_tagset().slices():
        if group.name not in DERIVED_GROUPS:
            continue
        z, truth = known_rows(group, part, patches)
        for tag, a, t in zip(group.tags, z.T, truth.T, strict=True):
            if (t >= SURE).any():
                found[f"{group.name}/{tag}"] = roc_auc(a, t >= SURE)
    return found | {"macro": float(np.mean(list(found.values())))}


def as_lists(found: Reliability) -> dict[str, list]:
    """A reliability diagram: mean probability, share that was right, and number of rows, per bin with any."""
    _, count, predicted, observed = astuple(found)
    columns = {"said": predicted, "held": observed, "count": count}  # the names in the files that are out there
    return {name: np.round(values[count > 0], 3).tolist() for name, values in columns.items()}


def rounded(values: dict) -> dict:
    """Numbers to three places; what is no float stays."""
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in values.items()}
