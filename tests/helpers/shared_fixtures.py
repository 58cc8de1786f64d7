"""The fixtures of all tests, those of research included."""

from pathlib import Path

import numpy as np
import pytest

from places import SHARED


@pytest.fixture(scope="session", autouse=True)
def _encoder_in_a_folder_of_the_tests(tmp_path_factory):
    """The sentence encoder is unpacked once for all tests, and not into the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_TEXT", str(tmp_path_factory.getbasetemp() / "text"))
        yield


@pytest.fixture
def shared_data() -> Path:
    """The folder of labelled music; the test is skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("../shared/data is not here")
    return folder


@pytest.fixture(scope="session")
def rendered() -> dict[str, np.ndarray]:
    """Name -> the composed piece as stereo, float32 [n_samples, 2] at 44,100 Hz; rendered once for all tests."""
    from earmark.demo import PIECES, render

    return {piece.name: render(piece) for piece in PIECES}


@pytest.fixture(scope="session")
def demo_folder(rendered, tmp_path_factory) -> Path:
    """The composed pieces as files, to be copied by a test that changes them."""
    from earmark.demo import files

    folder = tmp_path_factory.mktemp("pieces")
    files.write(folder, lambda piece: rendered[piece.name])
    return folder


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)
