"""A catalogue that the bundled small network made, and an encoder of a few words that tests can foresee."""

import numpy as np
import pytest

from catalogues import write_music
from earmark.catalogue.store import Store
from earmark.engine.scan import scan
from earmark.explore.meaning.soundmap import load_map
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path
from fake_executor import FakeExecutor
from sounds import chord, write_sound

NAMED = {"A Love Supreme": "John Coltrane", "Sad Piano": "Anyone"}


@pytest.fixture(scope="session")
def heard(tmp_path_factory):
    """music/ and catalogue/, scanned with the model ``fast``: seven tracks of sines, two of them with names."""
    root = tmp_path_factory.mktemp("meaning")
    music = write_music(root / "music", seconds=3.0)
    for i, (title, artist) in enumerate(NAMED.items()):
        tags = {"title": title, "artist": artist, "date": str(1965 + i)}
        write_sound(music / f"{title}.flac", chord(3.0, root=150.0 + 90 * i), tags=tags)
    model = load_model(model_path("fast"))
    scan(Store(root / "catalogue", create=True), [music], model, "fast", executor=FakeExecutor(model))
    return root


@pytest.fixture
def store(heard):
    return Store(heard / "catalogue")


@pytest.fixture
def sound():
    return load_map()


class Parrot:
    """An encoder that knows texts by heart: each means one concept, as surely as it is told; all else means nothing."""

    id = "parrot"

    def __init__(self, sound, **known):
        self._sound, self._known = sound, known

    def encode(self, texts):
        """The vector whose value for the concept is 3, and near 0 for all others."""
        return np.array([self._vector(self._known.get(text.replace(" ", "_"))) for text in texts])

    def _vector(self, concept):
        wanted = np.array([3.0 if name == concept else 0.0 for name in self._sound.concepts])
        return self._sound.text_mean + np.linalg.lstsq(self._sound.text_map.T, wanted, rcond=None)[0]


@pytest.fixture
def parrot(sound):
    """Makes such an encoder from text=concept, with _ for spaces."""
    return lambda **known: Parrot(sound, **known)
