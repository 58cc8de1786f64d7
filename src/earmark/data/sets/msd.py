"""Million Song Dataset: segment timbre and chroma, lyrics as bags of words, genre labels. No audio.

Citation: Bertin-Mahieux, Ellis, Whitman, Lamere: The Million Song Dataset, ISMIR 2011.
  Lyrics: the musiXmatch dataset, the official lyrics collection for the Million Song Dataset (train and test files).
  Genres: Schreiber: Improving genre annotations for the Million Song Dataset, ISMIR 2015 (tagtraum CD1, CD2, CD2C).
  Word vectors: Pennington, Socher, Manning: GloVe, EMNLP 2014 (50-d, public domain).
Version: 2011 (HDF5 schema 0.1). Licence: features and lyrics for research use only.
Get it from: millionsongdataset.com; the 10,000-song subset is enough to try it. tagtraum.com/msd_genre_datasets.html.

This module holds the songs in memory and reads and writes the compact form; `msd_files` reads the published files.
The compact form is a folder with tracks.csv, series300_labelled_exact.npz, lyrics_bow_csr.npz and glove50_mxm5000.npz.
"""

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from earmark.data.manifest import Manifest
from earmark.errors import DataError

CITATION = "Bertin-Mahieux et al., The Million Song Dataset, ISMIR 2011"
LICENCE = "research use only"
N_SEGMENTS = 300  # of each song; songs with fewer have no series
SCALE = 1000  # the compact form holds integers of a thousandth
SERIES, LYRICS, VECTORS = "series300_labelled_exact.npz", "lyrics_bow_csr.npz", "glove50_mxm5000.npz"


@dataclass(frozen=True)
class MsdSongs:
    """Songs, row by row.

    Attributes
    ----------
    track_id, song_id, artist, artist_name, title, genre : str [n]; artist is the Echo Nest id, genre "" where unknown
    timbre : float32 [n, 300, 12], Echo Nest units (the first about 0..60 dB, the others around 0)
    chroma : float32 [n, 300, 12], each segment's strongest pitch class 1.0; C first
    bow : uint16 csr [n, n_words], how often each word of `words` is sung
    vectors : float32 [n_words, 50], zero where a word has none
    popularity : float32 [n], ``song_hotttnesss`` 0..1, NaN where unknown
    tempo, year : float32 [n], beats a minute and NaN where unknown
    """

    track_id: np.ndarray
    song_id: np.ndarray
    artist: np.ndarray
    artist_name: np.ndarray
    title: np.ndarray
    genre: np.ndarray
    timbre: np.ndarray
    chroma: np.ndarray
    bow: csr_matrix
    words: np.ndarray
    vectors: np.ndarray
    popularity: np.ndarray
    tempo: np.ndarray
    year: np.ndarray

    def __len__(self) -> int:
        return len(self.track_id)

    def subset(self, indices) -> "MsdSongs":
        """The songs at `indices` (row numbers or a mask), in that order."""
        of_words = ("words", "vectors")
        return replace(self, **{k: x[indices] for k, x in vars(self).items() if k not in of_words})

    def labelled(self, min_songs: int = 10) -> "MsdSongs":
        """The songs that have a genre, of genres with at least `min_songs` of them."""
        names, counts = np.unique(self.genre, return_counts=True)
        kept = [name for name, count in zip(names, counts, strict=True) if name and count >= min_songs]
        return self.subset(np.flatnonzero(np.isin(self.genre, kept)))

    def manifest(self, name: str = "msd") -> Manifest:
        """The same rows as a manifest (``path`` is the track id), so that splits and targets are made as for audio.

        Some artists have two ids; the name goes with it so that splits keep their songs together.
        """
        columns = {
            "path": self.track_id, "song": self.song_id, "artist": self.artist, "artist_name": self.artist_name,
            "title": self.title, "genre": self.genre,
            "popularity": ["" if np.isnan(p) else f"{p:.6f}" for p in self.popularity],
        }  # fmt: skip
        rows = [dict(zip(columns, map(str, cells), strict=True)) for cells in zip(*columns.values(), strict=True)]
        return Manifest(Path(), name, rows, LICENCE, CITATION)

    def lyrics(self, weighting: str = "count", fit_rows: np.ndarray | None = None) -> np.ndarray:
        """One vector a song: the weighted mean of its words' vectors, float32 [n, 50]; zero without a known word.

        Parameters
        ----------
        weighting : ``count`` by how often a word is sung; ``tfidf`` by
            (1 + log count) * log(n / songs that sing it), which quiets "the" and "you"
        fit_rows : rows that the idf is counted on, e.g. the training part; all where None

        Raises DataError for an unknown weighting.
        """
        known = np.abs(self.vectors).sum(axis=1) > 0
        weight = self.bow.astype(np.float32).multiply(known).tocsr()
        if weighting == "tfidf":
            weight.data = 1 + np.log(np.maximum(weight.data, 1)) * (weight.data > 0)
            weight = weight.multiply(self._idf(fit_rows)).tocsr().multiply(known).tocsr()
        elif weighting != "count":
            raise DataError(f"weighting {weighting!r}", "unknown", "Use count or tfidf.")
        total = np.asarray(weight.sum(axis=1))
        return (weight @ self.vectors / np.maximum(total, 1e-9)).astype(np.float32)

    def _idf(self, fit_rows: np.ndarray | None) -> np.ndarray:
        bow = self.bow if fit_rows is None else self.bow[fit_rows]
        sung_in = np.asarray((bow > 0).sum(axis=0)).ravel()
        return np.log((1 + bow.shape[0]) / (1 + sung_in)).astype(np.float32)


