import numpy as np
import pytest

from earmark.analysis import analyze
from earmark.errors import AudioError, CatalogueError
from earmark.explore.heard import heard_of, read_heard, write_heard
from earmark.explore.similar import similar
from sounds import chord, write_sound


def test_what_was_heard_is_kept_and_compared_as_the_file_itself(place, store, model, tmp_path):
    path = write_sound(tmp_path / "stranger.flac", chord(1.0, root=230.0), tags={"title": "Stranger", "artist": "Me"})
    heard = heard_of(analyze(path, model))
    write_heard(heard, tmp_path / "heard.npz")
    again = read_heard(tmp_path / "heard.npz")
    assert (again.track_id, again.title, again.artist, again.tempo) == (heard.track_id, "Stranger", "Me", heard.tempo)
    assert np.array_equal(again.vector, heard.vector)
    by_file, by_heard = ({hit.track.track_id: hit.similarity for hit in similar(store, it, 3)} for it in (path, again))
    assert by_heard == pytest.approx(by_file)


def test_of_another_model_it_cannot_be_compared(store, model, tmp_path):
    from dataclasses import replace

    path = write_sound(tmp_path / "stranger.flac", chord(1.0, root=230.0))
    with pytest.raises(CatalogueError, match="was heard with 'other'"):
        similar(store, replace(heard_of(analyze(path, model)), model_id="other"), 3)


def test_what_is_not_there_or_damaged(tmp_path):
    (tmp_path / "heard.npz").write_bytes(b"PK\x03\x04 damaged")
    for name in ("heard.npz", "nothing.npz"):
        with pytest.raises(AudioError, match="not kept"):
            read_heard(tmp_path / name)
