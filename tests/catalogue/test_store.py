"""What is written to a catalogue."""

import numpy as np
import pytest

from earmark.catalogue.query import Query
from earmark.catalogue.store import CORRECTING, Store
from earmark.errors import NotFound, QueryError


def interrupt(*_):
    raise KeyboardInterrupt


class TestTracks:
    def test_embedding_and_activations_are_those_of_the_model(self, scanned):
        model_id, track_id = scanned.model().id, scanned.resolve("Top")
        activations = scanned.activations(track_id, model_id)
        np.testing.assert_allclose(activations.track_embedding(), scanned.embedding(track_id, model_id), rtol=2e-3)
        with pytest.raises(NotFound, match="not analysed with model 'other'"):
            scanned.embedding(track_id, "other")

    def test_an_id_that_is_not_there(self, scanned):
        with pytest.raises(NotFound, match="not in the catalogue"):
            scanned.track("0" * 20)

    def test_a_wrong_correction_changes_nothing(self, scanned):
        track_id = scanned.resolve("Low")
        before = scanned.track(track_id).to_dict()
        with pytest.raises(QueryError, match="not a tempo"):
            scanned.correct(track_id, "tempo", "fast")
        assert scanned.track(track_id).to_dict() == before

    def test_a_correction_of_a_track_that_is_not_there_is_not_kept(self, scanned):
        with pytest.raises(NotFound):
            scanned.correct("0" * 20, "tempo", "92")
        assert scanned.corrections(["0" * 20]) == {}

    def test_a_correction_where_nothing_was_estimated_is_taken_back_whole(self, scanned):
        track_id = scanned.resolve("Low")
        scanned._tracks.upsert("track_id", [{"track_id": track_id, "tempo": None, "metre": None, "tempo_json": None}])
        scanned.correct(track_id, "tempo", "92")
        assert scanned.track(track_id).fields["tempo"] == 92.0
        scanned.correct(track_id, "tempo", None)
        assert scanned.track(track_id).fields["tempo"] is None
        assert "tempo" not in scanned.track(track_id).to_dict()

    @pytest.mark.parametrize("value", ["92", None])
    @pytest.mark.parametrize("next_deed", ["a scan", "a correction"])
    def test_what_a_killed_correction_began_is_ended_by_the_next(self, scanned, monkeypatch, value, next_deed):
        track_id = scanned.resolve("Low")
        estimate = scanned.track(track_id).fields["tempo"]
        scanned.correct(track_id, "tempo", "70")
        with monkeypatch.context() as patch:
            patch.setattr(Store, "_lay_corrections", interrupt)
            with pytest.raises(KeyboardInterrupt):
                scanned.correct(track_id, "tempo", value)
        again = Store(scanned.path)
        assert again.track(track_id).fields["tempo"] == 70.0
        if next_deed == "a scan":
            again.tidy()
        else:
            again.correct(again.resolve("Top"), "tempo", "80")
        assert again.track(track_id).fields["tempo"] == (92.0 if value else estimate)
        assert not (scanned.path / CORRECTING).exists()


class TestTagsThatAUserCorrects:
    """Of the tiny model: the genre is exclusive, the moods are not."""

    def _other_genre(self, store) -> str:
        """One that Low does not have."""
        return next(hit.tag for hit in store.track(store.resolve("Low")).tags["genre"] if not hit.sure)

    def test_they_are_found_by_filters_and_words_and_taken_back_whole(self, scanned):
        track_id, before = scanned.resolve("Low"), scanned.track(scanned.resolve("Low"))
        genre = self._other_genre(scanned)
        scanned.correct(track_id, f"genre/{genre}", "yes")
        now = scanned.track(track_id)
        assert (now.fields["genre"], now.corrections) == (genre, {f"genre/{genre}": "yes"})
        assert track_id in [hit.track.track_id for hit in scanned.select(Query(scanned.filter(f"tags HAS '{genre}'")))]
        assert now.tags["genre"][0].tag == genre
        scanned.correct(track_id, f"genre/{genre}", None)
        assert scanned.track(track_id).to_dict() == before.to_dict()
        assert scanned.track(track_id).fields == before.fields

    def test_of_an_exclusive_group_one_is_confirmed_at_a_time(self, scanned):
        track_id = scanned.resolve("Low")
        for hit in scanned.track(track_id).tags["genre"][:2]:
            scanned.correct(track_id, f"genre/{hit.tag}", "yes")
        assert len(scanned.track(track_id).corrections) == 1

    def test_a_word_outlives_a_new_analysis_and_can_still_be_taken_back(self, scanned, run_scan, music):
        track_id, before = scanned.resolve("Low"), scanned.track(scanned.resolve("Low"))
        genre = self._other_genre(scanned)
        scanned.correct(track_id, f"genre/{genre}", "yes")
        run_scan(reanalyze=True)
        scanned.refresh()
        assert scanned.track(track_id).fields["genre"] == genre
        scanned.correct(track_id, f"genre/{genre}", None)
        assert scanned.track(track_id).fields["tags"] == before.fields["tags"]


def test_a_catalogue_from_before_there_were_warnings_has_none(scanned):
    scanned._tracks._dataset.drop_columns(["warnings", "incomplete", "incomplete_json"])
    scanned.refresh()
    assert scanned.warnings() == []
    assert scanned.track(scanned.resolve("Top")).analysis.incomplete is None
