"""The published files of the Million Song Dataset: HDF5 songs, musiXmatch lyrics, tagtraum genres, GloVe vectors.

Citation, licence and where to get them: see `earmark.data.sets.msd`.
Formats: one HDF5 file a song (``A/B/C/TRABC....h5``) or many songs in one aggregate file, with the tables
``/metadata/songs``, ``/analysis/songs`` and ``/musicbrainz/songs`` and the arrays ``/analysis/segments_timbre`` and
``/analysis/segments_pitches`` [n_segments, 12]; mxm_dataset_train.txt and _test.txt; msd_tagtraum_cd1.cls, _cd2.cls;
glove.6B.50d.txt.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from earmark.data.sets.msd import N_SEGMENTS, MsdSongs
from earmark.errors import DataError


def load_msd(folder: str | Path, lyrics: list[Path], genres: str | Path, vectors: str | Path | None = None) -> MsdSongs:
    """Songs that have both lyrics and at least 300 segments, from the published files.

    Parameters
    ----------
    folder : searched for .h5 files
    lyrics : musiXmatch files, e.g. the train and the test one
    genres : a tagtraum file; songs without a genre in it keep ""
    vectors : GloVe text file; no vectors (width 0) where None

    Raises DataError for missing or foreign files.
    """
    words, counts = read_musixmatch(lyrics)
    genre_of = read_tagtraum(genres)
    songs = [song for path in sorted(Path(folder).rglob("*.h5")) for song in read_hdf5(path)]
    songs = [song for song in songs if song["track_id"] in counts and song["timbre"] is not None]
    if not songs:
        raise DataError(folder, f"no song with lyrics and {N_SEGMENTS} segments in its .h5 files",
                        "Check that lyrics and songs are of the same part of the data set.")  # fmt: skip
    names = [song["track_id"] for song in songs]
    text = {key: np.array([song[key] for song in songs], dtype=np.str_)
            for key in ("track_id", "song_id", "artist", "artist_name", "title")}  # fmt: skip
    number = {key: np.array([song[key] for song in songs], np.float32) for key in ("popularity", "tempo", "year")}
    return MsdSongs(
        **text, **number, genre=np.array([genre_of.get(name, "") for name in names], dtype=np.str_),
        timbre=np.stack([song["timbre"] for song in songs]), chroma=np.stack([song["chroma"] for song in songs]),
        bow=_csr([counts[name] for name in names], len(words)), words=np.array(words, dtype=np.str_),
        vectors=read_vectors(vectors, words) if vectors else np.zeros((len(words), 0), np.float32),
    )  # fmt: skip


def read_hdf5(path: str | Path) -> Iterator[dict]:
    """Each song of one HDF5 file; ``timbre`` and ``chroma`` float32 [300, 12], None where it has fewer segments.

    Raises DataError where the file has another layout.
    """
    import h5py

    try:
        with h5py.File(path) as file:
            metadata, analysis = file["metadata/songs"][:], file["analysis/songs"][:]
            year = file["musicbrainz/songs"]["year"]
            timbre, chroma = file["analysis/segments_timbre"], file["analysis/segments_pitches"]
            for i in range(len(metadata)):
                yield _song(metadata[i], analysis[i], int(year[i])) | {
                    "timbre": _series(timbre, analysis["idx_segments_timbre"], i),
                    "chroma": _series(chroma, analysis["idx_segments_pitches"], i),
                }
    except (OSError, KeyError, ValueError) as error:
        raise DataError(path, f"not a song file of the Million Song Dataset ({error})", "Copy it again.") from error


def _song(metadata: np.void, analysis: np.void, year: int) -> dict:
    def text(value: bytes) -> str:
        return value.decode("utf-8", "replace")

    return {
        "track_id": text(analysis["track_id"]), "song_id": text(metadata["song_id"]),
        "artist": text(metadata["artist_id"]), "artist_name": text(metadata["artist_name"]),
        "title": text(metadata["title"]), "popularity": float(metadata["song_hotttnesss"]),
        "tempo": float(analysis["tempo"]), "year": float(year) if year else np.nan,
    }  # fmt: skip


def _series(values, starts: np.ndarray, i: int) -> np.ndarray | None:
    """The first 300 segments of song i; an aggregate file holds the songs' segments one after the other."""
    end = starts[i + 1] if i + 1 < len(starts) else len(values)
    if end - starts[i] < N_SEGMENTS:
        return None
    return values[starts[i] : starts[i] + N_SEGMENTS].astype(np.float32)


def read_musixmatch(paths: list[Path]) -> tuple[list[str], dict[str, dict[int, int]]]:
    """Word list and, by track id, how often each word (by its place in the list, from 0) is sung.

    Lines of the files: ``#`` a comment, ``%word,word,...``, then ``track_id,mxm_id,place:count,...``, places from 1.

    Raises DataError for a missing file, and for files without or with different word lists.
    """
    words: list[str] = []
    counts: dict[str, dict[int, int]] = {}
    for path in paths:
        for line in _lines(path):
            if line.startswith("%"):
                found = line[1:].split(",")
                if words and found != words:
                    raise DataError(path, "its word list differs from the other file's", "Use files of one release.")
                words = found
            elif line:
                track_id, _, *pairs = line.split(",")
                counts[track_id] = {int(p) - 1: int(n) for p, _, n in (pair.partition(":") for pair in pairs)}
    if not words:
        raise DataError(paths[0], "no line of words that starts with %", "Use the musiXmatch files, unchanged.")
    return words, counts


def read_tagtraum(path: str | Path) -> dict[str, str]:
    """Genre by track id, from lines ``track_id<TAB>genre[<TAB>minority genre]``; the first genre counts.

    Raises DataError for a missing file, and for one with a line without a genre.
    """
    rows = [line.split("\t") for line in _lines(path) if line]
    bad = [row for row in rows if len(row) < 2]
    if bad or not rows:
        wrong = bad[0][0] if bad else "no lines at all"
        raise DataError(path, f"a line without a genre: {wrong!r}", "Use the .cls file, unchanged.")
    return {row[0]: row[1].strip() for row in rows}


def read_vectors(path: str | Path, words: list[str]) -> np.ndarray:
    """float32 [n_words, dim] from a GloVe text file (``word x x x ...``); zero for words that are not in it.

    Raises DataError where none of `words` is in it.
    """
    place = {word: i for i, word in enumerate(words)}
    vectors = None
    with open(path, encoding="utf-8") as file:
        for line in file:
            word, _, numbers = line.partition(" ")
            if word in place:
                vector = np.array(numbers.split(), np.float32)
                vectors = np.zeros((len(words), len(vector)), np.float32) if vectors is None else vectors
                vectors[place[word]] = vector
    if vectors is None:
        raise DataError(path, "none of the lyrics' words is in it", "Use a GloVe text file, e.g. glove.6B.50d.txt.")
    return vectors


def _lines(path: str | Path) -> list[str]:
    """Lines without comments."""
    if not Path(path).is_file():
        raise DataError(path, "no such file", "See earmark.data.sets.msd for where to get it.")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def _csr(counts: list[dict[int, int]], n_words: int) -> csr_matrix:
    indptr = np.cumsum([0, *map(len, counts)])
    indices = np.array([place for song in counts for place in song], np.int32)
    data = np.array([n for song in counts for n in song.values()], np.uint16)
    bow = csr_matrix((data, indices, indptr), (len(counts), n_words))
    bow.sort_indices()
    return bow
