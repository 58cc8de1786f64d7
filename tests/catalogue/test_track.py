import json
from dataclasses import replace
from functools import partial

import pytest

from catalogues import write_music
from earmark.analysis import analyze
from earmark.catalogue.store import Store
from earmark.catalogue.tables import decoded
from earmark.catalogue.track import Hit, Warned, track_of
from earmark.errors import CatalogueError
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

    path = music / "top.flac"
    assert shown.pop("paths") == [str(path)]
    (file,) = shown.pop("files")
    assert (file["path"], file["title"], file["artist"]) == (str(path), "Top", "Sines")
    assert (file["codec"], file["size"], file["sample_rate"]) == ("flac", path.stat().st_size, 44_100)
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


def test_tags_and_descriptors_are_made_when_they_are_first_asked_for(scanned):
    row = dict(scanned.one(sorted(scanned.track_ids())[0]).row)
    track = track_of(row | {"key_json": "no JSON"}, scanned.model(), (), {}, told=partial(decoded, scanned.path))
    assert track.duration > 0
    assert track.tags is track.analysis.tags
    with pytest.raises(CatalogueError, match="holds what earmark did not write"):
        track.descriptors  # noqa: B018
    whole = track_of(row, scanned.model(), (), {"tempo": "99"})
    assert replace(whole.analysis, path="x").descriptors["tempo"].bpm == 99
    assert replace(whole.analysis, path="x").tags == whole.tags == track.tags


def test_a_hit_is_the_track_and_its_numbers(track):
    hit = Hit(track, similarity=0.123456)
    assert hit.path == track.paths[0]
    assert hit.to_dict() == track.to_dict() | {"similarity": 0.1235}
    assert Hit(track, relevance=2.0).to_dict()["relevance"] == 2.0
    assert not {"similarity", "relevance"} & set(Hit(track).to_dict())


def test_a_track_that_no_path_leads_to_is_named_by_its_id(track):
    lost = replace(track, files=(), analysis=replace(track.analysis, path=None))
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


def test_what_was_not_heard_is_told(tmp_path, model, run_scan):
    music = write_music(tmp_path / "own")
    flac = music / "top.flac"
    flac.write_bytes(flac.read_bytes()[: flac.stat().st_size * 2 // 3])
    analysis = analyze(flac, model)
    run_scan(music)

    catalogue = Store(tmp_path / "catalogue")
    track = catalogue.track(analysis.track_id)

    assert track.analysis.incomplete == analysis.incomplete
    assert track.analysis.warnings == analysis.warnings
    assert track.to_dict()["incomplete"] == analysis.incomplete.to_dict()
    assert track.fields["incomplete"] is True
    assert catalogue.warnings() == [Warned(str(flac), track.track_id, analysis.warnings)]
    told = {"path": str(flac), "track_id": track.track_id, "warnings": list(analysis.warnings)}
    assert catalogue.warnings()[0].to_dict() == told
    for where, n in (("incomplete = true", 1), ("NOT incomplete = TRUE", 4), ("incomplete <> true", 4)):
        assert len(catalogue.table(where)) == n
    assert len(catalogue.table("warnings IS NOT NULL AND incomplete = true")) == 1


def test_a_track_that_was_heard_whole_says_nothing_of_it(track):
    assert not {"incomplete", "warnings"} & set(track.to_dict())
    assert track.analysis.warnings == ()


def test_a_tag_whose_estimate_was_uncertain_stays_unsure(scanned):
    """Its probability reaches the threshold, but it was not named when the track was heard."""
    kept = scanned.track(scanned.resolve("Top"))
    row = kept.fields | {"mood_sad": 0.9, "mood_happy": 0.8, "genre_jazz": 0.9, "tags": ["happy"]}

    found = track_of(row, scanned.model(), [], {})

    assert [(hit.tag, hit.sure) for hit in found.tags["mood"]] == [("sad", False), ("happy", True)]
    assert not found.tags["genre"][0].sure
