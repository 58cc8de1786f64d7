import numpy as np
import pytest

from earmark.explore.parts import harmony


def likeness(key: str, *others: str | None, confidence: float = 1.0) -> np.ndarray:
    keys = np.array([key, *others], object)
    found = harmony.features({"key": keys, "key_confidence": np.full(len(keys), confidence, np.float32)})
    return harmony.likeness(found[0], found)[1:]


def test_near_on_the_circle_of_fifths_is_alike():
    same, fifth, two, tritone = likeness("C major", "C major", "G major", "D major", "F# major")
    assert same == pytest.approx(1)
    assert 1 > fifth > two > tritone
    relative, parallel, far = likeness("A minor", "C major", "A major", "Eb major")
    assert relative > parallel > far


def test_it_is_the_same_in_every_key():
    assert likeness("Eb major", "Bb major") == pytest.approx(likeness("C major", "G major"))
    assert likeness("F# minor", "A major") == pytest.approx(likeness("A minor", "C major"))


def test_of_keys_that_are_not_sure_little_is_said():
    assert likeness("C major", "C major", confidence=0.2)[0] < likeness("C major", "C major", confidence=0.9)[0]


def test_no_key_is_not_known():
    assert np.isnan(likeness("C major", None, "nonsense")).all()
