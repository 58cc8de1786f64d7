from pathlib import Path

import numpy as np
import pytest

from earmark.catalogue.store import Store
from earmark.errors import CatalogueError
from earmark.explore import duplicates as module
from earmark.explore.duplicates import duplicates, near_pairs
from earmark.explore.songs import Song, needed_agreement


def names(group) -> list[str]:
    return [Path(copy.path).name for copy in group.copies]


def test_a_group_a_kind_the_better_file_first(twice):
    audio, recording, version = duplicates(twice)
    assert (audio.kind, names(audio)) == ("audio", ["copy of song.flac", "song.flac"])
    assert recording.kind == "recording"
    assert names(recording)[0] == "copy of song.flac"
    assert set(names(recording)[1:]) == {"song.mp3", "trimmed.ogg"}
    assert version.kind == "version"
    assert set(names(version)) == {"copy of song.flac", "live.flac"}


def test_the_json_tells_what_the_files_are(twice):
    first = duplicates(twice)[0].to_dict()["files"][0]
    assert first["codec"] == "flac"
    assert first["lossless"]
    assert (first["sample_rate"], first["title"], first["artist"]) == (44_100, "Song", "Band")


def test_a_store_without_doubles_has_no_groups(store):
    assert duplicates(store) == []


def test_an_empty_catalogue_says_what_to_do(tmp_path):
    with pytest.raises(CatalogueError, match="nothing was scanned"):
        duplicates(Store(tmp_path / "new", create=True))


@pytest.mark.parametrize("block", [3, 7, 1000])
def test_the_pairs_of_the_blocks_are_all_pairs(block, monkeypatch):
    monkeypatch.setattr(module, "BLOCK", block)
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((150, 2)).astype(np.float32)
    songs = [
        Song(
            f"{i:02}", float(rng.uniform(60, 120)), None, [100.0, 90.0][i % 2], vectors[i] / np.linalg.norm(vectors[i])
        )
        for i in range(150)
    ]
    songs.append(Song("none", 80.0, None, None, None))
    expected = {
        frozenset((a.track_id, b.track_id)) for a in songs for b in songs if a is not b and needed_agreement(a, b)
    }
    found = [frozenset(song.track_id for song in pair) for pair in near_pairs(songs)]
    assert len(found) == len(set(found)) > 20
    assert set(found) == expected


def test_no_song_no_pair():
    assert list(near_pairs([])) == []
