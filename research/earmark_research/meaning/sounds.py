"""Concepts -> directions in the space of embeddings, and how music is spread there; no label of a track is used."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.audio.listen import listen
from earmark.explore.meaning.concepts import concepts
from earmark.tagger.model import Model
from earmark_research.progress import PrintedProgress

DECAY = 1e-3  # share of the mean variance


@dataclass(frozen=True)
class Reference:
    """What a model heard of many tracks: embedding [n, dim], logits [n, n_tags]."""

    embedding: np.ndarray
    logits: np.ndarray


@dataclass(frozen=True)
class Space:
    """The arrays of the map that are about sound; see `earmark.explore.meaning.soundmap.SoundMap`."""

    mean: np.ndarray
    unit_mean: np.ndarray
    unit_covariance: np.ndarray
    tag_directions: np.ndarray
    concept_directions: np.ndarray


def reference_files(manifests: list[Path]) -> list[Path]:
    """The files of manifests, but for those of a split that is not ``train``."""
    files = []
    for manifest in manifests:
        with open(manifest, encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if row.get("split", "train") == "train"]
        files += [manifest.parent / row["path"] for row in rows]
    return files


def hear_all(model: Model, files: list[Path]) -> Reference:
    """The outputs for every file; a third of a second each."""
    progress, embedding, logits = PrintedProgress(), [], []
    for i, path in enumerate(files):
        heard = model.run(listen(path, model.info.features).S)
        embedding.append(heard.track_embedding())
        logits.append(heard.track_logits())
        progress("hearing", i + 1, len(files))
    return Reference(np.array(embedding), np.array(logits))


def fit_space(reference: Reference, tags: list[str]) -> Space:
    """Directions whose products with an embedding, less the mean, have variance 1 among the reference.

    Logits are linear in what the embedding is a projection of, so least squares find the direction of a tag.
    """
    mean = reference.embedding.mean(axis=0)
    x, y = reference.embedding - mean, reference.logits - reference.logits.mean(axis=0)
    spread = x.T @ x
    solved = np.linalg.solve(spread + DECAY * np.trace(spread) / len(spread) * np.eye(len(spread)), x.T @ y)
    directions = solved / (x @ solved).std(axis=0)
    weights = np.array([[concept.tags.get(tag, 0.0) for concept in concepts().values()] for tag in tags])
    combined = directions @ weights
    unit = reference.embedding / np.linalg.norm(reference.embedding, axis=1, keepdims=True)
    return Space(mean, unit.mean(axis=0), np.cov(unit.T), directions, combined / (x @ combined).std(axis=0))
