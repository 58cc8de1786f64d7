"""Data sets: one module each, all giving a `Manifest`.

`LOADERS` names the published sets, for ``earmark data manifest SET FOLDER``; each has
``load(folder, labels) -> Manifest``, where `labels` is the folder or file of its published splits or annotations.
"""

from importlib import import_module
from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError

LOADERS = {
    "folders": "folders",
    "playlists": "playlists",
    "gtzan": "gtzan",
    "fma": "fma",
    "magnatagatune": "magnatagatune",
    "mtg-jamendo": "mtg_jamendo",
    "emotify": "emotify",
}


def load_set(name: str, folder: str | Path, labels: str | Path | None = None) -> Manifest:
    """The manifest of a published set, from the files that the user has of it.

    Parameters
    ----------
    name : one of `LOADERS`, or ``mirdata:NAME`` for any set that mirdata knows
    folder : where the set was unpacked
    labels : folder or file of its published split or annotations, where they lie elsewhere

    Raises
    ------
    DataError : the name is not known, or the files are not in the set's layout
    MissingPackage : mirdata is asked for and not installed
    """
    if name.startswith("mirdata:"):
        from earmark.data.sets import mirdata_sets

        return mirdata_sets.load(folder, name.removeprefix("mirdata:"))
    if name not in LOADERS:
        raise DataError(f"data set {name!r}", "unknown", f"Known are {', '.join(LOADERS)} and mirdata:NAME.")
    if not Path(folder).is_dir():
        raise DataError(folder, "no such folder", f"Give the folder that {name} was unpacked into.")
    if labels is not None and name in ("folders", "playlists"):
        raise DataError(labels, f"{name} have no list of labels", "Leave --labels out.")
    module = import_module(f"earmark.data.sets.{LOADERS[name]}")
    return module.load(Path(folder)) if labels is None else module.load(Path(folder), Path(labels))
