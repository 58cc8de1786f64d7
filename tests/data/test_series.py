"""The Million Song Dataset as arrays: what is counted, and on which rows."""

import numpy as np
import pytest

from earmark.data.series import LyricsCode, popularity_classes, read_songs
from tinysets import write_songs


@pytest.fixture(scope="module")
def songs_folder(tmp_path_factory):
    return write_songs(tmp_path_factory.mktemp("msd"))


def test_popularity_is_asked_in_ten_classes(songs_folder):
    _, _, targets = read_songs(songs_folder, "song_hotttnesss", 2)
    assert len(targets.names) == 10
    assert set(np.bincount(targets.index)) == {6}
    assert list(popularity_classes(np.array([0.1, np.nan, 0.9]), 2)) == ["00-50 %", "", "50-100 %"]


def test_lyrics_are_counted_on_the_training_rows_alone(songs_folder):
    songs, _, _ = read_songs(songs_folder, "genre_cd2", 2)
    few = LyricsCode.of(songs, "all", np.arange(20))
    changed = songs.bow.tolil()
    changed[40:] = 7
    again = LyricsCode.of(type(songs)(**{**vars(songs), "bow": changed.tocsr()}), "all", np.arange(20))
    np.testing.assert_array_equal(few.idf, again.idf)
    np.testing.assert_allclose(few.encode(songs.bow[:20]), again.encode(songs.bow[:20]), atol=1e-5)


def test_the_count_weighting_is_the_mean_of_word_vectors(songs_folder):
    songs, _, _ = read_songs(songs_folder, "genre_cd2", 2)
    found = LyricsCode.of(songs, "count", np.arange(60)).encode(songs.bow)
    counts = songs.bow.toarray().astype(float)
    np.testing.assert_allclose(found, counts @ songs.vectors / counts.sum(1, keepdims=True), atol=1e-5)
