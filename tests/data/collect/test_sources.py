"""Playlists and CSV lists as wanted tracks."""

import pytest

from datafiles import write_rows
from earmark.data.collect.sources import wanted_from
from earmark.errors import DataError


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"file": "a", "label": "x"}], "no columns location and label among file, label"),
        ([{"path": "a", "label": "x"}, {"path": "b", "label": ""}], "row 3 has no label"),
    ],
)
def test_a_broken_list_is_refused(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        list(wanted_from(write_rows(tmp_path / "list.csv", rows)))


def test_what_is_no_list_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "song.mp3"):
        with pytest.raises(DataError):
            list(wanted_from(path))
