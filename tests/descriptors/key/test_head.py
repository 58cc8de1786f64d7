"""The key head in NumPy: transposition, stretches, profiles, and its file."""

from dataclasses import asdict
from importlib.resources import files

import numpy as np
import pytest

from cadences import cadence
from earmark.audio.chroma import chroma, semitones
from earmark.descriptors.key import head
from earmark.descriptors.key.head import MAJOR, MINOR, default_head, normalise, profile_logits, read_head


@pytest.fixture(scope="module")
def P() -> np.ndarray:
    """Tuned chroma of a cadence in C major: float32 [n_steps, 5, 12]."""
    return semitones(chroma(cadence(0).astype(np.float32)), 0.0)


def test_the_logits_are_transposed_with_the_music(P):
    """A semitone up within each octave, and every logit moves one tonic on."""
    spans = np.array([[0, len(P)], [2, 9]])
    logits = default_head().logits(P, spans)
    turned = default_head().logits(np.roll(P, 5, axis=2), spans)
    np.testing.assert_allclose(turned, np.roll(logits.reshape(2, 2, 12), 5, axis=2).reshape(2, 24), atol=1e-3)


def test_a_stretch_has_the_logits_of_itself_alone(P):
    """But for the rows at its edges, whose convolution reaches beyond them."""
    long = np.concatenate([P, np.zeros_like(P), np.roll(P, 3, axis=2)])
    spans = np.array([[0, 2 * len(P)], [2 * len(P), 3 * len(P)]])

    alone = [default_head().logits(part, np.array([[0, len(P)]]))[0] for part in (P, np.roll(P, 3, axis=2))]
    np.testing.assert_allclose(default_head().logits(long, spans), alone, atol=1e-3)


def test_the_size_of_the_chunks_changes_nothing(P, monkeypatch):
    spans = np.array([[0, len(P)]])
    whole = default_head().logits(P, spans)
    monkeypatch.setattr(head, "CHUNK", 5)

    np.testing.assert_allclose(default_head().logits(P, spans), whole, atol=1e-4)


def test_rows_are_scaled_to_their_strongest_pitch_class():
    P = np.zeros((2, 2, 12), np.float32)
    P[0, 0, 4], P[0, 1, 4], P[0, 1, 7] = 9, 16, 1

    x = normalise(P)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x[0, :, [4, 7]], [[3 / 7, 4 / 7], [0, 1 / 7]], rtol=1e-6)
    assert not x[1].any()


@pytest.mark.parametrize(("profile", "number"), [(MAJOR, 7), (MINOR, 21)])
def test_chroma_in_the_shape_of_a_profile_has_its_key(profile, number):
    """A correlation of 1, times 12."""
    P = np.zeros((3, 5, 12), np.float32)
    P[:2, 1] = np.roll(profile, number % 12) ** 2

    logits = profile_logits(P)
    assert logits.shape == (24,)
    assert logits.argmax() == number
    assert logits.max() == pytest.approx(12, rel=1e-4)


def test_the_file_is_read_by_the_names_of_the_weights(tmp_path):
    weights = asdict(default_head())
    np.savez(tmp_path / "head.npz", **weights)
    again = read_head(tmp_path / "head.npz")

    assert default_head() is default_head()
    for name, array in weights.items():
        assert getattr(again, name).dtype == np.float32
        np.testing.assert_array_equal(getattr(again, name), array)
    np.savez(tmp_path / "other.npz", **weights, colour=np.ones(1))
    with pytest.raises(TypeError, match="colour"):
        read_head(tmp_path / "other.npz")


def test_the_bundled_weights_fit_together():
    head_ = read_head(files("earmark").joinpath("assets", head.ASSET))
    n_nets, c1, n_octaves, _, classes = head_.conv.shape

    assert (n_octaves, classes) == (5, 12)
    assert head_.mix.shape[0] == head_.out.shape[0] == n_nets
    assert head_.mix.shape[2:] == (2 * c1 + n_octaves, 12)
    assert head_.out.shape[1:] == (2, head_.mix.shape[1], 12)
    assert head_.blend.shape == (3,)
