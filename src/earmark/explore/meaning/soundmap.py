"""The map between texts and sounds: which concepts a text means, and in which direction of the space each is heard.

Tags are linear in what the embedding of a track is a projection of, so every weighing of concepts is one vector of the
space that tracks are compared in: a question is answered by the index that is there for likeness, and no track is
heard or written again. Fitted by ``python -m earmark_research.meaning``; see docs/search.md for the texts it learned.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from earmark.teaching.taught import Taught

FILE = "meaning.npz"
MOST = 8  # concepts that the encoder adds
FAINT = 0.2  # of the surest concept, below which others are noise
SURE = 1.4  # of the map's output, from which a text means the concept
CHANCE = 1.645  # standard deviations: 95 in 100 lie below


@dataclass(frozen=True)
class SoundMap:
    """The map of one model and one encoder.

    Attributes
    ----------
    model_id, model_version : whose embeddings; the version without the profile
    encoder : whose vectors of texts
    concepts, tags : names, in the order of the columns
    text_mean, text_map : float [dim of texts], [dim of texts, n_concepts]
    telling : float [n_concepts], about 1: less for what nearly every text about music names, such as singing
    mean : float [dim], of the embeddings of the reference
    unit_mean, unit_covariance : float [dim], [dim, dim] of the embeddings brought to unit length
    concept_directions, tag_directions : float [dim, n]; products with an embedding less the mean have variance 1
    own : those of the tags that the user has taught, see `with_own`
    """

    model_id: str
    model_version: str
    encoder: str
    concepts: tuple[str, ...]
    tags: tuple[str, ...]
    text_mean: np.ndarray
    text_map: np.ndarray
    telling: np.ndarray
    mean: np.ndarray
    unit_mean: np.ndarray
    unit_covariance: np.ndarray
    concept_directions: np.ndarray
    tag_directions: np.ndarray
    own: tuple[str, ...] = ()

    def meant(self, vector: np.ndarray) -> dict[str, float]:
        """Concepts that a text means by its vector [dim], the surest first, with how sure: `SURE` and more is so."""
        values = (vector - self.text_mean) @ self.text_map
        order = np.argsort(-values)[:MOST]
        return {self.concepts[i]: float(values[i]) for i in order if values[i] > FAINT * values.max()}

    def directions(self, names: list[str]) -> np.ndarray:
        """float [n, dim] of concepts and tags by name."""
        return np.array([self._direction(name) for name in names])

    def _direction(self, name: str) -> np.ndarray:
        if name in self.concepts:
            return self.concept_directions[:, self.concepts.index(name)]
        return self.tag_directions[:, self.tags.index(name)]

    def vector(self, weights: Mapping[str, float]) -> np.ndarray:
        """The direction of unit length in which the weighed concepts and tags grow: float [dim]."""
        total = np.array(list(weights.values())) @ self.directions(list(weights))
        return total / (np.linalg.norm(total) or 1.0)

    def chance_line(self, vector: np.ndarray) -> float:
        """The cosine with a direction that 95 in 100 tracks of the reference stay below."""
        return float(vector @ self.unit_mean + CHANCE * np.sqrt(vector @ self.unit_covariance @ vector))

    def heard(self, embeddings: np.ndarray, names: list[str]) -> np.ndarray:
        """How far concepts are heard in tracks [n, dim], in standard deviations of the reference: [n, n_names]."""
        return (embeddings - self.mean) @ self.directions(names).T


def with_own(sound: SoundMap, many: Iterable[Taught]) -> SoundMap:
    """The map with the tags that a user has taught, by their heads on the same embeddings: ``own/campfire``.

    A tag's direction is in which its logit grows beside the mean of those of the other classes.
    """
    own = {}
    for taught in many:
        if taught.head is not None and taught.model_id == sound.model_id:
            weights = taught.head.weights.astype(np.float64)
            for tag in filter(taught.told.__contains__, taught.tags):
                k = taught.told.index(tag)
                own[f"{taught.shown_group}/{tag}"] = weights[:, k] - np.delete(weights, k, axis=1).mean(axis=1)
    if not own:
        return sound
    length = np.linalg.norm(sound.mean) / np.linalg.norm(sound.unit_mean)  # that embeddings have, about
    spread = [length * np.sqrt(max(one @ sound.unit_covariance @ one, 1e-12)) for one in own.values()]
    directions = np.stack(list(own.values()), axis=1) / spread
    joined = np.hstack([sound.tag_directions, directions])
    return replace(sound, tags=(*sound.tags, *own), tag_directions=joined, own=tuple(own))


@cache
def load_map() -> SoundMap:
    """The map that comes with earmark."""
    with as_file(files("earmark") / "assets" / FILE) as path, np.load(path, allow_pickle=False) as stored:
        texts = {name: str(stored[name]) for name in ("model_id", "model_version", "encoder")}
        lists = {name: tuple(stored[name].tolist()) for name in ("concepts", "tags")}
        arrays = {name: stored[name].astype(np.float32) for name in stored.files if stored[name].dtype.kind == "f"}
    return SoundMap(**texts, **lists, **arrays)


def map_of(model_id: str, model_version: str) -> SoundMap | None:
    """The map of a model's embeddings; None where there is none, or it was fitted to another version."""
    found = load_map()
    fits = found.model_id == model_id and found.model_version == model_version.split("-")[0]
    return found if fits else None
