"""What all loaders have in common."""

import pytest

from earmark.data.sets import LOADERS, load_set
from earmark.errors import DataError


@pytest.mark.parametrize("name", sorted(LOADERS))
def test_every_loader_is_headed_by_citation_version_licence_and_source(name):
    text = __import__(f"earmark.data.sets.{LOADERS[name]}", fromlist=["x"]).__doc__
    for word in ("Citation", "ersion", "Licence"):
        assert word in text
    assert "Get it from" in text or "user's own files" in text


@pytest.mark.parametrize("name", sorted(LOADERS))
def test_every_loader_refuses_an_empty_folder_with_a_remedy(name, tmp_path):
    (tmp_path / "x").mkdir()
    with pytest.raises(DataError) as caught:
        load_set(name, tmp_path / "x")
    assert caught.value.remedy


def test_an_unknown_set_lists_the_known_ones(tmp_path):
    with pytest.raises(DataError, match="Known are folders, playlists, gtzan"):
        load_set("gztan", tmp_path)
    with pytest.raises(DataError, match="no such folder"):
        load_set("gtzan", tmp_path / "none")
