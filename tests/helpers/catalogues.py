"""What the tests of scan, search and command line share: a folder of sounds, and all that a catalogue holds."""

from pathlib import Path

import numpy as np

from earmark.catalogue.schema import embedding_column
from earmark.catalogue.store import Store
from sounds import chord, tune, write_sound

ROOTS = {"low": 110.0, "middle": 220.0, "higher": 330.0, "high": 440.0, "top": 880.0}


def write_music(folder: Path, names=ROOTS, seconds: float = 1.5) -> Path:
    """A chord a file, each on its own root and loudness, so that no two sound alike."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, name in enumerate(names):
        y = chord(seconds, root=ROOTS.get(name, 100.0 + 37 * i), gain=0.1 + 0.02 * (i % 20))
        write_sound(folder / f"{name}.flac", y, tags={"title": name.title(), "artist": "Sines"})
    return folder


def write_doubles(folder: Path) -> Path:
    """One song in two equal files, as mp3, trimmed, and live; then other songs by the same artist and by another."""
    folder.mkdir(parents=True, exist_ok=True)
    song, n = tune(1), 44_100
    files = {
        "song.flac": (song, "Song", "Band"),
        "copy of song.flac": (song, "Song", "Band"),
        "song.mp3": (0.5 * song, "Song (2011 Remaster)", "BAND"),
        "trimmed.ogg": (song[round(1.3 * n) : -n], "unnamed", ""),
        "live.flac": (tune(2), "Song - Live at Home", "Bänd"),
        "other.flac": (tune(3), "Another", "Band"),
        "theirs.flac": (tune(4), "Song", "Others"),
        "remix.flac": (tune(5), "Song (DJ Remix)", "Band"),
    }
    for name, (y, title, artist) in files.items():
        write_sound(folder / name, y, tags={"title": title, "artist": artist, "album": "One" if artist else ""})
    return folder


def contents(path: Path) -> dict:
    """All that a catalogue holds but the clock, in an order of its own: equal for equal catalogues."""
    store = Store(path)
    tracks = store.table().drop_columns(["analysed_at"]).sort_by("track_id").to_pylist()
    model_id = store.model().id
    vectors = {row["track_id"]: store.embedding(row["track_id"], model_id) for row in tracks}
    assert embedding_column(model_id)
    return {
        "tracks": [{k: v for k, v in row.items() if not isinstance(v, float)} for row in tracks],
        "vectors": {track_id: np.round(vector, 4).tolist() for track_id, vector in vectors.items()},
        "files": sorted((state.path, state.track_id, state.problem) for state in store.files().values()),
    }
