import numpy as np
import pytest

from earmark.catalogue import steps
from earmark.catalogue.steps import FORMAT, RANK, TOLERANCE, pack_activations, unpack_activations
from earmark.catalogue.tables import decoded
from earmark.errors import CatalogueError
from earmark.tagger.model import Activations
from earmark.tagger.tagset import TagGroup, Tagset

N, DIM = 250, 192
TAGSET = Tagset(
    (
        TagGroup("genre", tuple(f"g{i}" for i in range(11)), "exclusive", scale=(1.5,) * 11),
        TagGroup("mood", tuple(f"m{i}" for i in range(60)), bias=(-3.0,) * 60),
        TagGroup("scale", ("valence",), "value"),
    )
)


@pytest.fixture
def heard(rng) -> Activations:
    """Outputs that wander as those of music do: slowly, in few directions."""
    walk = np.cumsum(rng.standard_normal((N, 6)), axis=0) / 8
    logits = walk @ rng.standard_normal((6, len(TAGSET))) + 0.1 * rng.standard_normal((N, len(TAGSET)))
    embedding = 3 + walk @ rng.standard_normal((6, DIM)) + 0.05 * rng.standard_normal((N, DIM))
    times = 0.256 + 0.512 * np.arange(N)
    return Activations(*(x.astype(np.float32) for x in (times, logits, embedding)), TAGSET)


def test_every_probability_over_time_is_within_the_tolerance(heard):
    back = unpack_activations(pack_activations(heard))
    difference = np.abs(TAGSET.probabilities(back.logits) - TAGSET.probabilities(heard.logits))
    assert difference.max() <= TOLERANCE == 0.002
    assert back.logits.dtype == back.embedding.dtype == back.times.dtype == np.float32
    np.testing.assert_allclose(back.times, heard.times, atol=0.0005)


def test_a_step_takes_some_80_bytes(heard):
    assert len(pack_activations(heard)) < 85 * N


def test_the_directions_in_which_an_embedding_moves_are_kept(heard):
    back = unpack_activations(pack_activations(heard))
    assert back.embedding.shape == (N, DIM)
    np.testing.assert_allclose(back.track_embedding(), heard.track_embedding(), atol=0.02)
    assert np.corrcoef(back.embedding.ravel(), heard.embedding.ravel())[0, 1] > 0.995


def test_without_a_tagset_logits_are_kept_finely(heard):
    plain = Activations(heard.times, heard.logits, heard.embedding)
    back = unpack_activations(pack_activations(plain))
    np.testing.assert_allclose(back.logits, heard.logits, atol=1 / 250)


@pytest.mark.parametrize("n", [1, 2, RANK, 400])
@pytest.mark.parametrize("dim", [3, 192])
def test_any_length_and_width(rng, n, dim):
    heard = Activations(np.arange(n, dtype=np.float32), rng.normal(size=(n, 4)), rng.normal(size=(n, dim)))
    back = unpack_activations(pack_activations(heard))
    assert (back.times.shape, back.logits.shape, back.embedding.shape) == ((n,), (n, 4), (n, dim))
    np.testing.assert_array_equal(back.times, heard.times)
    if min(n, dim) <= RANK:
        np.testing.assert_allclose(back.embedding, heard.embedding, atol=0.1)


def test_extreme_logits_come_back(rng):
    logits = np.array([[1e5, -1e5, 0.0], [-1e5, 1e-3, np.nan]], np.float32)
    back = unpack_activations(pack_activations(Activations(np.zeros(2), logits, np.zeros((2, 3)))))
    np.testing.assert_allclose(back.logits, np.nan_to_num(logits), atol=1 / 250)


SPOILED = {
    "cut": lambda packed: packed[:40],
    "longer": lambda packed: packed + b"x",
    "no msgpack": lambda packed: FORMAT + b"\xc1",
    "no map": lambda packed: FORMAT + b"\x01",
    "other": lambda packed: b"junk",
}


@pytest.mark.parametrize("how", SPOILED)
def test_what_is_no_packed_activations_is_damage(heard, how, tmp_path):
    with pytest.raises(CatalogueError, match="holds what earmark did not write"), decoded(tmp_path):
        unpack_activations(SPOILED[how](pack_activations(heard)))


def test_a_bomb_is_not_unpacked(monkeypatch, heard):
    monkeypatch.setattr(steps, "LONGEST", 1000)
    with pytest.raises(ValueError, match="too long"):
        unpack_activations(pack_activations(heard))
