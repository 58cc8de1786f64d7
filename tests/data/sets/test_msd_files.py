"""The published files of the Million Song Dataset, small ones in their layout."""

import numpy as np
import pytest

from earmark.data.sets.msd_files import load_msd
from earmark.errors import DataError
from msdfiles import msd


def test_the_million_song_files(tmp_path):
    songs = msd(tmp_path)
    assert songs.track_id.tolist() == ["TRA", "TRC", "TRD"]  # TRB has too few segments
    assert songs.genre.tolist() == ["Rock", "Jazz", ""]
    assert songs.artist_name[0] == "Beyoncé"
    assert songs.timbre.shape == (3, 300, 12)
    np.testing.assert_allclose(songs.timbre[0, 1], np.arange(12, 24) / 7, rtol=1e-6)
    np.testing.assert_allclose(songs.timbre[2, 0], np.arange(12) / 7 + 1, rtol=1e-6)  # its own part of the aggregate
    assert songs.bow.toarray().tolist() == [[2, 0, 4], [0, 5, 0], [0, 0, 1]]
    assert songs.popularity[0] == pytest.approx(0.6)
    assert np.isnan(songs.popularity[2])
    assert [songs.year[0], np.isnan(songs.year[2])] == [1999, True]
    assert songs.labelled(1).track_id.tolist() == ["TRA", "TRC"]


def test_foreign_million_song_files_are_refused(tmp_path):
    msd(tmp_path)
    (tmp_path / "data" / "bad.h5").write_bytes(b"not hdf5")
    with pytest.raises(DataError, match="bad.h5: not a song file"):
        load_msd(tmp_path / "data", [tmp_path / "mxm_train.txt"], tmp_path / "cd2.cls")
    with pytest.raises(DataError, match="a line without a genre"):
        load_msd(tmp_path / "data", [tmp_path / "mxm_train.txt"], tmp_path / "mxm_test.txt")
