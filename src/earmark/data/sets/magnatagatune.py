"""MagnaTagATune: 25,863 clips of 29 s, 188 tags given in a game.

Citation: Law, West, Mandel, Bay, Downie: Evaluation of algorithms using games: the case of music annotation,
  ISMIR 2009.
Version: annotations_final.csv. Licence: clips CC BY-NC-SA 1.0 (Magnatune).
Get it from: the MagnaTagATune page of MIRG, City University London (mp3.zip.001-003, annotations_final.csv,
  clip_info_final.csv).

Original split: the 16 folders 0-f as 12 : 1 : 3. Cleaned splits (Won et al. 2020; Lee et al. 2017; Pons et al. 2018)
are read from their published lists: a folder with train, valid and test as .npy, .tsv, .csv or .txt, each entry of
which holds a clip id or an mp3 path.
"""

import csv
import re
from pathlib import Path

import numpy as np

from earmark.data.manifest import Manifest
from earmark.errors import DataError

CITATION = "Law et al., Evaluation of algorithms using games, ISMIR 2009"
FOLDERS = {**dict.fromkeys("0123456789ab", "train"), "c": "valid", **dict.fromkeys("def", "test")}
N_TAGS = 50  # the most frequent ones, as every published figure
CLIP = re.compile(r"^(?P<song>.+)-\d+-\d+\.mp3$")  # artist-album-number-title-start-end.mp3


def load(folder: str | Path, labels: str | Path | None = None, n_tags: int = N_TAGS) -> Manifest:
    """Read MagnaTagATune from the folder that holds annotations_final.csv and the folders 0-f.

    Parameters
    ----------
    labels : folder of the lists of a cleaned split; the original 12 : 1 : 3 where None
    n_tags : how many of the tags, by frequency

    Returns
    -------
    Manifest with a column ``tag---NAME`` of 0 and 1 for each tag (``--target 'tag---*'``)

    Raises DataError for missing or foreign files.
    """
    folder = Path(folder)
    header, lines = _table(folder / "annotations_final.csv")
    tags = header[1:-1]
    counts = np.array([[int(cell) for cell in line[1:-1]] for line in lines], np.int64).sum(axis=0)
    chosen = np.sort(np.argsort(-counts, kind="stable")[:n_tags])
    split_of = _read_lists(Path(labels)) if labels else None
    artists = _artists(folder / "clip_info_final.csv")
    rows = []
    for line in lines:
        clip, path = line[0], line[-1]
        split = FOLDERS.get(path[0], "") if split_of is None else split_of.get(clip) or split_of.get(path, "")
        if split:
            match = CLIP.match(path)
            row = {
                "path": path,
                "song": match["song"] if match else path,
                "artist": artists.get(clip, ""),
                "split": split,
            }
            rows.append(row | {f"tag---{tags[k]}": line[1 + k] for k in chosen})
    if not rows:
        raise DataError(labels or folder, "no clip of annotations_final.csv is in the split", "Check the lists.")
    return Manifest(folder.resolve(), "magnatagatune", rows, "CC BY-NC-SA 1.0", CITATION)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows of one of the set's tab-separated files."""
    if not path.is_file():
        raise DataError(path, "no such file", "Put the csv files of MagnaTagATune beside its folders 0-f.")
    with open(path, encoding="utf-8", newline="") as file:
        header, *lines = csv.reader(file, delimiter="\t")
    if header[0] != "clip_id" or header[-1] != "mp3_path":
        raise DataError(path, "its first line is not `clip_id ... mp3_path`", "Use the published file, unchanged.")
    return header, [line for line in lines if len(line) == len(header)]


def _artists(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    header, lines = _table(path)
    return {line[0]: line[header.index("artist")] for line in lines}


def _read_lists(folder: Path) -> dict[str, str]:
    """Part by clip id and by mp3 path, from the lists of a cleaned split."""
    part_of: dict[str, str] = {}
    for part in ("train", "valid", "test"):
        found = [path for path in sorted(folder.glob(f"{part}*")) if path.suffix in (".npy", ".tsv", ".csv", ".txt")]
        if not found:
            raise DataError(folder, f"no list of the {part} part", "Give train, valid and test as .npy, .tsv or .txt.")
        for entry in _entries(found[0]):
            part_of |= dict.fromkeys(re.split(r"[\t, ]+", entry.strip()), part)
    part_of.pop("", None)
    return part_of


def _entries(path: Path) -> list[str]:
    if path.suffix == ".npy":
        return [str(entry) for entry in np.load(path, allow_pickle=False)]
    return path.read_text(encoding="utf-8").splitlines()
