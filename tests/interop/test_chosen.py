from earmark.interop import chosen as module
from earmark.interop.chosen import chosen
from scan_fixtures import prepared, scanned  # noqa: F401


def test_all_tracks_a_filter_or_words(scanned, monkeypatch):  # noqa: F811
    monkeypatch.setattr(module, "PAGE", 2)
    everything = sorted(track.track_id for track in chosen(scanned))
    assert everything == sorted(scanned.track_ids())
    assert [track.title for track in chosen(scanned, where=scanned.filter("title = 'Low'"))] == ["Low"]
    assert [track.title for track in chosen(scanned, "high")] == ["High"]
    assert list(chosen(scanned, "high", scanned.filter("title = 'Low'"))) == []
