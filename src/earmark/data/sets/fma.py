"""FMA: a dataset for music analysis. 106,574 tracks of the Free Music Archive, clips of 30 s in small to large.

Citation: Defferrard, Benzi, Vandergheynst, Bresson: FMA: a dataset for music analysis, ISMIR 2017.
Version: fma_metadata of 2017-05. Licence: metadata CC BY 4.0; each track under the Creative Commons licence of its
  artist, kept in the column ``licence``.
Get it from: github.com/mdeff/fma: fma_small.zip (8,000 clips, 8 genres, 7.2 GB) and fma_metadata.zip.
"""

import csv
from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError

CITATION = "Defferrard et al., FMA: a dataset for music analysis, ISMIR 2017"
SPLITS = {"training": "train", "validation": "valid", "test": "test"}
COLUMNS = {
    "split": ("set", "split"), "subset": ("set", "subset"), "genre": ("track", "genre_top"),
    "artist": ("artist", "id"), "artist_name": ("artist", "name"), "album": ("album", "id"),
    "title": ("track", "title"), "licence": ("track", "license"),
}  # fmt: skip


def load(folder: str | Path, labels: str | Path | None = None) -> Manifest:
    """Read FMA from the folder that holds e.g. ``fma_small/000/000002.mp3``, in its own artist-clean split.

    Parameters
    ----------
    labels : ``fma_metadata/tracks.csv``; beside `folder`, or in it, where None

    Returns
    -------
    Manifest of the tracks whose file is there and whose top genre is known

    Raises DataError for a missing or foreign tracks.csv and where no track of it is in `folder`.
    """
    folder = Path(folder)
    table = _find_table(folder, labels)
    files = {path.stem: path for path in folder.rglob("*.mp3")}
    rows = []
    for track in _read_table(table):
        path = files.get(track["track_id"].zfill(6))
        if path and track["genre"]:
            split = SPLITS.get(track["split"], "")
            kept = {key: track[key] for key in COLUMNS if key != "split"}
            rows.append({"path": path.relative_to(folder).as_posix(), "song": track["track_id"], "split": split} | kept)
    if not rows:
        raise DataError(folder, f"none of the tracks of {table} with a top genre is in it",
                        "Give the folder that holds fma_small, fma_medium or fma_large.")  # fmt: skip
    return Manifest(folder.resolve(), "fma", rows, "Creative Commons, per track", CITATION, "2017-05")


def _find_table(folder: Path, labels: str | Path | None) -> Path:
    places = [Path(labels)] if labels else [base / "fma_metadata" for base in (folder, folder.parent)]
    for place in places:
        path = place / "tracks.csv" if place.is_dir() else place
        if path.is_file():
            return path
    raise DataError(places[0], "no tracks.csv of FMA here", "Unpack fma_metadata.zip beside the audio.")


def _read_table(path: Path) -> list[dict[str, str]]:
    """Rows of tracks.csv, whose header has two levels and a third line that names the index."""
    with open(path, encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        level0, level1 = next(lines, []), next(lines, [])
        place = {pair: i for i, pair in enumerate(zip(level0, level1, strict=False))}
        missing = [".".join(pair) for pair in COLUMNS.values() if pair not in place]
        if missing:
            raise DataError(path, f"no columns {missing}", "Use tracks.csv of fma_metadata.zip, unchanged.")
        return [
            {"track_id": cells[0]} | {name: cells[place[pair]].strip() for name, pair in COLUMNS.items()}
            for cells in lines
            if cells and cells[0].isdigit()
        ]
