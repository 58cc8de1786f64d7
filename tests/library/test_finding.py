"""What is found, by likeness, words and filters."""

import json

import earmark


def test_similar_search_and_show(catalogue, place):
    analysis = earmark.analyze(place / "music" / "low.flac", place / "tiny.onnx")
    (hit,) = catalogue.similar(analysis.track_id, 1)
    assert hit.track.title != "Low"
    assert [hit.track.title for hit in catalogue.search("low")] == ["Low"]
    assert [hit.track.title for hit in catalogue.search(where="title = 'Top'", n=3)] == ["Top"]
    assert catalogue.show("Low").track_id == analysis.track_id
    assert "curves" in catalogue.show("Low", curves=True).to_dict(curves=True)
    assert catalogue.failures() == []


def test_versions_and_the_number_of_an_artist(catalogue):
    assert len(catalogue.search("sines", per_artist=2)) == 2
    assert len(catalogue.similar("Low", per_artist=3, versions=True)) == 3
    assert catalogue.duplicates() == []


def test_only_compatible_keys(catalogue):
    catalogue.correct("Low", key="Am")
    catalogue.correct("Top", key="C major")
    catalogue.correct("High", key="F# major")
    assert {hit.track.title for hit in catalogue.search(compatible="8A")} >= {"Low", "Top"}
    assert "High" not in {hit.track.title for hit in catalogue.search(compatible="8A")}
    assert [h.track.title for h in catalogue.similar("Low", compatible="8A", where="title = 'Top'")] == ["Top"]
    for title in ("Low", "Top", "High"):
        catalogue.uncorrect(title)


def test_hits_can_be_written_as_json(catalogue):
    hits = catalogue.search("sines")
    assert hits
    for hit in hits:
        assert json.loads(json.dumps(hit.to_dict(), allow_nan=False))["tags"]["genre"]
