"""The composed pieces as sound, rendered once for all tests."""

import numpy as np
import pytest

from earmark.demo import PIECES, render


@pytest.fixture(scope="session")
def rendered() -> dict[str, np.ndarray]:
    """Name -> the piece as stereo, float32 [n_samples, 2] at 44,100 Hz."""
    return {piece.name: render(piece) for piece in PIECES}
