"""What answers shall be like: tracks of the catalogue, files, what was heard of files, or windows of any of them."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from earmark import descriptors
from earmark.analysis import analyze
from earmark.catalogue.shown import Found
from earmark.catalogue.store import Store
from earmark.errors import CatalogueError, NotFound, QueryError
from earmark.explore.heard import Heard, heard_of
from earmark.explore.portrait import Portrait, read_window, steps_in, values_of
from earmark.explore.sheet import lyrics_of
from earmark.explore.songs import Songs
from earmark.tagger.model import Activations, Model, load_model
from earmark.tagger.registry import model_path
from earmark.tagger.tagset import Tagset

MAX_WEIGHT = 100.0
MAX_SEEDS = 20


@dataclass(frozen=True)
class Seed:
    """What the answers shall be like.

    Attributes
    ----------
    reference : id, beginning of an id, title or path of a track; a file that the catalogue does not hold; or what was
        heard of one
    weight : how much it counts beside other seeds; below 0: the answers shall not be like it
    start, end : seconds; only this window of it counts

    Raises
    ------
    QueryError : a weight that is 0 or out of bounds
    """

    reference: str | os.PathLike | Heard
    weight: float = 1.0
    start: float | None = None
    end: float | None = None

    def __post_init__(self) -> None:
        if not 0 < abs(self.weight) <= MAX_WEIGHT:
            raise QueryError(self.weight, "no weight of a seed", f"Give 0 to {MAX_WEIGHT:g}, or as much below 0.")


def read_seeds(reference: str | os.PathLike | Heard | Seed | Sequence[Seed]) -> list[Seed]:
    """One or several seeds as a list; raises QueryError where there are too many, or none to be like."""
    if isinstance(reference, str | os.PathLike | Heard):
        reference = Seed(reference)
    seeds = [reference] if isinstance(reference, Seed) else list(reference)
    if not any(seed.weight > 0 for seed in seeds):
        raise QueryError("seeds", "nothing to sound like", "Give a track whose weight is above 0.")
    if len(seeds) > MAX_SEEDS:
        raise QueryError(f"{len(seeds)} seeds", f"more than {MAX_SEEDS}", "Give fewer.")
    return seeds


def portrait_of(store: Store, songs: Songs, seed: Seed, deep: bool = True) -> Portrait:
    """What is compared of a seed.

    songs : is told of a track that the catalogue does not hold
    deep : read what it is over time too, which passages are found by; a window has it in any case

    Raises
    ------
    NotFound, AudioError, QueryError, CatalogueError : as `earmark.explore.similar.similar`
    """
    if isinstance(seed.reference, Heard):
        return _of_heard(store, songs, seed, seed.reference)
    try:
        found = store.named(seed.reference, songs.model_id)
    except NotFound:
        if not os.path.isfile(seed.reference):
            raise
        return _of_heard(store, songs, seed, heard_of(analyze(seed.reference, catalogue_model(store))))
    return _of_track(store, songs, seed, found, deep)


def _of_track(store: Store, songs: Songs, seed: Seed, found: Found, deep: bool) -> Portrait:
    windowed, track_id = seed.start is not None or seed.end is not None, found.track_id
    vector = np.array(found.vector, np.float32)
    values = found.row | {column: some[0] for column, some in lyrics_of(store, [track_id]).items()}
    whole = Portrait(songs.of([found])[0], found.row["duration"], values, vector)
    if not (windowed or deep):
        return whole
    track = store.hits([found])[0].track
    whole = replace(whole, loudness=_curve(track.descriptors))
    if windowed:
        heard = store.activations(track_id, songs.model_id)
        return _window(whole, seed, heard, track.descriptors, track.analysis.tagset)
    course = store.courses([track_id], songs.model_id).get(track_id)
    return whole if course is None else replace(whole, times=course[0], embedding=course[1])


def _of_heard(store: Store, songs: Songs, seed: Seed, heard: Heard) -> Portrait:
    if heard.model_id != songs.model_id:
        problem = f"made with model {songs.model_id!r}, but the file was heard with {heard.model_id!r}"
        raise CatalogueError(store.path, problem, "Analyse the file again.")
    song, tagset, told = heard.song, store.scanned_model().tagset, descriptors.from_dicts(heard.descriptors)
    songs.add(song, heard.activations)
    values = values_of(None, heard.activations, told, tagset)
    whole = Portrait(song, heard.duration, values, heard.vector, loudness=_curve(told))
    return _window(whole, seed, heard.activations, told, tagset)


def _window(whole: Portrait, seed: Seed, activations: Activations, told: dict, tagset: Tagset) -> Portrait:
    """The portrait with what it is over time; of the seed's window, if it has one."""
    window = read_window(seed.start, seed.end, whole.duration, seed.reference)
    over_time = replace(whole, times=activations.times, embedding=activations.embedding)
    if window is None:
        return over_time
    values = whole.values | values_of(window, activations, told, tagset)
    vector = activations.embedding[steps_in(window, activations.times)].mean(axis=0)
    return replace(over_time, window=window, values=values, vector=vector)


def _curve(told: dict) -> tuple[float, ...]:
    return told["loudness"].curve if "loudness" in told else ()


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
