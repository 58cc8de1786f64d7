"""A scanned folder that the tests of this room ask questions about."""

import pytest

from catalogues import write_music
from earmark.catalogue.store import Store
from earmark.engine.scan import scan
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor
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
