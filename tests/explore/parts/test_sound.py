import numpy as np

from earmark.explore.parts import sound


def test_the_cosine():
    found = sound.features({sound.VECTOR: np.array([[3, 4], [0, 2], [-3, -4]])})
    assert np.allclose(sound.likeness(found[0], found), [1, 0.8, -1])
