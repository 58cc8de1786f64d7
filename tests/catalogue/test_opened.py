"""A catalogue is opened, and what others write to it is seen."""

import pytest

from catalogues import write_music
from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.errors import CatalogueError


class TestOpening:
    def test_a_folder_without_a_catalogue_says_how_to_make_one(self, tmp_path):
        with pytest.raises(CatalogueError, match="no catalogue here. Make one with `earmark scan"):
            Store(tmp_path)

    def test_a_folder_that_holds_other_things_is_left_alone(self, tmp_path):
        (tmp_path / "letter.txt").write_text("dear")
        with pytest.raises(CatalogueError, match=r"holds other things \(letter.txt\)"):
            Store(tmp_path, create=True)
        assert [entry.name for entry in tmp_path.iterdir()] == ["letter.txt"]

    def test_a_new_one_is_empty(self, tmp_path):
        empty = Store(tmp_path / "new", create=True)
        assert (len(empty), empty.table().num_rows, empty.failures(), empty.select(Query())) == (0, 0, [], [])
        with pytest.raises(CatalogueError, match="nothing was scanned"):
            empty.scanned_model()

    def test_a_place_that_cannot_be_written_is_an_error(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(CatalogueError, match="cannot be made"):
            Store(tmp_path / "file" / "catalogue", create=True)

    def test_a_store_sees_what_another_has_written_after_a_refresh(self, scanned, run_scan, tmp_path):
        run_scan(write_music(tmp_path / "more", ["elsewhere"]))
        scanned.refresh()
        assert len(scanned) == 6
        assert scanned.track(scanned.resolve("Elsewhere")).title == "Elsewhere"

    def test_a_correction_made_elsewhere_is_seen_too(self, scanned, store):
        track_id = scanned.resolve("Low")
        store().correct(track_id, "tempo", "99")
        scanned.refresh()
        assert scanned.track(track_id).corrections == {"tempo": "99"}
