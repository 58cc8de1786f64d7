"""The map, asked for before it was built."""

import pytest

from earmark.errors import NotFound


def test_a_map_that_was_not_built_is_missed(catalogue, tmp_path):
    with pytest.raises(NotFound, match="map"):
        catalogue.map()
    with pytest.raises(NotFound, match="map"):
        catalogue.export_map(tmp_path / "map.html")
    assert not (tmp_path / "map.html").exists()
