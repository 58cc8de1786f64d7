"""The fixtures of all tests, those of research included."""

from pathlib import Path

import numpy as np
import pytest

from places import SHARED


@pytest.fixture
def shared_data() -> Path:
    """The folder of labelled music; the test is skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not here")
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
