import os

import pyarrow as pa
import pytest

from earmark.audio.decode import SoundFormat
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.catalogue.files import SEEN, FileState, SeenFiles, file_of_row, row_of_file
from earmark.catalogue.schema import FILES

FAILED = FileState("/music/a.mp3", 12, 34, "tags:t@1", None, "the file is empty", "Copy it again.")


@pytest.mark.parametrize("name", ["plain", "it's; DROP --", "日本語", "new\nline", os.fsdecode(b"caf\xe9")])
def test_a_row_gives_back_the_state_whatever_the_name(name):
    state = FileState(f"/music/{name}.flac", 123, 4_567_890_123, "tags:t@1 tempo:1", "0" * 20)
    row = row_of_file(state)
    assert file_of_row(row) == state
    row["path"].encode()  # valid Unicode, for people


def test_tags_and_coding_are_kept():
    info = FileInfo(FileTags("T", "A", "B", 1999, "Rock"), SoundFormat("mp3", 320_000, 44_100, 2), b"12345678")
    state = FileState("/music/a.mp3", 1, 2, "tags:t@1", "0" * 20, info=info, differs=True)
    assert file_of_row(row_of_file(state)) == state
    shown = state.to_dict_of_track()
    assert (shown["path"], shown["album"], shown["codec"], shown["bit_rate"]) == ("/music/a.mp3", "B", "mp3", 320_000)


def test_a_row_of_an_older_earmark_has_no_tags():
    row = row_of_file(FileState("/music/a.mp3", 1, 2, "tags:t@1", "0" * 20))
    old = {name: row[name] for name in ("key", "size", "mtime_ns", "stamp", "track_id", "problem", "remedy")}
    assert file_of_row(old).info is None


def test_a_failure_keeps_its_cause():
    assert file_of_row(row_of_file(FAILED)) == FAILED
    assert FAILED.to_dict() == {"path": "/music/a.mp3", "problem": "the file is empty", "remedy": "Copy it again."}


def test_files_that_were_seen_are_made_when_they_are_asked_for(monkeypatch):
    states = {path: FileState(path, i, 10 * i, "v", f"t{i}") for i, path in enumerate(["/a", "/caf\udce9", "/b/c.mp3"])}
    states["/bad"] = FileState("/bad", 5, 6, "v", None, "cut off", "Copy it again.")
    rows = [row_of_file(state) for state in states.values()]
    for clash in (False, True):
        if clash:  # of all hashes
            monkeypatch.setattr("earmark.catalogue.files.hash", lambda path: 7, raising=False)
        seen = SeenFiles(pa.Table.from_pylist(rows, FILES).select(SEEN))
        assert dict(seen) == states
        assert "/none" not in seen
    assert not SeenFiles(pa.Table.from_pylist([], FILES).select(SEEN))
