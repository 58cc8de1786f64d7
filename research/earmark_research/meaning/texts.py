"""Vectors of texts -> concepts: a ridge regression on captions by people, their lists of aspects, and our own phrases.

The captions are MusicCaps (Agostinelli et al. 2023, CC BY-SA 4.0). No music is needed: a caption is an example of the
concepts that it names, so that the other words that stand beside them come to mean them, too.
"""

import ast
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.explore.meaning.concepts import concepts, mentions

DECAY = 3.0
WEIGHTS = {"caption": 1.0, "aspect": 0.3, "phrase": 10.0}
EVERY = 0.01  # share of captions that a concept nobody names is taken to have
RARE = 0.02  # share of captions that a concept is taken to have beside its own


@dataclass(frozen=True)
class Examples:
    """Texts with the concepts that they name.

    Attributes
    ----------
    texts : n of them
    named : float [n, n_concepts], 1 where a concept is named
    weight : float [n]
    usual : float [n_concepts], share of the captions that name it
    """

    texts: list[str]
    named: np.ndarray
    weight: np.ndarray
    usual: np.ndarray


def read_examples(musiccaps: Path) -> Examples:
    """Captions with what they and their aspects name, aspects that name something, and every phrase of ours."""
    with open(musiccaps, encoding="utf-8", newline="") as file:
        rows = [(row["caption"], [a.strip().lower() for a in ast.literal_eval(row["aspects"])])
                for row in csv.DictReader(file)]  # fmt: skip
    captions = [(text, named_in(f"{text} ; {' ; '.join(aspects)}")) for text, aspects in rows]
    aspects = [(text, named_in(text)) for text in sorted({aspect for _, many in rows for aspect in many})]
    phrases = [(phrase, one_of(name)) for name, phrase in every_phrase()]
    parts = {"caption": captions, "aspect": [pair for pair in aspects if pair[1].any()], "phrase": phrases}
    weight = np.concatenate([np.full(len(pairs), WEIGHTS[kind]) for kind, pairs in parts.items()])
    texts, named = zip(*(pair for pairs in parts.values() for pair in pairs), strict=True)
    return Examples(list(texts), np.array(named), weight, np.mean([row for _, row in captions], axis=0))


def every_phrase() -> list[tuple[str, str]]:
    """(concept, phrase) of all languages, hints among them."""
    return [
        (concept.name, phrase)
        for concept in concepts().values()
        for phrase in (*(phrase for many in concept.phrases.values() for phrase in many), *concept.hints)
    ]


def named_in(text: str) -> np.ndarray:
    """float [n_concepts]: 1 where the text names the concept or hints at it."""
    found = {mention.concept for mention in mentions(text)}
    return np.array([float(name in found) for name in concepts()])


def one_of(concept: str) -> np.ndarray:
    """float [n_concepts]: 1 for this one."""
    return np.array([float(name == concept) for name in concepts()])


def fit_texts(vectors: np.ndarray, examples: Examples) -> tuple[np.ndarray, np.ndarray]:
    """Mean [dim] of the captions' vectors, and the map [dim, n_concepts] of what differs from it.

    vectors : [n, dim] of the examples' texts. A rare concept counts for more: it is divided by the root of its share.
    """
    captions = examples.weight == WEIGHTS["caption"]
    mean = vectors[captions].mean(axis=0)
    x, y = vectors - mean, examples.named - examples.usual
    weighted = x * examples.weight[:, None]
    solved = np.linalg.solve(x.T @ weighted + DECAY * np.eye(x.shape[1]), weighted.T @ y)
    return mean, solved / np.sqrt(examples.usual + RARE)


def telling(examples: Examples) -> np.ndarray:
    """How much it tells that a text names a concept, about 1: the root of the information in its share [n_concepts].

    Nearly every caption says that somebody sings; that a harp plays tells more.
    """
    information = -np.log(examples.usual + EVERY)
    return np.sqrt(information / information.mean())
