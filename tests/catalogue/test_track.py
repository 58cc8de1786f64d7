import json
from dataclasses import replace

import pytest

from earmark.analysis import analyze
from earmark.catalogue.track import Hit
from tiny_model import TAGSET


@pytest.fixture
def track(scanned):
    return scanned.track(scanned.resolve("Top"), curves=True)


@pytest.fixture
def music(prepared):
    return prepared / "music"


def test_its_json_is_that_of_the_analysis_with_paths(track, model, music):
    analysis = analyze(music / "top.flac", model)
    expected = json.loads(json.dumps(analysis.to_dict()))

    shown = json.loads(json.dumps(track.to_dict()))

    assert shown.pop("paths") == [str(music / "top.flac")]
    for group, hits in expected.pop("tags").items():
        found = shown["tags"][group]
        assert [hit["tag"] for hit in found] == [hit["tag"] for hit in hits]
        assert [h["probability"] for h in found] == pytest.approx([h["probability"] for h in hits], abs=1e-4)
    shown.pop("tags")
    assert shown == expected


def test_curves_are_there_where_they_are_asked_for(track, model, music):
    analysis = analyze(music / "top.flac", model)
    probabilities = TAGSET.probabilities(analysis.activations.logits)[:, 3]
    shown = track.to_dict(curves=True)
    assert shown["curves"]["tags"]["mood/sad"] == pytest.approx(probabilities.tolist(), abs=2e-3)
    assert "curves" not in track.to_dict()


def test_fields_are_the_filterable_columns_and_their_former_names_stay(track, music):
    assert track.fields["title"] == track.title == track["title"] == track.row["title"] == "Top"
    assert track["paths"] == [str(music / "top.flac")]
    assert track.name == "Sines: Top"
    assert track.analysis.facts is track.descriptors
    assert not {"text", "key_json", "embedding_tiny"} & set(track.fields)


def test_a_hit_is_the_track_and_its_numbers(track):
    hit = Hit(track, similarity=0.123456)
    assert hit.path == track.paths[0]
    assert hit.to_dict() == track.to_dict() | {"similarity": 0.1235}
    assert Hit(track, relevance=2.0).to_dict()["relevance"] == 2.0
    assert not {"similarity", "relevance"} & set(Hit(track).to_dict())


def test_a_track_that_no_path_leads_to_is_named_by_its_id(track):
    lost = replace(track, paths=(), analysis=replace(track.analysis, path=None))
    assert Hit(lost).path == track.track_id
    assert (lost.to_dict()["path"], lost.to_dict()["paths"]) == (None, [])


def test_corrections_are_told(scanned):
    track_id = scanned.resolve("Low")
    scanned.correct(track_id, "tempo", "92")
    shown = scanned.track(track_id).to_dict()
    assert shown["corrections"] == {"tempo": "92"}
    assert (shown["tempo"]["bpm"], shown["tempo"]["corrected"]) == (92.0, True)
    scanned.correct(track_id, "tempo", None)
    assert "corrections" not in scanned.track(track_id).to_dict()
