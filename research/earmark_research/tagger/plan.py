"""Which tracks are learned from and which are kept aside."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from earmark_research.tagger.corpus import Corpus, source_of
from earmark_research.tagger.labels import read_rows

LABELLED = {"gtzan": "gtzan_partial", "emotify": "emotify"}  # source -> folder of the data

Rows = dict[str, dict[str, str]]
"""``source/path`` of a labelled track -> its row of tracks.csv."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured on and kept from training.

    Attributes
    ----------
    sources : cache folders that are learned from; ``gtzan`` and ``emotify`` bring labels
    held_folds : folds of Emotify that no training uses, neither labels nor sound
    held_music : parts of paths that no training uses
    """

    sources: tuple[str, ...]
    held_folds: tuple[str, ...]
    held_music: tuple[str, ...]


def label_rows(data: Path) -> Rows:
    """The labels of both labelled sources under the folder `data`."""
    return {
        f"{source}/{path}": row
        for source, folder in LABELLED.items()
        for path, row in read_rows(Path(data) / folder / "tracks.csv").items()
    }


def swap_held_folds(plan: Plan, rows: Rows) -> Plan:
    """The plan that holds the other folds of Emotify: each fold is held by one of the two."""
    folds = {row["fold"] for path, row in rows.items() if source_of(path) == "emotify"}
    return replace(plan, held_folds=tuple(sorted(folds.difference(plan.held_folds))))


def is_held(path: str, rows: Rows, plan: Plan) -> bool:
    """Whether the track ``source/path`` is kept from training: GTZAN's valid split, held folds, held music."""
    source = source_of(path)
    if source == "gtzan":
        return rows[path]["split"] != "train"
    if source == "emotify":
        return rows[path]["fold"] in plan.held_folds
    return source == "cc" or any(part in path for part in plan.held_music)


def held_tracks(corpus: Corpus, rows: Rows, plan: Plan) -> np.ndarray:
    """Bool [n_tracks], the tracks that are held."""
    return np.array([is_held(path, rows, plan) for path in corpus.paths])


def artist(path: str, rows: Rows) -> str:
    """Who made a track, where its label row names somebody; else the track itself."""
    return rows.get(path, {}).get("artist") or path


def song(path: str, rows: Rows) -> str:
    """The recording that a track is of, where its label row names it; else the track itself."""
    return f"{source_of(path)}/{rows[path]['song']}" if path in rows else path
