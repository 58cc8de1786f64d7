from dataclasses import replace

import numpy as np
import pytest

from earmark.interop.paths import Root, place_of
from earmark.interop.playlist import write_playlist
from earmark.interop.rekordbox import collection, location
from tagged import RHYTHM, track_of, write_kind


@pytest.fixture
def track(tmp_path):
    return track_of(write_kind(tmp_path / "sóng & more.mp3"), duration=61.2)


def element(track):
    return collection([(track, place_of(track, (), None))], "list").find("COLLECTION/TRACK")


def test_a_track_with_everything(track):
    found = element(track)
    assert {name: found.get(name) for name in ("TrackID", "TotalTime", "AverageBpm", "Tonality", "Genre", "Kind")} == {
        "TrackID": "1", "TotalTime": "61", "AverageBpm": "127.96", "Tonality": "Bbm", "Genre": "Rock",
        "Kind": "MP3 File",
    }  # fmt: skip
    assert found.get("Colour") == "0xFFA500"
    assert found.get("Comments") == "[earmark: energy 7; mood happy, joyful]"
    assert found.find("TEMPO").attrib == {"Inizio": "0.500", "Bpm": "127.96", "Metro": "4/4", "Battito": "1"}
    cues = [(cue.get("Name"), cue.get("Start"), cue.get("Num"), cue.get("Type")) for cue in found.iter("POSITION_MARK")]
    assert cues == [("A", "0.000", "-1", "0"), ("B", "20.000", "-1", "0"), ("A", "41.500", "-1", "0")]


@pytest.mark.parametrize("unsteady", [{"stability": 0.4}, {"confidence": 0.1}, {"beats": np.zeros(0)}])
def test_no_grid_where_it_would_run_away(track, unsteady):
    descriptors = track.descriptors | {"tempo": replace(RHYTHM, **unsteady)}
    assert element(replace(track, analysis=replace(track.analysis, descriptors=descriptors))).find("TEMPO") is None


@pytest.mark.parametrize(("first_bar", "beat"), [(0, 1), (1, 4), (2, 3), (3, 2)])
def test_the_first_beat_knows_its_place_in_the_bar(track, first_bar, beat):
    rhythm = replace(RHYTHM, downbeats=RHYTHM.beats[first_bar : first_bar + 1])
    descriptors = track.descriptors | {"tempo": rhythm}
    found = element(replace(track, analysis=replace(track.analysis, descriptors=descriptors)))
    assert found.find("TEMPO").get("Battito") == str(beat)


def test_places_of_both_kinds_of_systems():
    assert location("/m/a b&.mp3") == "file://localhost/m/a%20b%26.mp3"
    assert location(r"C:\m\a b.mp3") == "file://localhost/C:/m/a%20b.mp3"


def test_pyrekordbox_reads_it(tmp_path, track):
    rbxml = pytest.importorskip("pyrekordbox.rbxml")
    out = tmp_path / "list.xml"
    write_playlist(out, [track, track], roots=[Root(str(tmp_path), "/data")], name="Évening")
    read = rbxml.RekordboxXml(str(out))
    (one,) = read.get_tracks()
    assert one["Location"].lstrip("/") == "data/sóng & more.mp3"  # it takes the first slash for localhost's
    assert (one["AverageBpm"], one["Tonality"]) == (127.96, "Bbm")
    assert [(tempo["Inizio"], tempo["Bpm"]) for tempo in one.tempos] == [(0.5, 127.96)]
    assert [mark["Type"] for mark in one.marks] == ["cue"] * 3
    assert read.get_playlist("Évening").get_tracks() == [1, 1]
