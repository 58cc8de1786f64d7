"""Emotify: 400 clips of 60 s in four genres, with the emotions that the players of a game felt.

Citation: Aljanaki, Wiering, Veltkamp: Studying emotion induced by music through a crowdsourcing game, IPM 52(1), 2016.
Version: 2015. Licence: audio of Magnatune, CC BY-NC-SA; research use.
Get it from: the Emotify page of Utrecht University (emotifymusic.zip and data.csv).

The raw file has one row for each listener and clip; the manifest has one row a clip, and the share of its listeners who
felt each emotion. Artists are not named, so leakage by artist cannot be excluded.
"""

import csv
from collections import defaultdict
from pathlib import Path

from earmark.data.manifest import Manifest
from earmark.errors import DataError

CITATION = "Aljanaki et al., Studying emotion induced by music through a crowdsourcing game, IPM 2016"
EMOTIONS = ("amazement", "solemnity", "tenderness", "nostalgia", "calmness", "power", "joyful_activation", "tension", "sadness")  # fmt: skip  # noqa: E501
GENRES = ("classical", "rock", "electronic", "pop")  # track ids 1-100, 101-200, 201-300, 301-400


def load(folder: str | Path, labels: str | Path | None = None) -> Manifest:
    """Read Emotify from the folder that holds ``classical/1.mp3`` to ``pop/100.mp3``.

    Parameters
    ----------
    labels : data.csv; in `folder` where None

    Raises DataError for a missing or foreign data.csv.
    """
    folder, table = Path(folder), Path(labels or Path(folder) / "data.csv")
    rows = []
    for song, ratings in sorted(_ratings(table).items()):
        genre, number = GENRES[(song - 1) // 100], (song - 1) % 100 + 1
        row = {"path": f"{genre}/{number}.mp3", "song": str(song), "genre": genre, "n_raters": str(len(ratings))}
        for name in (*EMOTIONS, "liked", "disliked"):
            row[name] = f"{sum(rating[name] for rating in ratings) / len(ratings):.4f}"
        rows.append(row)
    return Manifest(folder.resolve(), "emotify", rows, "CC BY-NC-SA, research use", CITATION, "2015")


def _ratings(path: Path) -> dict[int, list[dict[str, float]]]:
    """Ratings by track id."""
    if not path.is_file():
        raise DataError(path, "no such file", "Put data.csv of Emotify beside its genre folders.")
    with open(path, encoding="utf-8-sig", newline="") as file:
        header, *lines = csv.reader(file, skipinitialspace=True)
    names = [name.strip().lower().replace(" ", "_") for name in header]
    wanted = ("track_id", *EMOTIONS, "liked", "disliked")
    missing = [name for name in wanted if name not in names]
    if missing:
        raise DataError(path, f"no columns {missing}", "Use data.csv of Emotify, unchanged.")
    place = {name: names.index(name) for name in wanted}
    ratings = defaultdict(list)
    for line in lines:
        song = int(line[place["track_id"]])
        ratings[song].append({name: float(line[place[name]] or 0) for name in wanted[1:]})
    return ratings
