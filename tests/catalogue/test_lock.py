import pytest

from earmark.catalogue.lock import locked
from earmark.errors import CatalogueError


def test_only_one_holds_it(tmp_path):
    with locked(tmp_path), pytest.raises(CatalogueError, match="another scan is at work"), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass


def test_a_place_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CatalogueError, match="cannot be written"), locked(tmp_path / "file"):
        pass
