"""Data sets that several trainings share."""

import pytest

from datafiles import write_labelled_set
from tinysets import write_songs


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    return write_labelled_set(tmp_path_factory.mktemp("set"))


@pytest.fixture(scope="module")
def songs_folder(tmp_path_factory):
    return write_songs(tmp_path_factory.mktemp("msd"))
