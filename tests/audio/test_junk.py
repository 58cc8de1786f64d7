import stat

import pytest

from earmark.audio.junk import HIDDEN, SYSTEM, UNFINISHED, file_reason, folder_reason


@pytest.mark.parametrize(
    "name",
    [
        ".AppleDouble", "@eaDir", "#recycle", "$RECYCLE.BIN", "$Recycle.Bin", "System Volume Information", ".Trash",
        ".Trash-1000", ".Trashes", "lost+found", "@Recycle", ".@__thumb", "#snapshot", "__MACOSX", ".stfolder",
        ".stversions",
    ],
)  # fmt: skip
def test_folders_of_systems(name):
    assert folder_reason(name) == SYSTEM


@pytest.mark.parametrize(
    "suffix",
    [
        ".part", ".crdownload", ".!ut", ".!qB", ".download", ".partial", ".opdownload", ".bc!", ".aria2", ".tmp",
        ".TMP",
    ],
)  # fmt: skip
def test_unfinished_downloads(suffix):
    assert file_reason("song.mp3" + suffix) == UNFINISHED


def test_a_leading_dot_hides_and_three_begin_a_title():
    assert folder_reason(".cache") == file_reason("._a.flac") == file_reason(".a.flac") == HIDDEN
    assert folder_reason("...And Justice for All") is None
    assert file_reason("...Baby One More Time.mp3") is None


def test_a_browser_keeps_a_download_in_a_folder():
    assert folder_reason("song.mp3.download") == UNFINISHED


@pytest.mark.parametrize("name", ["Album", "Lost+Found", "Recycled", "Part", "a.part.2", "#1 Record", "Thumbs"])
def test_other_folders_are_entered(name):
    assert folder_reason(name) is None


def test_windows_marks_what_is_hidden():
    assert file_reason("a.flac", stat.FILE_ATTRIBUTE_HIDDEN) == HIDDEN
    assert folder_reason("Album", stat.FILE_ATTRIBUTE_HIDDEN) == HIDDEN
    assert file_reason("a.flac", stat.FILE_ATTRIBUTE_ARCHIVE) is None
