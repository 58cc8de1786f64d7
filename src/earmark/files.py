"""Files that are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: str | os.PathLike) -> Iterator[Path]:
    """A path to write to, which becomes `path` when the block ends and vanishes where it fails.

    The draft lies in the same folder, so that renaming it is one step, and keeps the suffix, by which some libraries
    choose a format. Errors of the file system are those of `open` and `os.replace`.

    Examples
    --------
    >>> with whole_file("metrics.json") as draft:  # doctest: +SKIP
    ...     draft.write_text("{}")
    """
    path = Path(path)
    draft = path.with_name(f".part-{os.getpid()}-{path.name}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
