"""Sections of made-up tracks: a sequence of rows of known form."""

import numpy as np
import pytest

from earmark.descriptors.structure import Structure, find_representative, find_structure, from_dict, line


def track(form: str, seconds: float = 20.0, step: float = 0.5, noise: float = 0.2, seed: int = 0):
    """Embedding [n, 32] and times of a track whose sections are the letters of `form`, each of that length."""
    rng = np.random.default_rng(seed)
    centre = {letter: rng.normal(size=32) for letter in sorted(set(form))}
    n = round(seconds / step)
    rows = np.concatenate([np.tile(centre[letter], (n, 1)) for letter in form])
    return rows + noise * rng.normal(size=rows.shape), (np.arange(len(rows)) + 0.5) * step, len(rows) * step


@pytest.mark.parametrize("form", ["AB", "ABAB", "AABAC", "ABCBA"])
@pytest.mark.parametrize("seconds", [16.0, 23.0, 40.0])
def test_the_sections_of_a_made_up_form_are_found(form, seconds):
    embedding, times, duration = track(form, seconds)
    result = find_structure(embedding, times, duration)
    expected = [i * seconds for i in range(1, len(form)) if form[i] != form[i - 1]]
    assert result.boundaries == pytest.approx(expected, abs=1.0)


def test_sections_that_sound_alike_share_their_letter():
    assert find_structure(*track("ABACBA", 30)).labels == tuple("ABACBA")


def test_the_chroma_finds_what_the_embedding_does_not_show():
    _, times, duration = track("AB")
    chroma = np.zeros((80, 12), np.float16)
    chroma[:40, 0], chroma[40:, 7] = 1, 1
    same = np.ones((len(times), 32))
    assert find_structure(same, times, duration).boundaries == ()
    assert find_structure(same, times, duration, chroma, 2.0).boundaries == pytest.approx([20], abs=1)


def test_the_representative_stretch_lies_in_the_longest_section():
    start, end = find_structure(*track("ABBBBBA", 20)).representative
    assert end - start == 30
    assert start >= 20
    assert end <= 120


def test_a_short_track_is_its_own_representative():
    assert find_structure(*track("A", 12.0)).representative == (0, 12)


def test_a_steady_track_has_one_section():
    assert find_structure(*track("A", 180, noise=0.5)).boundaries == ()
    assert find_structure(np.ones((100, 8)), np.arange(100.0), 100.0).labels == ("A",)


@pytest.mark.parametrize("duration", [0.1, 3.0])
def test_a_single_row_is_enough(duration):
    result = find_structure(np.ones((1, 8)), np.array([0.05]), duration)
    assert (result.boundaries, result.representative) == ((), (0, duration))


def test_half_an_hour_stays_small_and_fast():
    embedding, times, duration = track("ABAB", 450, step=1.5)
    assert find_structure(embedding, times, duration).boundaries == pytest.approx([450, 900, 1350], abs=5)


def test_rows_without_times_are_refused():
    with pytest.raises(ValueError, match="3 rows, 2 times"):
        find_structure(np.ones((3, 8)), np.arange(2.0), 3.0)


def test_the_representative_stretch_is_the_earliest_among_equals():
    edges = np.arange(101.0)
    similarity = np.ones((100, 100))

    assert find_representative(similarity, edges, 100.0) == (0, 30)
    similarity[40:80] = 2
    assert find_representative(similarity, edges, 100.0) == (40, 70)
    assert find_representative(similarity, edges, 100.0, seconds=200.0) == (0, 100)


def test_many_sections_go_on_after_z():
    embedding = np.repeat(np.eye(28), 20, axis=0)
    labels = find_structure(embedding, np.arange(560.0) * 0.6, 336.0).labels

    assert labels == (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "A1", "B1")


def test_silence_is_one_section():
    result = find_structure(np.zeros((60, 8)), np.arange(60.0), 60.0, np.zeros((150, 180), np.float16), 2.5)
    assert (result.boundaries, result.labels, result.representative) == ((), ("A",), (0, 30))


def test_it_survives_its_dictionary_and_has_a_line():
    structure = Structure((20.0, 61.5), ("A", "B", "A"), (20.0, 50.0))

    assert from_dict(structure.to_dict()) == structure
    assert line(structure) == "sections A B A; most typical 0:20 to 0:50"
    with pytest.raises(TypeError, match="colour"):
        from_dict(structure.to_dict() | {"colour": []})
