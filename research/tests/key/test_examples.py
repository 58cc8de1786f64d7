"""What is done to chroma before it is trained on."""

import numpy as np
import pytest

from earmark_research.key.examples import augment, collate, composed_examples, read_labelled, transpose
from sounds import write_sound


def test_transposing_moves_notes_across_octaves_and_loses_those_at_the_ends():
    P = np.zeros((1, 5, 12), np.float32)
    P[0, 2, 8], P[0, 4, 8] = 1, 2  # the highest semitone of an octave from A, and the last of all
    up = transpose(P, 1)
    assert up[0, 3, 9] == 1
    assert up.sum() == 1
    np.testing.assert_array_equal(transpose(up, -1)[0, 2], P[0, 2])


def test_an_excerpt_keeps_the_key_that_its_music_has():
    """One note alone: where it is found is where the key must be."""
    P = np.zeros((60, 5, 12), np.float32)
    P[:, 1:4, 4] = 1
    for seed in range(30):
        rng = np.random.default_rng(seed)
        found, key = augment((P, 16), rng)
        assert 6 <= len(found) < 52
        assert key >= 12
        if found[:, 1:4].std() > 0.1:
            assert found.mean(axis=(0, 1)).argmax() == key % 12


def test_a_batch_marks_what_sounds():
    x, sounds, keys = collate([(np.ones((2, 5, 12), np.float32), 3), (np.ones((4, 5, 12), np.float32), 20)])
    assert x.shape == (2, 4, 5, 12)
    assert sounds.tolist() == [[1, 1, 0, 0], [1, 1, 1, 1]]
    assert keys.tolist() == [3, 20]


def test_composed_examples_are_the_same_for_a_seed():
    told = []
    (P, key), (other, _) = composed_examples(2, 40, lambda *step: told.append(step[:3]))
    ((again, same),) = composed_examples(1, 40)
    np.testing.assert_array_equal(P, again)
    assert key == same
    assert P.shape[1:] == (5, 12)
    assert 15 < len(P) < 36
    assert not np.array_equal(P[:15], other[:15])
    assert told == [("composed pieces", 1, 2), ("composed pieces", 2, 2)]


@pytest.fixture
def clips(tmp_path, rng):
    t = np.arange(4 * 16_000) / 16_000
    write_sound(tmp_path / "a.flac", (0.3 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), 16_000)
    (tmp_path / "tracks.csv").write_text("path,key_lerch\na.flac,A minor\nb.flac,\n", encoding="utf-8")
    return tmp_path


def test_only_clips_with_a_key_are_read(clips):
    rows, ((P, key),) = read_labelled(clips)
    assert [row["path"] for row in rows] == ["a.flac"]
    assert key == 12 + 9
    assert P.sum(axis=(0, 1)).argmax() == 9
