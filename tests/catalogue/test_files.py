import os

import pytest

from earmark.catalogue.files import FileState, file_of_row, row_of_file

FAILED = FileState("/music/a.mp3", 12, 34, "tags:t@1", None, "the file is empty", "Copy it again.")


@pytest.mark.parametrize("name", ["plain", "it's; DROP --", "日本語", "new\nline", os.fsdecode(b"caf\xe9")])
def test_a_row_gives_back_the_state_whatever_the_name(name):
    state = FileState(f"/music/{name}.flac", 123, 4_567_890_123, "tags:t@1 tempo:1", "0" * 20)
    row = row_of_file(state)
    assert file_of_row(row) == state
    row["path"].encode()  # valid Unicode, for people


def test_a_failure_keeps_its_cause():
    assert file_of_row(row_of_file(FAILED)) == FAILED
    assert FAILED.to_dict() == {"path": "/music/a.mp3", "problem": "the file is empty", "remedy": "Copy it again."}
