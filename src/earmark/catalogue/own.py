"""The user's own tags in the catalogue: documents of the kind ``taught``, and the columns that they give every track.

``own_tags`` (list of text) holds the tags that are sure; ``own_campfire`` (number) the probability of a tag, and of a
group ``own_scene`` (text) its answer, null where it is unsure, and ``own_scene_kitchen`` the probabilities. The words
of ``own_tags`` stand at the end of a track's text, after a mark, so that they can change without the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

import numpy as np
import pyarrow as pa

from earmark.catalogue.filters import And, Filter, Has, IsNull, Not, Or
from earmark.catalogue.schema import slug
from earmark.catalogue.words import BOUNDARY, fold, search_text
from earmark.tagger.tags import TagProbability
from earmark.teaching.taught import OWN, Taught

KIND = "taught"  # of the documents that hold what was taught
TAGS = "own_tags"
MARK = f" {2 * BOUNDARY} "
BLOCK = 8192  # tracks whose probabilities are computed at once


def answer_column(taught: Taught) -> str:
    """The column of a group's answer, or of a tag's probability."""
    return f"{OWN}_{_slug(taught.name)}"


def columns_of(taught: Taught) -> dict[str, str]:
    """Tag -> the column of its probability."""
    column = answer_column(taught)
    return {tag: f"{column}_{_slug(tag)}" if taught.is_group else column for tag in taught.tags}


def schema_of(many: Iterable[Taught]) -> pa.Schema:
    """All columns of own tags; none where there is nothing taught."""
    fields: dict[str, pa.DataType] = {}
    for taught in many:
        fields |= {TAGS: pa.list_(pa.string())} | dict.fromkeys(columns_of(taught).values(), pa.float32())
        fields |= {answer_column(taught): pa.string()} if taught.is_group else {}
    return pa.schema(list(fields.items()))


def _slug(text: str) -> str:
    """A name that needs no quotes; letters that it cannot show are told apart by a sum."""
    folded = fold(text)
    return slug(folded) if folded.isascii() else f"{slug(folded)}_{crc32(text.encode()):08x}"


def values_of(many: Sequence[Taught], ids: Sequence[str], vectors: np.ndarray | None, model_id: str) -> dict[str, list]:
    """Column -> its values for these tracks.

    Parameters
    ----------
    vectors : float [n, dim], of the model; None where the tracks have none
    """
    found: dict[str, list] = {TAGS: [[] for _ in ids]} if many else {}
    for taught in many:
        known = vectors is not None and taught.head is not None and taught.model_id == model_id
        p = _probabilities(taught, vectors) if known else None
        answers = [taught.named(i, p[row] if known else [None] * len(taught.tags)) for row, i in enumerate(ids)]
        for names, answer in zip(found[TAGS], answers, strict=True):
            names += [answer] if answer else []
        for k, column in enumerate(columns_of(taught).values()):
            found[column] = _numbers(p[:, k]) if known else [None] * len(ids)
        found |= {answer_column(taught): answers} if taught.is_group else {}
    return found


def _probabilities(taught: Taught, vectors: np.ndarray) -> np.ndarray:
    return np.concatenate([taught.probabilities(vectors[at : at + BLOCK]) for at in range(0, len(vectors), BLOCK)])


def _numbers(values: np.ndarray) -> list:
    return [None if value != value else value for value in values.tolist()]


def with_own_words(text: str | None, names: Iterable[str]) -> str:
    """A track's text with the words of these tags in place of those that it ends with."""
    base, words = (text or "").partition(MARK)[0], search_text(names)
    return f"{base}{MARK}{words}" if words else base


def told_tags(row: Mapping, many: Iterable[Taught]) -> dict[str, list[TagProbability]]:
    """Group -> tags of one track, the most probable first, as `earmark.analysis.Analysis.tags` has them."""
    found: dict[str, list[TagProbability]] = {}
    for taught in many:
        named = row.get(answer_column(taught)) if taught.is_group else taught.name in (row.get(TAGS) or ())
        for tag, column in columns_of(taught).items():
            sure = named == tag if taught.is_group else bool(named)
            p = row.get(column)
            if p is not None or sure:
                hit = TagProbability(tag, 1.0 if p is None else float(p), sure)
                found.setdefault(taught.shown_group, []).append(hit)
    return {group: sorted(hits, key=lambda hit: -hit.probability) for group, hits in found.items()}


def in_own_tags(where: Filter | None) -> Filter | None:
    """The filter with every ``tags HAS`` widened to the user's own tags; a track without any is none that has them."""
    match where:
        case And(parts) | Or(parts):
            return type(where)(tuple(map(in_own_tags, parts)))
        case Not(part):
            return Not(in_own_tags(part))
        case Has("tags", value):
            return Or((where, And((Not(IsNull(TAGS)), Has(TAGS, value)))))
    return where


def values_in_order(
    many: Sequence[Taught], ids: Sequence[str], known: Sequence[str], vectors: np.ndarray, model_id: str
) -> dict[str, list]:
    """`values_of` tracks of which not all may have a vector: `known` are those that have."""
    if list(ids) == list(known):
        return {TAGS: [[] for _ in ids]} | values_of(many, ids, vectors, model_id)
    have, told = set(known), values_of(many, known, vectors, model_id)
    rest = [i for i in ids if i not in have]
    bare = values_of(many, rest, None, model_id)
    place = {i: row for row, i in enumerate((*known, *rest))}
    order = [place[i] for i in ids]
    joined = {column: [*values, *bare[column]] for column, values in told.items()}
    return {TAGS: [[] for _ in ids]} | {column: [values[i] for i in order] for column, values in joined.items()}
