"""The blend finds which evidence is to be believed, and artists do not judge themselves."""

import numpy as np

from earmark_research.key.blend import choose_keys, fit_blend, out_of_fold_logits, write_keys


def make_evidence(rng, n=200):
    """The first column knows the key, the second does not."""
    keys = rng.integers(24, size=n)
    evidence = rng.normal(0, 1, (n, 24, 3))
    evidence[:, :, 2] = np.arange(24) >= 12
    evidence[np.arange(n), keys, 0] += 3
    return evidence, keys


def test_what_knows_the_key_weighs_and_what_does_not_counts_for_nothing(rng):
    evidence, keys = make_evidence(rng)
    blend = fit_blend(evidence, keys, np.ones(len(keys)))
    assert blend[0] > 1
    assert abs(blend[1]) < 0.3


def test_clips_of_no_weight_do_not_count(rng):
    evidence, keys = make_evidence(rng)
    weight = np.ones(len(keys))
    expected = fit_blend(evidence[:100], keys[:100], weight[:100])
    weight[100:] = 0
    evidence[100:, :, 0] *= -1
    np.testing.assert_allclose(fit_blend(evidence, keys, weight), expected, atol=1e-3)


def test_an_artist_is_judged_by_a_blend_of_others(rng):
    """One artist with most of the clips, whose evidence is inverted: a blend that is fitted on them would invert it."""
    evidence, keys = make_evidence(rng)
    artists = ["odd"] * 130 + [f"artist {i}" for i in range(70)]
    evidence[:130, :, 0] *= -1
    inside = choose_keys(evidence @ fit_blend(evidence, keys, np.ones(200))) == keys
    outside = choose_keys(out_of_fold_logits(evidence, keys, np.ones(200), artists)) == keys
    assert inside[:130].mean() > 0.2
    assert outside[:130].mean() < 0.05


def test_the_chosen_key_has_the_largest_expected_weight():
    logits = np.full((1, 24), -9.0)
    logits[0, [0, 7, 5]] = 1.0, 0.9, 0.9  # C, with its fifths on both sides
    assert choose_keys(logits).tolist() == [0]


def test_keys_are_written_as_the_benchmark_reads_them(tmp_path):
    write_keys(tmp_path / "held.csv", ["a.wav", "b.wav"], np.array([3, 20]))
    assert (tmp_path / "held.csv").read_text() == "path,key\na.wav,3\nb.wav,20\n"
