"""JSON Lines beside the tables: plain text that outlives them, written whole and at once to the disk."""

import json
from collections.abc import Iterable

from earmark.catalogue.where import Where, place_of
from earmark.errors import CatalogueError


def write_lines(path: Where, rows: Iterable[dict]) -> None:
    """Replace the file by these rows, one a line; raises CatalogueError where the disk refuses."""
    try:
        place_of(path).write("".join(json.dumps(row) + "\n" for row in rows).encode())
    except OSError as error:
        remedy = "Free space or mend its permissions, then run the same command again."
        raise CatalogueError(path, f"cannot be written ({error.strerror})", remedy) from error


def read_lines(path: Where) -> list[dict]:
    """The rows of a file, none where there is no file; lines that are no JSON object are passed over."""
    try:
        text = place_of(path).read().decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise CatalogueError(path, f"cannot be read ({error.strerror})", "Mend its permissions.") from error
    rows = []
    for line in text.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            rows.append(row)
    return rows
