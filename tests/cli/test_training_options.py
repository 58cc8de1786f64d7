"""What commands on labelled music share."""

import pytest

from earmark.cli.training_options import need_packages, parse_columns
from earmark.errors import MissingPackage


@pytest.mark.parametrize(
    ("text", "columns"),
    [("genre", ["genre"]), (" genre, mood ,", ["genre", "mood"]), ("", []), ("tag---*", ["tag---*"])],
)
def test_columns_of_a_target(text, columns):
    assert parse_columns(text) == columns


def test_all_missing_packages_are_named_at_once():
    need_packages("earmark train", "json", "numpy")
    with pytest.raises(MissingPackage, match=r"earmark train: no_such, nor_this not installed. Run: pip install"):
        need_packages("earmark train", "no_such", "numpy", "nor_this")
