"""Columns become targets, or are refused with the rows that are to blame."""

from typing import get_args

import numpy as np
import pytest

from datafiles import manifest_of
from earmark.data.targets import TargetKind, read_targets
from earmark.errors import DataError
from earmark.tagger.tagset import Kind


def test_one_text_column_gives_sorted_exclusive_classes():
    targets = read_targets(manifest_of(genre=["rock", "jazz", "rock", "jazz"]), ["genre"])
    assert (targets.kind, targets.names) == ("exclusive", ("jazz", "rock"))
    assert targets.index.tolist() == [1, 0, 1, 0]
    assert targets.values.tolist() == [[0, 1], [1, 0], [0, 1], [1, 0]]


def test_numbers_give_shares_or_values_unless_told_otherwise():
    manifest = manifest_of(a=[0, 1, 0], b=[0.5, 0.25, 1], year=[1999, 2001, 2001])
    shares = read_targets(manifest, ["a", "b"])
    assert (shares.kind, shares.names) == ("independent", ("a", "b"))
    np.testing.assert_allclose(shares.values, [[0, 0.5], [1, 0.25], [0, 1]])
    assert read_targets(manifest, ["a", "b"], kind="value").kind == "value"
    assert read_targets(manifest, ["year"]).kind == "value"
    years = read_targets(manifest, ["year"], kind="exclusive", for_training=False)
    assert years.names == ("1999", "2001")


def test_patterns_stand_for_columns():
    manifest = manifest_of(**{"tag---a": [0, 1, 1], "tag---b": [1, 0, 1], "other": [3, 4, 5]})
    assert read_targets(manifest, ["tag---*"]).names == ("tag---a", "tag---b")


@pytest.mark.parametrize(
    ("columns", "target", "kind", "message"),
    [
        ({"genre": ["a", "b"]}, "mood", None, "column 'mood': not in test. It has path, genre"),
        ({"genre": ["a", "", "b"]}, "genre", None, r"blank in 1 of 3 rows: row 3 \(1.wav\)"),
        ({"genre": ["a", "a"]}, "genre", None, "one class only, 'a'"),
        ({"genre": ["a", "a", "b"]}, "genre", None, r"classes of one song: 'b', row 4 \(2.wav\)"),
        ({"genre": ["a", "a", "b", "b"], "song": [1, 2, 3, 3]}, "genre", None, "classes of one song: 'b'"),
        ({"x": [0, 0, 0]}, "x", None, "the same value in every row: x"),
        ({"x": [0, "loud", 1]}, "x", None, r"not a number in 1 of 3 rows: row 3"),
        ({"x": [0, "nan", 1]}, "x", None, "not a number"),
        ({"x": [0, 3, 1]}, "x", "independent", "values from 0 to 3"),
    ],
)
def test_targets_that_cannot_be_learned_are_refused(columns, target, kind, message):
    with pytest.raises(DataError, match=message):
        read_targets(manifest_of(**columns), [target], kind)


def test_a_set_to_be_tested_on_may_have_one_class():
    assert read_targets(manifest_of(genre=["a", "a"]), ["genre"], for_training=False).names == ("a",)


def test_every_kind_is_one_that_a_model_file_can_have():
    assert set(get_args(Kind)) - set(get_args(TargetKind)) == {"share"}
