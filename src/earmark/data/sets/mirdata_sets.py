"""Any data set that mirdata knows, as a manifest: ``mirdata:giantsteps_key``, ``mirdata:ballroom`` and some sixty more.

Citation: Bittner et al.: mirdata: software for reproducible usage of datasets, ISMIR 2019; and each set's own, which
mirdata prints. Licence: each set's own. mirdata fetches its index of the set once, so the first use needs a network.
"""

from collections.abc import Iterable
from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError, MissingPackage


def load(folder: str | Path, name: str) -> Manifest:
    """Read a set that lies in `folder` through mirdata.

    Returns
    -------
    Manifest with one row a track that has audio: its path, and every attribute that is one text or number

    Raises
    ------
    DataError : the set is unknown, its index is missing, or no audio of it is in `folder`
    MissingPackage : mirdata is not installed
    """
    try:
        import mirdata
    except ImportError as error:
        raise MissingPackage("mirdata", "not installed", "Run `pip install mirdata`.") from error
    if name not in mirdata.list_datasets():
        raise DataError(name, "not a set of mirdata", f"It knows {', '.join(mirdata.list_datasets())}.")
    try:
        dataset = mirdata.initialize(name, data_home=str(folder))
        tracks = dataset.load_tracks()
    except (FileNotFoundError, OSError) as error:
        fetch = f"import mirdata; mirdata.initialize('{name}').download(['index'])"
        raise DataError(name, f"mirdata cannot load it ({error})", f'Run `python -c "{fetch}"` once.') from error
    rows = manifest_rows(tracks.values(), Path(folder))
    if not rows:
        raise DataError(folder, f"no audio of {name} in it", "Download the set's audio into this folder.")
    return Manifest(Path(folder).resolve(), name, rows, str(getattr(dataset, "license_info", "") or ""))


def manifest_rows(tracks: Iterable, folder: Path) -> list[dict[str, str]]:
    """One row for each track whose audio is there; attributes that a track lacks are blank.

    Parameters
    ----------
    tracks : tracks of mirdata, with ``audio_path``, ``track_id`` and attributes of their own
    folder : where the set lies; paths become relative to it
    """
    rows = []
    for track in tracks:
        path = getattr(track, "audio_path", None)
        if path and Path(path).is_file():
            values = {key: getattr(track, key) for key in _plain_names(track)}
            plain = {key: value for key, value in values.items() if isinstance(value, str | int | float)}
            rows.append(
                {"path": str(Path(path).resolve().relative_to(folder.resolve())), "song": track.track_id, **plain}
            )
    columns = list(dict.fromkeys(key for row in rows for key in row))
    return [{column: str(row.get(column, "")) for column in columns} for row in rows]


def _plain_names(track) -> list[str]:
    """Attributes set on the track itself; its properties, which may load whole annotations, are passed over."""
    hidden = ("track_id", "dataset_name")
    return [key for key in vars(track) if key[0] != "_" and not key.endswith("_path") and key not in hidden]
