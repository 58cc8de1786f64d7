import pytest

from earmark.interop.spreadsheet import cell


@pytest.mark.parametrize(
    ("value", "shown"),
    [("=1", "'=1"), ("@a", "'@a"), ("-a", "'-a"), ("a=1", "a=1"), (-1.5, -1.5), (None, None), (["a", "b"], "a; b"),
     (("=x",), "'=x")],
)  # fmt: skip
def test_cells(value, shown):
    assert cell(value) == shown
