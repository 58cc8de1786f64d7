import json
from dataclasses import replace

import pytest

from earmark.interop.jams import to_jams
from earmark.tagger.tags import TagProbability
from tagged import HEARD, track_of, write_kind

SCALE = [TagProbability("energy", 0.75, True), TagProbability("valence", 0.25, True)]


@pytest.fixture
def track(tmp_path):
    return track_of(write_kind(tmp_path / "song.flac"), tags=HEARD | {"scale": SCALE}, duration=61.2)


def data(found, namespace):
    return [one["data"] for one in found["annotations"] if one["namespace"] == namespace][0]


def test_everything_is_an_annotation_with_the_model(track):
    found = to_jams(track)
    names = ["tempo", "beat", "key_mode", "tag_open", "segment_open", "mood_thayer"]
    assert [one["namespace"] for one in found["annotations"]] == names
    assert data(found, "tempo") == [{"time": 0.0, "duration": 61.2, "value": 127.96, "confidence": 0.9}]
    assert data(found, "key_mode")[0]["value"] == "A#:minor"
    assert [one["value"] for one in data(found, "tag_open")] == [
        "genre/rock", "style/classic rock", "mood/happy", "mood/joyful_activation", "use/dancing"
    ]  # fmt: skip
    sections = [(one["time"], one["duration"], one["value"]) for one in data(found, "segment_open")]
    assert sections == [(0.0, 20.0, "A"), (20.0, 21.5, "B"), (41.5, pytest.approx(19.7), "A")]
    assert data(found, "mood_thayer")[0]["value"] == [-0.5, 0.5]
    assert "model tiny 1" in found["annotations"][0]["annotation_metadata"]["annotation_tools"]
    assert found["sandbox"]["analysis_version"] == "tags:tiny@1 tempo:1"


def test_what_is_not_known_is_not_there(track):
    bare = replace(track, analysis=replace(track.analysis, tags={}, descriptors={}))
    assert to_jams(bare)["annotations"] == []


def test_the_package_of_that_name_finds_no_fault(track, tmp_path):
    jams = pytest.importorskip("jams")
    (tmp_path / "song.jams").write_text(json.dumps(to_jams(track)))
    found = jams.load(str(tmp_path / "song.jams"), validate=True, strict=True)
    assert found.validate(strict=True)
    assert found.annotations.search(namespace="tempo")[0].data[0].value == 127.96
