"""Tags from the teachers' tags, and values from feelings."""

import numpy as np
import pytest

from earmark_research.tagger import tags


def teacher_row(**present: float) -> np.ndarray:
    """One row of teachers' tags: .01 everywhere but for ``mtt_piano=.9`` and the like."""
    row = np.full((1, 150), 0.01, np.float32)
    for key, value in present.items():
        for column in tags.teacher_columns((key.replace("_", ":", 1).replace("_", " "),))[0]:
            row[0, column] = value
    return row


def derived(name: str) -> tags.Derived:
    return next(tag for tag in tags.DERIVED if tag.name == name)


def test_synonyms_add_up_and_opposites_divide():
    assert tags.derived_target(derived("piano"), teacher_row(mtt_piano=0.9))[0] == pytest.approx(0.9)
    sung = teacher_row(mtt_vocal=0.3, mtt_singing=0.3)
    assert tags.derived_target(derived("vocals"), sung)[0] > 0.9
    assert tags.derived_target(derived("vocals"), teacher_row(mtt_no_vocals=0.6))[0] < 0.2
    assert tags.derived_target(derived("heavy"), teacher_row(msd_metal=0.5))[0] == pytest.approx(0.52)


def test_energy_and_valence_follow_the_feelings():
    shares = np.zeros((3, 9), np.float32)
    shares[0, tags.FEELINGS.index("joyful_activation")] = 0.8
    shares[1, tags.FEELINGS.index("sadness")] = 0.8
    shares[2, tags.FEELINGS.index("tension")] = 0.8
    energy, valence = tags.emotion_values(shares)

    np.testing.assert_allclose(energy, [0.9, 0.1, 0.9], atol=1e-6)
    np.testing.assert_allclose(valence, [0.9, 0.1, 0.1], atol=1e-6)


def test_a_tag_of_the_million_songs_has_two_teachers():
    assert tags.teacher_columns(("msd:rock", "mtt:piano")) == [[0, 50], [100 + tags.MTT.index("piano")]]


def test_every_tag_is_defined_once():
    tagset = tags.starter_tagset()
    assert len(set(tagset.names())) == len(tagset.names())
    assert all(all(group.definition) for group in tagset.groups)
    for tag in tags.DERIVED:
        tags.teacher_columns(tag.positive + tag.negative)  # raises where a teacher has no such tag
