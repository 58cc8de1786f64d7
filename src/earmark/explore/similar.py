"""Questions to a catalogue: what sounds like this, what fits these words, what fits this filter."""

import os
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from earmark.analysis import analyze
from earmark.catalogue.schema import tags_of
from earmark.catalogue.store import CatalogueStore, ModelRef
from earmark.descriptors.key.names import compatible_keys, parse_key
from earmark.descriptors.sentence import describe
from earmark.errors import CatalogueError, NotFound, QueryError
from earmark.tagger.model import Model, load_model
from earmark.tagger.tags import TagProbability, curves, tags_dict

MAX_HITS = 10_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer.

    Attributes
    ----------
    track : every field of the track, by column
    similarity : cosine of the embeddings, -1..1; None for a search by words or filter
    relevance : BM25 of the words, larger is better; None without words
    """

    track: dict[str, Any]
    similarity: float | None = None
    relevance: float | None = None

    @property
    def path(self) -> str:
        """One of the track's paths, or its id where no path is left."""
        return (self.track["paths"] or [self.track["track_id"]])[0]

    def to_dict(self) -> dict:
        """The JSON object of ``similar --json`` and ``search --json``."""
        fields = {key: value for key, value in self.track.items() if key != "analysed_at"}
        numbers = {"similarity": self.similarity, "relevance": self.relevance}
        return fields | {name: round(value, 4) for name, value in numbers.items() if value is not None}


def similar(store: CatalogueStore, reference: str | os.PathLike, n: int = 10, where: str | None = None) -> list[Hit]:
    """The n tracks that sound most like a track of the catalogue, or like any audio file, best first.

    Parameters
    ----------
    reference : id, beginning of an id, title or path of a track; or a file that the catalogue does not hold
    where : SQL filter; it holds before the ranking

    Raises
    ------
    NotFound : neither a track nor a file
    AudioError : the file cannot be read
    QueryError : the filter is wrong
    """
    _check_n(n)
    made_with = _model_of(store)
    try:
        track_id = store.resolve(reference)
    except NotFound:
        if not os.path.isfile(reference):
            raise
        return _like_file(store, made_with, reference, n, where)
    vector = store.embedding(track_id, made_with.id)
    hits = _hits(store.nearest(vector, made_with.id, n + 1, where))
    return [hit for hit in hits if hit.track["track_id"] != track_id][:n]


def _like_file(store: CatalogueStore, made_with: ModelRef, path: str | os.PathLike, n: int, where) -> list[Hit]:
    analysis = analyze(path, catalogue_model(store))
    hits = _hits(store.nearest(analysis.embedding.tolist(), made_with.id, n + 1, where))
    return [hit for hit in hits if hit.track["track_id"] != analysis.track_id][:n]


def search(store: CatalogueStore, text: str = "", where: str | None = None, n: int = 10) -> list[Hit]:
    """The n tracks whose title, artist, album or tags fit the words best; without words, all that fit the filter.

    Raises
    ------
    QueryError : the filter or the words cannot be understood
    """
    _check_n(n)
    if text.strip():
        return _hits(store.matching(text, n, where))
    return _hits(store.tracks(where).slice(0, n))


def with_key(where: str | None, key: str | None) -> str | None:
    """A filter, narrowed to the keys that mix well with `key` by the Camelot rule; raises QueryError for no key."""
    if key is None:
        return where
    names = ", ".join(f"'{tonic} {mode}'" for tonic, mode in compatible_keys(*parse_key(key)))
    return f"({where}) AND key IN ({names})" if where else f"key IN ({names})"


def catalogue_model(store: CatalogueStore) -> Model:
    """The model that the catalogue was made with, loaded; raises CatalogueError where that is no longer at hand."""
    from earmark.tagger.registry import resolve

    made_with = _model_of(store)
    model = load_model(resolve(made_with.name))
    if (model.info.id, model.info.version) != (made_with.id, made_with.version):
        problem = (
            f"made with model {made_with.id} {made_with.version}, but {made_with.name!r} is now {model.info.version}"
        )
        raise CatalogueError(store.path, problem, "Scan the folder again to bring it up to date.")
    return model


def _model_of(store: CatalogueStore) -> ModelRef:
    made_with = store.model()
    if made_with is None:
        raise CatalogueError(store.path, "nothing was scanned into it yet", "Run `earmark scan` first.")
    return made_with


def _hits(table: pa.Table) -> list[Hit]:
    hits = []
    for row in table.to_pylist():
        similarity, relevance = row.pop("similarity", None), row.pop("relevance", None)
        hits.append(Hit(row, similarity, relevance))
    return hits


def _check_n(n: int) -> None:
    if not 1 <= n <= MAX_HITS:
        raise QueryError(n, f"not a number of hits between 1 and {MAX_HITS}", "Ask for another number.")


@dataclass(frozen=True)
class TrackDetails:
    """All that the catalogue knows of one track: its row, its tags group by group, perhaps the curves."""

    row: dict[str, Any]
    tags: dict[str, list[TagProbability]]
    model: ModelRef
    facts: dict[str, dict]
    corrections: dict[str, str]
    curves: dict | None = None

    def to_dict(self) -> dict:
        """The JSON object of ``show --json``: that of ``analyze --json``, and ``paths``."""
        row = self.row
        return {
            "path": (row["paths"] or [None])[0],
            "paths": row["paths"],
            "track_id": row["track_id"],
            "duration": round(row["duration"], 3),
            "analysed": round(row["analysed"], 3),
            "analysis_version": row["analysis_version"],
            "model": {"id": self.model.id, "version": self.model.version},
            **{name: row[name] for name in ("title", "artist", "album", "year")},
            "tags": tags_dict(self.tags),
            **self.facts,
            "description": describe(self.tags, self.facts),
            **({"corrections": self.corrections} if self.corrections else {}),
            **({"curves": self.curves} if self.curves else {}),
        }


def track_details(store: CatalogueStore, reference: str | os.PathLike, with_curves: bool = False) -> TrackDetails:
    """What is known of the track that `reference` means; raises NotFound."""
    made_with = _model_of(store)
    track_id = store.resolve(reference)
    row = store.tracks(f"track_id = '{track_id}'").to_pylist()[0]
    corrections = store.corrections().get(track_id, {})
    facts = _corrected(store.facts(track_id), row, corrections)
    beliefs = curves(made_with.tagset, store.activations(track_id, made_with.id)) if with_curves else None
    return TrackDetails(row, tags_of(row, made_with.tagset), made_with, facts, corrections, beliefs)


def _corrected(facts: dict[str, dict], row: dict[str, Any], corrections: dict[str, str]) -> dict[str, dict]:
    """The estimates with the user's word in their place; who said it is told by ``corrected``."""
    if "tempo" in corrections:
        facts["tempo"] |= {"bpm": row["tempo"], "corrected": True}
    if "metre" in corrections:
        facts["tempo"] |= {"metre": row["metre"], "corrected": True}
    if "key" in corrections:
        tonic, mode = row["key"].split()
        facts["key"] |= {"tonic": tonic, "mode": mode, "camelot": row["camelot"], "corrected": True}
    return facts
