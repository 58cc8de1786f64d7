"""Values that a spreadsheet opens without running them."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins so for a formula."""


def cell(value: object) -> object:
    """The value; a list joined by ``; ``; an apostrophe before a text that a spreadsheet would run as a formula."""
    if isinstance(value, list | tuple):
        value = "; ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
