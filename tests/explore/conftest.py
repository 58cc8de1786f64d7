"""A scanned folder that the tests of this room ask questions about."""

import numpy as np
import pytest

from catalogues import write_doubles, write_music
from earmark.catalogue.store import Store
from earmark.engine.scan import scan
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor
from likeness import DIM, TAGSET, track_of, write_tracks
from sounds import chord, write_sound
from tiny_model import write_tiny_model


@pytest.fixture(scope="session")
def place(tmp_path_factory):
    """music/, tiny.onnx, catalogue/."""
    root = tmp_path_factory.mktemp("explore")
    music = write_music(root / "music")
    tags = {"title": "Don't", "artist": "Höhner", "date": "1987"}
    write_sound(music / "apostrophe.flac", chord(1.0, root=500.0), tags=tags)
    model = load_model(write_tiny_model(root / "tiny.onnx"))
    store = Store(root / "catalogue", create=True)
    scan(store, [music], model, str(model.path), executor=FakeExecutor(model))
    return root


@pytest.fixture
def store(place):
    return Store(place / "catalogue")


@pytest.fixture
def model(place):
    return load_model(place / "tiny.onnx")


@pytest.fixture(scope="session")
def doubles(tmp_path_factory):
    """music/, tiny.onnx, catalogue/: a song in several files, recordings and versions, and songs that are others."""
    root = tmp_path_factory.mktemp("doubles")
    write_doubles(root / "music")
    model = load_model(write_tiny_model(root / "tiny.onnx"))
    scan(Store(root / "catalogue", create=True), [root / "music"], model, str(model.path), executor=FakeExecutor(model))
    return root


@pytest.fixture
def twice(doubles):
    """The store of `doubles`."""
    return Store(doubles / "catalogue")


@pytest.fixture(scope="session")
def made():
    """Forty tracks of random properties, and one of each kind that is like the first in one part alone."""
    rng = np.random.default_rng(7)
    first, second, logits = rng.normal(size=DIM), rng.normal(size=DIM), rng.normal(0, 2, len(TAGSET))
    own = {"tempo": 100.0, "key": 9, "energy": 0.9, "first": first, "second": second, "logits": logits}
    tracks = [track_of(0, **own)]
    tracks += [track_of(1, first=first, second=second), track_of(2, tempo=100.0), track_of(3, key=9)]
    tracks += [track_of(number) for number in range(4, 44)]
    return tracks


@pytest.fixture(scope="session")
def likes(made, tmp_path_factory):
    """The catalogue of `made`."""
    return write_tracks(tmp_path_factory.mktemp("likes") / "catalogue", made)
