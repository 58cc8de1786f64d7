"""What users write for a place: the path of a folder, or an address such as ``s3://bucket/music.earmark``."""

import os
from pathlib import Path

from earmark.catalogue.objects import ObjectPlace, is_uri
from earmark.catalogue.place import LocalPlace, Place

Where = str | os.PathLike | Place
"""What can be made a place."""


def place_of(where: Where) -> Place:
    """The place that is meant; a place is itself. Raises ConfigError for an address that names none."""
    if isinstance(where, Place):
        return where
    text = os.fspath(where)
    return ObjectPlace.at(text) if is_uri(text) else LocalPlace(Path(text))


def place_of_user(where: Where) -> Place:
    """`place_of`, with ``~`` for the home folder."""
    return where if isinstance(where, Place) else place_of(os.path.expanduser(os.fspath(where)))
