"""Whether parts mean what they say and windows find their section, on a few pieces: benchmarks/parts.py has all."""

import itertools

import numpy as np
import pytest

from earmark.catalogue.store import Store
from earmark.demo import PIECES
from earmark.demo.files import FORMATS, encode
from earmark.demo.variations import song, vary
from earmark.engine.scan import scan
from earmark.explore.distinct import Variety
from earmark.explore.seeds import Seed
from earmark.explore.similar import similar
from earmark.explore.why import why_like
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path
from fake_executor import FakeExecutor

NAMES = ("blues", "invention", "house", "musette")
CHANGES = {
    "as-it-is": {}, "rhythm": {"tempo": 1.31}, "harmony": {"semitones": 4}, "instruments": {"other": True},
}  # fmt: skip
ALL = Variety(versions=True)
SONG, ORDER, SECTION = "blues", "ABACBA", 12.0


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """Pieces as they are and changed in one part each, and a song of sections."""
    root = tmp_path_factory.mktemp("likeness")
    (root / "music").mkdir()
    pieces = [piece for piece in PIECES if piece.name in NAMES]
    for piece, (name, change) in itertools.product(pieces, CHANGES.items()):
        write(root / "music" / f"{piece.name} {name}.flac", vary(piece, 15, **change))
    write(root / "music" / "song.flac", song(next(piece for piece in pieces if piece.name == SONG), ORDER, SECTION))
    model = load_model(model_path("fast"))
    store = Store(root / "catalogue", create=True)
    scan(store, [root / "music"], model, "fast", executor=FakeExecutor(model))
    return store


def write(path, y: np.ndarray) -> None:
    encode(y, path, FORMATS[0], {"title": path.stem})


def test_the_part_that_was_kept_is_nearer_than_the_part_that_was_changed(heard):
    right = []
    for name in NAMES:
        hits = similar(heard, f"{name} as-it-is", 30, variety=ALL, explain=True)
        parts = {hit.track.title: hit.parts for hit in hits}
        for changed in ("rhythm", "harmony", "instruments"):
            told = parts[f"{name} {changed}"]
            right += [told[kept] > told[changed] for kept in told.keys() & CHANGES.keys() - {changed}]
    assert len(right) == 24
    assert np.mean(right) >= 0.9


def test_by_a_part_the_track_with_that_part_is_found_before_the_one_without(heard):
    better = 0
    for name, part in itertools.product(NAMES, ("rhythm", "harmony", "instruments")):
        titles = [hit.track.title for hit in similar(heard, f"{name} as-it-is", 30, variety=ALL, weights={part: 1})]
        others = [titles.index(f"{name} {kept}") for kept in CHANGES if kept not in ("as-it-is", part)]
        better += max(others) < titles.index(f"{name} {part}")
    assert better >= 11  # of 12


def test_a_window_finds_the_other_passages_of_its_section_first(heard):
    right = []
    for number, kind in enumerate(ORDER):
        start = number * SECTION + 3
        if ORDER.count(kind) > 1:
            pair = why_like(heard, Seed("song", start=start, end=start + 6), Seed("song")).pairs[0]
            right.append(ORDER[int((pair.start + pair.end) / 2 / SECTION)] == kind)
    assert len(right) == 5
    assert sum(right) >= 4


def test_a_window_finds_its_section_in_other_tracks(heard):
    for start, title in ((3, "as-it-is"), (15, "instruments")):
        hits = similar(heard, Seed("song", start=start, end=start + 6), 2, variety=ALL)
        assert f"{SONG} {title}" in [hit.track.title for hit in hits]
