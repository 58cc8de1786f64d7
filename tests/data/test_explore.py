"""Looking at a data set: MFCC, and distinct classes told from ambiguous ones."""

import numpy as np
import pytest
import scipy.fft

from datafiles import manifest_of, melody
from earmark.audio.config import FeatureConfig
from earmark.audio.features import log_mel
from earmark.data import explore
from earmark.data.targets import read_targets
from earmark.errors import DataError

CFG = FeatureConfig()


def test_mfcc_is_an_orthonormal_cosine_transform():
    S = log_mel(melody(0, 1.0), CFG)
    full = explore.mfcc(S, CFG.n_mels)
    np.testing.assert_allclose(np.square(full).sum(), np.square(S).sum(), rtol=1e-4)
    np.testing.assert_allclose(scipy.fft.idct(full, axis=1, norm="ortho"), S, atol=1e-4)
    flat = explore.mfcc(np.ones((3, 96), np.float32))
    np.testing.assert_allclose(flat[:, 0], np.sqrt(96), rtol=1e-5)
    np.testing.assert_allclose(flat[:, 1:], 0, atol=1e-5)


@pytest.mark.parametrize("seconds", [0.01, 0.3, 2.0, 30.0])
def test_mfcc_images_have_one_size(seconds):
    S = np.ones((max(1, round(seconds * CFG.frame_rate)), 96), np.float32)
    image = explore.mfcc_image(S, CFG)
    assert image.shape == (explore.IMAGE_STEPS, explore.N_MFCC)
    np.testing.assert_allclose(image[:, 0], np.sqrt(96), rtol=1e-5)


def test_purity_tells_distinct_classes_from_ambiguous_ones(rng):
    n = 40
    images = rng.normal(size=(3 * n, 8, 5))
    images[:n] += 4  # class a lies apart; b and c lie among each other
    manifest = manifest_of(genre=["a"] * n + ["b"] * n + ["c"] * n)
    projection = explore.project(manifest, read_targets(manifest, ["genre"]), images)
    assert projection.purity["a"] > 0.95
    assert 0.3 < projection.purity["b"] < 0.7
    assert projection.chance == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    assert projection.explained[0] == projection.explained.max()


def test_two_files_are_too_few(rng):
    manifest = manifest_of(genre=["a", "b"])
    targets = read_targets(manifest, ["genre"], for_training=False)
    with pytest.raises(DataError, match="Three or more are needed"):
        explore.project(manifest, targets, rng.normal(size=(2, 8, 5)))


def test_purity_does_not_count_files_of_the_same_song(rng):
    """Pairs of files of one song lie on one spot; the songs themselves lie at random."""
    spots = np.repeat(rng.normal(size=(60, 8, 5)), 2, axis=0)
    manifest = manifest_of(genre=np.repeat(["a", "b"] * 30, 2), song=np.repeat(np.arange(60), 2))
    targets = read_targets(manifest, ["genre"])
    alone = manifest_of(genre=manifest.column("genre"))
    assert 0.3 < explore.project(manifest, targets, spots).purity["a"] < 0.7
    assert explore.project(alone, targets, spots).purity["a"] > explore.project(manifest, targets, spots).purity["a"]


def test_no_two_classes_share_a_file():
    assert explore.file_names(("R&B", "R/B", "jazz", "???")) == {
        "R&B": "r_b",
        "R/B": "r_b-1",
        "jazz": "jazz",
        "???": "class",
    }
