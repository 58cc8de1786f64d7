"""A catalogue of 60 tracks of known tempo, key, energy and sound by 12 artists."""

import shutil

import numpy as np
import pytest

from earmark.catalogue.store import Store
from likeness import DIM, track_of, write_tracks

N = 60


@pytest.fixture(scope="session")
def sixty():
    """The analyses: track i is by artist i % 12; keys go around the wheel, tempi from 80 to 139, energy 0 to 1."""
    rng = np.random.default_rng(3)
    found = []
    for i in range(N):
        v = rng.normal(size=DIM)
        known = {"tempo": 80.0 + i, "key": (7 * (i // 3)) % 12, "energy": i / (N - 1), "first": v, "second": v}
        found.append(track_of(i, artist=f"Artist {i % 12}", **known))
    return found


@pytest.fixture(scope="session")
def written(sixty, tmp_path_factory):
    return write_tracks(tmp_path_factory.mktemp("lists") / "catalogue", sixty).path


@pytest.fixture
def store(written):
    """To be looked at only."""
    return Store(written)


@pytest.fixture
def own(written, tmp_path):
    """A copy, to be changed at will."""
    return Store(shutil.copytree(written, tmp_path / "catalogue"))


@pytest.fixture
def number_of(sixty):
    """The id of a track -> its number."""
    return {analysis.track_id: i for i, analysis in enumerate(sixty)}
