"""Activations of a catalogue of version 1 move into a table of their own, whenever the move is interrupted."""

import numpy as np
import pytest

from earmark.catalogue import split
from earmark.catalogue.schema import activations_column, is_steps
from earmark.catalogue.split import move_steps
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table


def activations(store: Store) -> dict:
    model_id = store.model().id
    return {track_id: store.activations(track_id, model_id) for track_id in sorted(store.track_ids())}


def assert_near(one: dict, other: dict) -> None:
    assert one.keys() == other.keys()
    assert len(one) == 3
    for a, b in zip(one.values(), other.values(), strict=True):
        np.testing.assert_allclose(a.logits, b.logits, atol=0.07)
        np.testing.assert_allclose(a.embedding, b.embedding, atol=0.02)


def test_they_are_read_before_and_after(old):
    before = activations(Store(old))
    store = Store(old)
    store.migrate()
    assert_near(before, activations(store))
    assert_near(before, activations(Store(old)))
    tracks, steps = Table(old / "tracks.lance"), Table(old / "steps.lance")
    assert not any(map(is_steps, tracks.schema.names))
    assert steps.schema.names == ["track_id", activations_column(store.model().id)]
    assert tracks.indexed() == {"track_id", "text"} - (set() if tracks.has_words() else {"text"})
    assert steps.indexed() == {"track_id"}


def test_interrupted_it_goes_on_with_the_tracks_that_are_left(old, monkeypatch):
    monkeypatch.setattr(split, "AT_ONCE", 1)
    before = activations(Store(old))
    files, tracks = Table(old / "files.lance"), Table(old / "tracks.lance")
    shares = move_steps(files, tracks)
    assert next(shares) == pytest.approx(1 / 3)
    shares.close()  # as a kill would
    assert len(Table(old / "steps.lance")) == 1
    assert_near(before, activations(Store(old)))

    assert list(move_steps(files, Table(old / "tracks.lance"))) == pytest.approx([1 / 3, 2 / 3, 1])

    assert len(Table(old / "steps.lance")) == 3
    assert_near(before, activations(Store(old)))
    assert list(move_steps(files, Table(old / "tracks.lance"))) == []
