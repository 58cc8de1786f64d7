"""Labels and columns of a manifest, lined up with tags."""

import numpy as np
import pytest

from earmark.data.targets import Targets
from earmark.errors import DataError
from earmark.evaluation.alignment import align_labels, has_exclusive_group, normalise_tag
from earmark.tagger.tagset import TagGroup, Tagset

TAGSET = Tagset(
    (
        TagGroup("genre", ("Hip-Hop", "jazz", "rock"), "exclusive"),
        TagGroup("tags", ("jazz", "rock", "sad", "happy")),
        TagGroup("scale", ("energy",), "value"),
    )
)


def labels(*names: str) -> Targets:
    known, index = np.unique(names, return_inverse=True)
    return Targets("exclusive", tuple(map(str, known)), np.eye(len(known), dtype=np.float32)[index], index)


def columns(*names: str) -> Targets:
    return Targets("independent", names, np.random.default_rng(0).random((5, len(names)), np.float32), np.zeros(0))


def test_a_column_goes_to_the_group_of_its_name():
    aligned = align_labels(TAGSET, labels("jazz", "hiphop", "jazz"), ["genre"])

    assert (aligned.group, aligned.names, aligned.outputs.tolist()) == ("genre", ("Hip-Hop", "jazz", "rock"), [0, 1, 2])
    assert aligned.truth.tolist() == [1, 0, 1]


def test_a_column_of_another_name_goes_to_the_group_that_has_its_labels():
    aligned = align_labels(TAGSET, labels("sad", "happy"), ["feel"])

    assert (aligned.group, aligned.names) == ("tags", ("sad", "happy"))
    p = aligned.probabilities(TAGSET, np.array([[9, 9, 9, 9, 9, 2, 0, 1.0]], np.float32))
    assert p.sum() == pytest.approx(1)
    assert p[0, 0] == pytest.approx(0.8808 / (0.8808 + 0.5), abs=1e-3)


def test_columns_go_to_tags_of_their_names_independent_ones_first():
    aligned = align_labels(TAGSET, columns("energy", "rock", "genre/rock"), ["energy", "rock", "genre/rock"])
    assert aligned.outputs.tolist() == [7, 4, 2]
    assert aligned.group == ""


def test_unknown_labels_are_named_with_their_rows_and_the_tags_there_are():
    with pytest.raises(DataError, match=r"does not know: 'polka' \(2 rows\).*Hip-Hop, jazz, rock.*--ignore-unknown"):
        align_labels(TAGSET, labels("jazz", "polka", "rock", "polka"), ["genre"])


def test_unknown_labels_are_left_out_when_asked_and_counted():
    aligned = align_labels(TAGSET, labels("jazz", "polka", "rock", "polka"), ["genre"], ignore_unknown=True)

    assert aligned.rows.tolist() == [0, 2]
    assert aligned.truth.tolist() == [1, 2]
    assert aligned.ignored == {"polka": 2}


def test_nothing_known_is_an_error_even_then():
    with pytest.raises(DataError, match="train"):
        align_labels(TAGSET, labels("polka", "waltz"), ["genre"], ignore_unknown=True)
    with pytest.raises(DataError, match="no tags loudness"):
        align_labels(TAGSET, columns("loudness"), ["loudness"], ignore_unknown=True)


def test_case_blanks_and_punctuation_do_not_count():
    assert normalise_tag("Hip-Hop ") == normalise_tag("hip hop") == "hiphop"
    assert normalise_tag("...") == "..."
    assert has_exclusive_group(TAGSET, "Genre")
    assert not has_exclusive_group(TAGSET, "tags")
