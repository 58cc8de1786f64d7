import pytest

from earmark.catalogue.files import FileState
from earmark.engine import writer
from earmark.engine.writer import Writer


class Kept:
    """A store that only notes the batches."""

    def __init__(self) -> None:
        self.batches = []

    def write(self, analyses, states) -> None:
        self.batches.append((list(analyses), [state.path for state in states]))


def state(name: str) -> FileState:
    return FileState(name, 1, 1, "s", "id")


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(writer.time, "monotonic", lambda: now[0])
    return now


def test_a_batch_is_written_when_it_is_full(clock, monkeypatch):
    monkeypatch.setattr(writer, "FLUSH_TRACKS", 2)
    kept = Kept()
    made = Writer(kept)
    for name, analysis in (("a", "A"), ("b", None), ("c", "C")):
        made.add(state(name), analysis)
    assert kept.batches == [(["A"], ["a", "b"])]
    made.flush()
    assert kept.batches[1:] == [(["C"], ["c"])]


def test_a_batch_is_written_when_it_is_old(clock):
    kept = Kept()
    made = Writer(kept)
    made.add(state("a"))
    clock[0] = writer.FLUSH_SECONDS + 0.1
    made.add(state("b"))
    assert kept.batches == [([], ["a", "b"])]
    made.add(state("c"))
    assert len(kept.batches) == 1