# ---------------------------------------------------------------- the compact form


def load_msd_compact(folder: str | Path, genre_column: str = "genre_cd2") -> MsdSongs:
    """Read the songs of the compact form that have timbre and chroma.

    Parameters
    ----------
    genre_column : ``genre_cd2`` or ``genre_cd1``, which tagtraum labels to take

    Raises DataError for a missing file, a missing column, or files that do not belong together.
    """
    folder = Path(folder)
    series, lyrics, vectors = (_arrays(folder / name) for name in (SERIES, LYRICS, VECTORS))
    track_id = series["track_id"]
    rows = _rows_of(folder / "tracks.csv", track_id, genre_column)
    if not np.array_equal(lyrics["words"], vectors["words"]):
        raise DataError(folder / VECTORS, f"its words are not those of {LYRICS}", "Use files of one release.")
    return MsdSongs(
        track_id=track_id,
        song_id=_texts(rows, "song_id"), artist=_texts(rows, "artist_id"),
        artist_name=_texts(rows, "artist_name"), title=_texts(rows, "title"), genre=_texts(rows, genre_column),
        timbre=series["timbre_x1000"].astype(np.float32) / SCALE,
        chroma=series["chroma_x1000"].astype(np.float32) / SCALE,
        bow=_bow_of(folder / LYRICS, lyrics, track_id), words=lyrics["words"],
        vectors=vectors["vec"] * vectors["has"][:, None],
        popularity=_numbers(rows, "song_hotttnesss"), tempo=_numbers(rows, "tempo"), year=_numbers(rows, "year"),
    )  # fmt: skip


def save_msd_compact(songs: MsdSongs, folder: str | Path) -> None:
    """Write the songs in the form that `load_msd_compact` reads; a million HDF5 files are slow, this is not."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    timbre, chroma = (np.round(x * SCALE) for x in (songs.timbre, songs.chroma))
    np.savez_compressed(folder / SERIES, track_id=songs.track_id, timbre_x1000=timbre.astype(np.int32),
                        chroma_x1000=chroma.astype(np.uint16))  # fmt: skip
    bow = songs.bow
    np.savez_compressed(folder / LYRICS, track_id=songs.track_id, words=songs.words, data=bow.data,
                        indices=bow.indices, indptr=bow.indptr)  # fmt: skip
    has = np.abs(songs.vectors).sum(axis=1) > 0
    np.savez_compressed(folder / VECTORS, words=songs.words, vec=songs.vectors, has=has)
    columns = {
        "track_id": songs.track_id, "song_id": songs.song_id, "artist_id": songs.artist,
        "artist_name": songs.artist_name, "title": songs.title, "year": songs.year, "tempo": songs.tempo,
        "song_hotttnesss": songs.popularity, "genre_cd2": songs.genre,
    }  # fmt: skip
    with open(folder / "tracks.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        for cells in zip(*columns.values(), strict=True):
            writer.writerow("" if cell != cell else cell for cell in cells)  # NaN is a blank


def _arrays(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise DataError(path, "no such file", "The compact form has tracks.csv and three .npz files.")
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def _rows_of(path: Path, track_id: np.ndarray, genre_column: str) -> list[dict[str, str]]:
    """The rows of tracks.csv that belong to `track_id`, in its order."""
    if not path.is_file():
        raise DataError(path, "no such file", "The compact form has tracks.csv and three .npz files.")
    with open(path, encoding="utf-8", newline="") as file:
        by_id = {row["track_id"]: row for row in csv.DictReader(file)}
    missing = [i for i in track_id if i not in by_id]
    if missing:
        raise DataError(path, f"no row for {missing[0]} and {len(missing) - 1} more", "Use files of one release.")
    rows = [by_id[i] for i in track_id]
    if rows and genre_column not in rows[0]:
        raise DataError(path, f"no column {genre_column!r}", f"It has {', '.join(rows[0])}.")
    return rows


def _bow_of(path: Path, lyrics: dict[str, np.ndarray], track_id: np.ndarray) -> csr_matrix:
    shape = len(lyrics["track_id"]), len(lyrics["words"])
    bow = csr_matrix((lyrics["data"].astype(np.uint16), lyrics["indices"].astype(np.int32), lyrics["indptr"]), shape)
    row_of = {name: i for i, name in enumerate(lyrics["track_id"])}
    missing = [i for i in track_id if i not in row_of]
    if missing:
        raise DataError(path, f"no lyrics of {missing[0]} and {len(missing) - 1} more", "Use files of one release.")
    return bow[[row_of[i] for i in track_id]]


def _texts(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([row.get(name, "") for row in rows], dtype=np.str_)


def _numbers(rows: list[dict[str, str]], name: str) -> np.ndarray:
    return np.array([float(row.get(name) or "nan") for row in rows], np.float32)
