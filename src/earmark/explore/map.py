"""The map of a collection: made, kept, and new tracks put on it."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from earmark.catalogue.map import Map, version_of
from earmark.catalogue.own import TAGS
from earmark.catalogue.store import Store
from earmark.errors import NotFound
from earmark.explore.layout import kept_neighbours, lay_out, place, unit
from earmark.explore.regions import label_regions
from earmark.progress import Progress, silent


def build_map(store: Store, anew: bool = False, progress: Progress = silent) -> Map:
    """Bring the map up to date: tracks that are not on it are put beside those that sound like them, which stay.

    It is made from the start where there is none, where it is of another model, where more tracks are new than were on
    it, and with `anew`.

    Raises
    ------
    CatalogueError : nothing was scanned
    NotFound : no track has an embedding
    MissingPackage : the extra ``earmark[map]`` is not installed
    """
    model_id = store.scanned_model().id
    visible = set(store.columns(["track_id"])["track_id"].to_pylist())
    ids, vectors = store.vectors(model_id)
    rows = [row for row, i in enumerate(ids) if i in visible]
    ids, x = [ids[row] for row in rows], unit(vectors[rows])
    if not ids:
        raise NotFound(store.path, "no track has an embedding", "Scan some music first.")
    before = None if anew else store.map()
    known = _known(before, model_id, ids)
    if before is not None and known.all():
        xy = _places(before, ids)
        return _kept(store, before, ids, xy, x) if before.n_missing or len(before) != len(ids) else before
    if before is not None and 2 * known.sum() >= len(ids):
        xy = np.zeros((len(ids), 2), np.float32)
        xy[known] = _places(before, [i for i, there in zip(ids, known, strict=True) if there])
        xy[~known] = place(x[known], xy[known], x[~known])
        return _kept(store, replace(before, n_placed=before.n_placed + int((~known).sum())), ids, xy, x)
    made = Map([], np.zeros((0, 2)), model_id=model_id, built_at=datetime.now(UTC).isoformat(timespec="seconds"))
    return _kept(store, made, ids, lay_out(x, progress), x)


def read_map(store: Store) -> Map:
    """The map as it was last built; raises NotFound where there is none, or it is of another model's embeddings."""
    found, remedy = store.map(), "Make one with `earmark map build`."
    if found is None:
        raise NotFound(store.path, "has no map", remedy)
    if found.model_id != store.scanned_model().id:
        raise NotFound(store.path, f"its map is of model {found.model_id!r}, whose embeddings are others", remedy)
    return found


def _known(before: Map | None, model_id: str, ids: list[str]) -> np.ndarray:
    there = set(before.ids) if before is not None and before.model_id == model_id else set()
    return np.fromiter((i in there for i in ids), bool, len(ids))


def _places(found: Map, ids: list[str]) -> np.ndarray:
    row = {i: k for k, i in enumerate(found.ids)}
    return found.xy[[row[i] for i in ids]]


def _kept(store: Store, made: Map, ids: list[str], xy: np.ndarray, x: np.ndarray) -> Map:
    """Measure, label and write it."""
    kept, chance = kept_neighbours(x, xy)
    labels = label_regions(xy, _tags(store, ids))
    whole = replace(made, ids=ids, xy=xy, labels=labels, kept=kept, chance=chance, n_missing=0)
    whole = replace(whole, version=version_of(ids, xy, labels))
    store.keep_map(whole)
    return whole


def _tags(store: Store, ids: list[str]) -> list[list[str]]:
    """The sure tags of each track, the user's own among them."""
    names = [name for name in ("tags", TAGS) if name in store.kinds()]
    rows = store.columns(["track_id", *names]).to_pylist()
    by_id = {row["track_id"]: [tag for name in names for tag in row[name] or ()] for row in rows}
    return [by_id.get(i, []) for i in ids]
