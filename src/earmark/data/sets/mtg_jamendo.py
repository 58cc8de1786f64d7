"""MTG-Jamendo: 55,701 full tracks with 195 tags of genre, instrument and mood/theme.

Citation: Bogdanov, Won, Tovstogan, Porter, Serra: The MTG-Jamendo dataset for automatic music tagging, ML4MD 2019.
Version: 1.1. Licence: metadata CC BY-NC-SA 4.0; each track under the Creative Commons licence of its artist.
Get it from: github.com/MTG/mtg-jamendo-dataset: audio-low or audio by its download script; data/splits/split-0 to 4.
"""

from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError

CITATION = "Bogdanov et al., The MTG-Jamendo dataset for automatic music tagging, ML4MD 2019"
PARTS = {"train": "train", "validation": "valid", "test": "test"}
HEADER = ["TRACK_ID", "ARTIST_ID", "ALBUM_ID", "PATH", "DURATION", "TAGS"]


def load(folder: str | Path, labels: str | Path | None = None, subset: str = "autotagging_top50tags") -> Manifest:
    """Read MTG-Jamendo: audio in `folder` (``14/214.mp3`` or ``14/214.low.mp3``), tags from one published split.

    Parameters
    ----------
    labels : folder of one split, e.g. ``data/splits/split-0``; ``split-0`` in `folder` where None
    subset : ``autotagging``, ``autotagging_top50tags``, ``autotagging_genre``, ``autotagging_instrument``,
        ``autotagging_moodtheme``

    Returns
    -------
    Manifest with a column of 0 and 1 for each tag, named as in the set (``--target 'genre---*'``)

    Raises DataError for missing or foreign lists.
    """
    folder, home = Path(folder), Path(labels or Path(folder) / "split-0")
    tracks = [(split, cells) for part, split in PARTS.items() for cells in _read_list(home / f"{subset}-{part}.tsv")]
    tags = sorted({tag for _, cells in tracks for tag in cells[5:]})
    rows = []
    for split, cells in tracks:
        song, artist, album, path = cells[:4]
        row = {"path": _where(folder, path), "song": song, "artist": artist, "album": album, "split": split}
        own = set(cells[5:])
        rows.append(row | {tag: "1" if tag in own else "0" for tag in tags})
    return Manifest(folder.resolve(), f"mtg-jamendo {subset}", rows, "Creative Commons, per track", CITATION, "1.1")


def _read_list(path: Path) -> list[list[str]]:
    """Cells of each line: the five fields, then as many tags as there are."""
    if not path.is_file():
        raise DataError(path, "no such file", "Give the folder of one split, e.g. data/splits/split-0.")
    header, *lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    if header != HEADER:
        raise DataError(path, f"its first line is not {' '.join(HEADER)}", "Use the published file, unchanged.")
    return [cells for cells in lines if len(cells) > 5]


def _where(folder: Path, path: str) -> str:
    """The audio file of a list's path: the low quality release adds ``.low``."""
    low = str(Path(path).with_suffix(".low.mp3"))
    return low if not (folder / path).is_file() and (folder / low).is_file() else path
