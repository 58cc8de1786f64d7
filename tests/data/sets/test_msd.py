"""Songs of the Million Song Dataset in memory and in the compact form."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from earmark.data.sets.msd import load_msd_compact, save_msd_compact
from earmark.data.splits import split_of
from earmark.data.targets import read_targets
from earmark.errors import DataError
from msdfiles import msd


def test_an_artist_with_two_ids_stays_in_one_group(tmp_path):
    songs = msd(tmp_path)
    assert len(set(songs.artist)) == 3
    named = replace(songs, artist_name=np.array(["Harry Connick_ Jr.", "Free", "Harry Connick_ Jr."]))
    first, second, third = named.manifest().groups()
    assert first == third != second


def test_lyrics_are_the_weighted_mean_of_known_words(tmp_path):
    songs = msd(tmp_path)
    np.testing.assert_allclose(songs.lyrics(), [[0, 2], [1, 0], [0, 2]])  # "i" has no vector and does not count
    some = songs.subset([0, 0, 1])
    some = replace(some, bow=csr_matrix([[2, 4, 4], [2, 0, 4], [0, 5, 0]], dtype=np.uint16))  # 4 x the, 4 x love
    np.testing.assert_allclose(some.lyrics()[0], [0.5, 1.0])
    the, love = np.log(4 / 3), np.log(4 / 3)
    np.testing.assert_allclose(some.lyrics("tfidf")[0], np.array([the, 2 * love]) / (the + love), rtol=1e-5)
    with pytest.raises(DataError, match="Use count or tfidf"):
        songs.lyrics("bm25")


def test_the_compact_form_keeps_everything(tmp_path):
    songs = msd(tmp_path)
    save_msd_compact(songs, tmp_path / "compact")
    again = load_msd_compact(tmp_path / "compact")
    np.testing.assert_allclose(again.timbre, songs.timbre, atol=5e-4)
    np.testing.assert_allclose(again.chroma, songs.chroma, atol=5e-4)
    assert (again.bow != songs.bow).nnz == 0
    np.testing.assert_array_equal(again.popularity, songs.popularity)
    for name in ("track_id", "artist", "artist_name", "title", "genre", "words"):
        assert getattr(again, name).tolist() == getattr(songs, name).tolist()
    (tmp_path / "compact" / "tracks.csv").unlink()
    with pytest.raises(DataError, match=r"tracks.csv: no such file"):
        load_msd_compact(tmp_path / "compact")


def test_the_real_lyrics_part(shared_data):
    songs = load_msd_compact(shared_data / "msd_lyrics").labelled(10)
    assert songs.timbre.shape == (len(songs), 300, 12)
    assert 1200 < len(songs) < 1271
    manifest = songs.manifest()
    targets = read_targets(manifest, ["genre"])
    split = split_of(manifest, targets)
    assert not set(songs.artist[split.train]) & set(songs.artist[split.test])
    assert np.isfinite(songs.lyrics("tfidf")).all()
