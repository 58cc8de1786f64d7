"""Small files in the layout of the Million Song Dataset."""

from pathlib import Path

import h5py
import numpy as np

from earmark.data.sets.msd import MsdSongs
from earmark.data.sets.msd_files import load_msd


def write_h5(path, songs):
    """One song file, or an aggregate of several: (track_id, song_id, artist_id, n_segments)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    n = len(songs)
    texts = [("artist_id", "S32"), ("artist_name", "S1024"), ("song_id", "S32"), ("title", "S1024")]
    metadata = np.zeros(n, [*texts, ("song_hotttnesss", "f8")])
    analysis = np.zeros(n, [("idx_segments_pitches", "i4"), ("idx_segments_timbre", "i4"), ("tempo", "f8"),
                            ("track_id", "S32")])  # fmt: skip
    year = np.zeros(n, [("idx_artist_mbtags", "i4"), ("year", "i4")])
    start, timbre, chroma = 0, [], []
    for i, (track, song, artist, length) in enumerate(songs):
        metadata[i] = (artist, "Beyoncé".encode(), song, "T", np.nan if i else 0.6)
        analysis[i] = (start, start, 120.5, track)
        year[i]["year"] = 0 if i else 1999
        timbre.append(np.arange(length * 12).reshape(length, 12) / 7 + i)
        chroma.append(np.tile(np.linspace(0, 1, 12), (length, 1)))
        start += length
    with h5py.File(path, "w") as file:
        file["metadata/songs"], file["analysis/songs"], file["musicbrainz/songs"] = metadata, analysis, year
        file["analysis/segments_timbre"], file["analysis/segments_pitches"] = (
            np.concatenate(timbre),
            np.concatenate(chroma),
        )


def msd(tmp_path: Path) -> MsdSongs:
    """Four songs, one of them too short, with their lyrics, genres and word vectors, as `load_msd` reads them."""
    write_h5(tmp_path / "data/A/A/TRA.h5", [(b"TRA", b"SOA", b"ARA", 310)])
    write_h5(tmp_path / "data/A/B/TRB.h5", [(b"TRB", b"SOB", b"ARB", 299)])  # too short
    write_h5(tmp_path / "aggregate.h5", [(b"TRC", b"SOC", b"ARC", 305), (b"TRD", b"SOD", b"ARD", 400)])
    (tmp_path / "aggregate.h5").rename(tmp_path / "data" / "aggregate.h5")
    (tmp_path / "mxm_train.txt").write_text("# musiXmatch\n%i,the,love\nTRA,4623710,1:2,3:4\nTRB,1,1:1\n")
    (tmp_path / "mxm_test.txt").write_text("%i,the,love\nTRC,7,2:5\nTRD,8,3:1\n")
    (tmp_path / "cd2.cls").write_text("# tagtraum\nTRA\tRock\tPop\nTRC\tJazz\n")
    (tmp_path / "glove.txt").write_text("the 1 0\nlove 0 2\nother 9 9\n")
    lyrics = [tmp_path / "mxm_train.txt", tmp_path / "mxm_test.txt"]
    return load_msd(tmp_path / "data", lyrics, tmp_path / "cd2.cls", tmp_path / "glove.txt")
