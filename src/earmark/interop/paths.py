"""Where another program finds a file: the paths of this machine as a server or a container has them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from earmark.audio.addresses import is_address
from earmark.audio.earprint import is_earprint
from earmark.catalogue.track import Track
from earmark.errors import ConfigError


@dataclass(frozen=True)
class Root:
    """A folder of this machine, and the same folder elsewhere."""

    here: str
    there: str

    def map(self, path: str) -> str | None:
        """The path of a file there; None for one that lies elsewhere."""
        folder = self.here.rstrip("/") + "/"
        return self.there.rstrip("/") + "/" + path[len(folder) :] if path.startswith(folder) else None


def read_roots(texts: Iterable[str]) -> tuple[Root, ...]:
    """Roots from texts such as ``/music=/data/music``, the longest first, so that a folder in another one counts.

    Raises ConfigError.
    """
    roots = []
    for text in texts:
        here, _, there = text.partition("=")
        if not (here.strip() and there.strip()):
            raise ConfigError(text, "no map of folders", "Write it as /music=/data/music: here=there.")
        roots.append(Root(os.path.abspath(os.path.expanduser(here.strip())), there.strip()))
    return tuple(sorted(roots, key=lambda root: -len(root.here)))


@dataclass(frozen=True)
class Place:
    """A file of a track and where it is found.

    Attributes
    ----------
    path : on this machine
    there : as it is written
    found : whether a file is there, as far as this machine can see; a folder that it does not have is believed
    """

    path: str
    there: str
    found: bool


def place_of(track: Track, roots: tuple[Root, ...], beside: Path | None) -> Place | None:
    """The file of a track that another program finds, or the first one; None where only an earprint is left.

    Parameters
    ----------
    roots : maps of folders; without any, the path of this machine
    beside : the folder that paths are relative to where there are no roots; None for absolute ones
    """
    paths = [file.path for file in track.files if not is_earprint(file.path)]
    paths.sort(key=lambda path: (is_address(path), path))  # a file of this machine goes before one elsewhere
    places = [_place(path, roots, beside) for path in paths]
    return next((place for place in places if place.found), places[0] if places else None)


def _place(path: str, roots: tuple[Root, ...], beside: Path | None) -> Place:
    if is_address(path):  # no other folder leads to it, and what it leads to is believed
        return Place(path, path, True)
    if not roots:
        relative = path if beside is None else os.path.relpath(path, beside)
        return Place(path, relative, os.path.exists(path))
    for root in roots:
        if (there := root.map(path)) is not None:
            return Place(path, there, os.path.exists(there) if os.path.isdir(root.there) else os.path.exists(path))
    return Place(path, path, False)
