from dataclasses import replace

import pyarrow as pa
import pytest

from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.catalogue.files import FileState
from earmark.catalogue.store import Store
from earmark.engine import writer
from earmark.engine.writer import Writer
from earmark.errors import CatalogueError


class Kept:
    """A store that only notes the batches, and raises `error` for one in which a file is called bad."""

    def __init__(self, error: Exception | None = None) -> None:
        self.batches, self.states, self.error = [], {}, error

    def write(self, analyses, states) -> None:
        if self.error and any(state.path == "bad" and state.track_id for state in states):
            raise self.error
        self.batches.append((list(analyses), [state.path for state in states]))
        self.states |= {state.path: state for state in states}


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


@pytest.mark.parametrize(
    "error", [pa.ArrowInvalid("too large"), OverflowError("int"), AttributeError("lufs"), KeyError("x")]
)
def test_what_no_table_takes_costs_its_own_file(clock, error):
    kept = Kept(error)
    made = Writer(kept)
    for name in ("a", "bad", "c"):
        made.add(state(name), name.upper())
    made.flush()
    assert kept.batches == [(["A"], ["a"]), ([], ["bad"]), (["C"], ["c"])]
    failure = kept.states["bad"]
    assert (failure.track_id, failure.info) == (None, None)
    assert failure.problem.startswith(f"what was found in it cannot be kept ({type(error).__name__}")
    assert failure.remedy == "Please report this with the file."
    assert made.refused == [(state("bad"), "BAD")]
    made.flush()
    assert len(kept.batches) == 4  # and none of them is written twice


def test_a_catalogue_that_cannot_be_written_ends_the_scan(clock):
    made = Writer(Kept(CatalogueError("c", "no space left", "Free some.")))
    made.add(state("bad"))
    with pytest.raises(CatalogueError, match="no space left"):
        made.flush()


POISON = {
    "a number as title": {"title": 5},
    "a lone surrogate": {"artist": "\ud800"},
    "a year out of range": {"year": 2**40},
    "a list as album": {"album": ["x"]},
    "bytes as genre": {"genre": b"\xff"},
}


@pytest.mark.parametrize("change", POISON.values(), ids=POISON)
def test_real_tables_refuse_what_is_said_of_one_file_and_keep_the_others(tmp_path, change):
    """A wrong type, no Unicode, out of range: each found by trying what Arrow refuses."""
    store = Store(tmp_path / "catalogue", create=True)
    made = Writer(store)
    for name in ("/a", "/bad", "/c"):
        tags = replace(FileTags("T"), **change) if name == "/bad" else FileTags("T")
        made.add(FileState(name, 1, 1, "s", "id", info=FileInfo(tags, checksum=b"12345678")))
    made.flush()
    found = Store(tmp_path / "catalogue").files()
    assert {path: found[path].track_id for path in found} == {"/a": "id", "/bad": None, "/c": "id"}
    assert found["/bad"].problem.startswith("what was found in it cannot be kept")
