"""The Million Song Dataset as arrays for the series networks: timbre, chroma and a vector of the lyrics.

What is counted, such as how rare a word is, is counted on the training rows alone.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from scipy.sparse import csr_matrix

from earmark.data.manifest import Manifest
from earmark.data.sets.msd import MsdSongs, load_msd_compact
from earmark.data.targets import Targets, read_targets
from earmark.errors import ConfigError, DataError

N_COMPONENTS = 100  # of the tf-idf matrix
POPULARITY = "song_hotttnesss"
LYRICS_FILE = "lyrics.npz"  # beside the model file of a series network


@dataclass(frozen=True)
class SeriesSettings:
    """How the Million Song Dataset is read.

    Attributes
    ----------
    lyrics : ``count`` is the count-weighted mean of word vectors, as in "Understanding Music using Deep Learning";
        ``tfidf`` weights log counts by how rare a word is; ``all`` joins both, the log numbers of words and of
        different words, and 100 components of the tf-idf matrix
    use : ``both``, ``audio`` or ``lyrics``; what is not used is given as zeros
    min_songs : classes with fewer songs are dropped
    """

    lyrics: Literal["count", "tfidf", "all"] = "count"
    use: Literal["both", "audio", "lyrics"] = "both"
    min_songs: int = 10

    def __post_init__(self) -> None:
        for name, known in (("lyrics", ("count", "tfidf", "all")), ("use", ("both", "audio", "lyrics"))):
            if getattr(self, name) not in known:
                raise ConfigError(f"series.{name}", f"unknown: {getattr(self, name)!r}", f"Give {' or '.join(known)}.")
        if self.min_songs < 2:
            raise ConfigError("series.min_songs", f"{self.min_songs} is too small", "Give at least 2.")


@dataclass(frozen=True)
class LyricsCode:
    """How a bag of words becomes a vector, with all that was counted on the training rows.

    Attributes
    ----------
    kind : as `SeriesSettings.lyrics`
    vectors : float32 [n_words, 50], zero for a word without one
    idf : float32 [n_words], the logarithm of how rare each word is
    components : float32 [n_words, n_components] of the tf-idf matrix; 0 components unless ``all``
    """

    kind: str
    vectors: np.ndarray
    idf: np.ndarray
    components: np.ndarray

    @classmethod
    def of(cls, songs: MsdSongs, kind: str, rows: np.ndarray) -> "LyricsCode":
        """The code of `kind`, counted on `rows` (int64, the training part) alone."""
        sung_in = np.asarray((songs.bow[rows] > 0).sum(axis=0)).ravel()
        idf = (np.log((1 + len(rows)) / (1 + sung_in)) + 1).astype(np.float32)
        code = cls(kind, songs.vectors, idf, np.zeros((len(idf), 0), np.float32))
        if kind != "all":
            return code
        from sklearn.decomposition import TruncatedSVD

        n = min(N_COMPONENTS, len(rows) - 1, len(idf) - 1)
        svd = TruncatedSVD(n, random_state=0).fit(code._unit_rows(songs.bow[rows]))
        return replace(code, components=svd.components_.T.astype(np.float32))

    def encode(self, bow: csr_matrix) -> np.ndarray:
        """Vectors float32 [n_songs, n_columns] of bags of words [n_songs, n_words], with the counts of each word."""
        if self.kind == "count":
            return self._mean_vector(bow.astype(np.float32))
        if self.kind == "tfidf":
            return self._mean_vector(self._weighted(bow))
        amount = np.stack([_row_sums(bow), _row_sums(bow > 0)], axis=1)
        parts = [self._mean_vector(bow.astype(np.float32)), self._mean_vector(self._weighted(bow)),
                 np.log1p(amount), self._unit_rows(bow) @ self.components]  # fmt: skip
        return np.concatenate(parts, axis=1).astype(np.float32)

    def _weighted(self, bow: csr_matrix) -> csr_matrix:
        weight = bow.astype(np.float32).tocsr(copy=True)
        weight.data = np.log1p(weight.data)
        return weight.multiply(self.idf).tocsr()

    def _mean_vector(self, weight: csr_matrix) -> np.ndarray:
        known = np.abs(self.vectors).sum(axis=1) > 0
        total = weight @ known.astype(np.float32)
        return (weight @ self.vectors / np.maximum(total, 1e-9)[:, None]).astype(np.float32)

    def _unit_rows(self, bow: csr_matrix) -> csr_matrix:
        weight = self._weighted(bow)
        length = np.sqrt(_row_sums(weight.multiply(weight)))
        return weight.multiply(1 / np.maximum(length, 1e-9)[:, None]).tocsr()


def _row_sums(x: csr_matrix) -> np.ndarray:
    return np.asarray(x.sum(axis=1), np.float32).ravel()


def series_inputs(songs: MsdSongs, code: LyricsCode, use: str) -> tuple[np.ndarray, np.ndarray]:
    """Series float32 [n, 300, 24] (timbre, chroma) and lyrics [n, L]; the half that `use` leaves out is zeros."""
    series = np.concatenate([songs.timbre, songs.chroma], axis=2)
    lyrics = code.encode(songs.bow)
    if use == "lyrics":
        series = np.zeros_like(series)
    return series, np.zeros_like(lyrics) if use == "audio" else lyrics


def popularity_classes(popularity: np.ndarray, n: int = 10) -> np.ndarray:
    """Names of `n` classes of equal size, str [n_songs], "" where the popularity is unknown.

    Parameters
    ----------
    popularity : float32 [n_songs], NaN where unknown

    Songs of equal popularity share a class, so classes are only about equal.
    """
    known = np.isfinite(popularity)
    edges = np.quantile(popularity[known], np.arange(1, n) / n)
    place = np.searchsorted(edges, popularity, side="right")
    return np.array([f"{k * 100 // n:02d}-{(k + 1) * 100 // n:02d} %" if ok else ""
                     for k, ok in zip(place, known, strict=True)])  # fmt: skip


def labelled_songs(data: str | Path, column: str, min_songs: int) -> tuple[MsdSongs, Manifest]:
    """The labelled songs of the compact form; their labels are in the manifest's columns ``genre`` and `column`.

    Parameters
    ----------
    data : its folder, or the tracks.csv in it
    column : ``genre_cd2``, ``genre_cd1``, or ``song_hotttnesss`` for ten percentile classes of popularity

    Raises DataError for what is missing, or where no class has `min_songs`.
    """
    folder = Path(data) if Path(data).is_dir() else Path(data).parent
    if column == POPULARITY:
        songs = load_msd_compact(folder)
        songs = replace(songs, genre=popularity_classes(songs.popularity))
    else:
        songs = load_msd_compact(folder, column)
    songs = songs.labelled(min_songs)
    if not len(songs):
        raise DataError(f"target {column!r}", f"no class with {min_songs} songs", "Lower series.min_songs.")
    manifest = songs.manifest(folder.resolve().name)
    return songs, replace(manifest, rows=[row | {column: row["genre"]} for row in manifest.rows])


def read_songs(data: str | Path, column: str, min_songs: int) -> tuple[MsdSongs, Manifest, Targets]:
    """As `labelled_songs`, with what a network learns from them; raises DataError for too few classes as well."""
    songs, manifest = labelled_songs(data, column, min_songs)
    return songs, manifest, read_targets(manifest, [column], "exclusive")


def save_lyrics_code(code: LyricsCode, words: np.ndarray, use: str, path: Path) -> None:
    """Write what is needed to make the inputs of another song.

    Parameters
    ----------
    words : str [n_words], the columns of a bag of words
    use : as `SeriesSettings.use`
    path : an .npz file
    """
    np.savez_compressed(path, words=words, use=use, **vars(code))


def load_lyrics_code(path: Path) -> tuple[LyricsCode, np.ndarray, str]:
    """The code, its words and `SeriesSettings.use`; raises DataError where `save_lyrics_code` did not write them."""
    try:
        with np.load(path, allow_pickle=False) as kept:
            code = LyricsCode(str(kept["kind"]), kept["vectors"], kept["idf"], kept["components"])
            return code, kept["words"], str(kept["use"])
    except (OSError, ValueError, KeyError) as error:
        raise DataError(path, f"cannot be read ({error})", "Train the model again with this version.") from error
