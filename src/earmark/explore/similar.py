"""What sounds like a track of the catalogue, or like any audio file."""

import os

from earmark.analysis import analyze
from earmark.catalogue import filters
from earmark.catalogue.filters import Filter
from earmark.catalogue.query import Likeness, Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit
from earmark.errors import CatalogueError, NotFound
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import model_path


def similar(store: Store, reference: str | os.PathLike, n: int = 10, where: Filter | None = None) -> list[Hit]:
    """The n tracks that sound most like a track of the catalogue, or like any audio file, best first.

    Parameters
    ----------
    reference : id, beginning of an id, title or path of a track; or a file that the catalogue does not hold
    where : only tracks that fit; it holds before the ranking

    Raises
    ------
    NotFound : neither a track nor a file
    AudioError : the file cannot be read
    CatalogueError : the model that the catalogue was made with is no longer at hand, for a file
    """
    model_id = store.scanned_model().id
    try:
        track_id = store.resolve(reference)
        vector = store.embedding(track_id, model_id)
    except NotFound:
        if not os.path.isfile(reference):
            raise
        analysis = analyze(reference, catalogue_model(store))
        track_id, vector = analysis.track_id, analysis.embedding.tolist()
    others = filters.both(where, filters.Compare("track_id", "ne", track_id))
    return store.select(Query(others, like=Likeness(vector, model_id), limit=n))


def catalogue_model(store: Store) -> Model:
    """The model that the catalogue was made with, loaded; raises CatalogueError where it is no longer at hand."""
    made_with = store.scanned_model()
    model = load_model(model_path(made_with.name))
    if (model.info.id, model.info.version) != (made_with.id, made_with.version):
        problem = (
            f"made with model {made_with.id} {made_with.version}, but {made_with.name!r} is now {model.info.version}"
        )
        raise CatalogueError(store.path, problem, "Scan the folder again to bring it up to date.")
    return model
