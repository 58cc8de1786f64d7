import numpy as np
import pytest

from earmark.analysis import analyze
from earmark.explore.songs import (
    AGREES,
    RECORDING,
    SAME_AGREES,
    VERSION,
    Song,
    Songs,
    needed_agreement,
    same_tempo,
    song_of,
)


@pytest.fixture
def songs(twice):
    """`Songs`, and the song of each file by its name."""
    songs = Songs(twice, "tiny")
    rows = {file.rsplit("/", 1)[-1]: track for track in twice.table().to_pylist() for file in track["paths"]}
    return songs, dict(zip(rows, songs.read(rows.values()), strict=True))


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        ("song.flac", "song.mp3", RECORDING),
        ("song.flac", "trimmed.ogg", RECORDING),
        ("trimmed.ogg", "song.mp3", RECORDING),
        ("song.flac", "live.flac", VERSION),
        ("song.mp3", "live.flac", VERSION),
        ("song.flac", "other.flac", None),
        ("song.flac", "theirs.flac", None),
        ("song.flac", "remix.flac", None),
        ("trimmed.ogg", "live.flac", None),
    ],
)
def test_the_relation_of_two_tracks(songs, a, b, relation):
    songs, by_name = songs
    assert songs.relation(by_name[a], by_name[b]) == relation == songs.relation(by_name[b], by_name[a])


def test_a_file_that_the_catalogue_does_not_hold_can_be_added(songs, doubles, model):
    songs, by_name = songs
    heard = analyze(doubles / "music" / "song.mp3", model)
    stranger = song_of(
        {"track_id": "new", "duration": heard.duration, "artist": "", "title": "x", "tempo": None}, heard.embedding
    )
    songs.add(stranger, heard.activations)
    assert songs.relation(stranger, by_name["song.flac"]) == RECORDING


def song(duration: float = 100.0, cosine: float | None = 1.0, tempo: float | None = 120.0) -> Song:
    """A song whose vector has this cosine with [1, 0]; none without one."""
    vector = None if cosine is None else np.array([cosine, np.sqrt(1 - cosine**2)], np.float32)
    return Song("x", duration, None, tempo, vector)


@pytest.mark.parametrize(
    ("other", "needed"),
    [
        (song(109), SAME_AGREES),
        (song(109, tempo=77.0), SAME_AGREES),
        (song(111), None),
        (song(102, 0.85), AGREES),
        (song(102, 0.85, 61.0), AGREES),
        (song(102, 0.85, 100.0), None),
        (song(102, 0.85, None), None),
        (song(104, 0.85), None),
        (song(100, 0.4), None),
        (song(100, None), None),
    ],
)
def test_only_what_is_near_in_length_sound_and_tempo_is_compared_over_time(other, needed):
    assert needed_agreement(song(), other) == needed == needed_agreement(other, song())


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [(120, 121, True), (120, 60.5, True), (60, 240, True), (120, 90, False), (None, None, True), (None, 120, False)],
)
def test_tempi_are_the_same_whatever_their_octave(a, b, same):
    assert same_tempo(a, b) == same == same_tempo(b, a)


def test_what_is_not_kept_agrees_with_nothing(songs):
    songs, by_name = songs
    assert songs.agreement("nobody", by_name["song.flac"].track_id) == 0
