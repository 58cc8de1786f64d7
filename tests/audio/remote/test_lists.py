import pytest

from earmark.audio.remote.lists import Entry, folders_of, read_list
from earmark.errors import DataError, FileError


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "list.txt"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_lines_and_json_may_be_mixed(write):
    path = write(
        "\ufeff# my songs\nhttps://h/a.mp3\n\n"
        '{"url": "s3://b/c d.flac", "size": 12, "etag": "x", "artist": "ignored"}\r\n'
        '{"url": "https://h/a.mp3", "size": 3}\n'
    )
    assert read_list(path) == [Entry("https://h/a.mp3", 3), Entry("s3://b/c d.flac", 12, "x")]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("/home/me/a.mp3", "line 2 has no address"),
        ("file:///etc/passwd", "line 2 has no address"),
        ("ftp://h/a.mp3", "line 2 has no address"),
        ('{"url": "https://h/a.mp3"', "line 2 is no JSON"),
        ('{"url": ["https://h/a.mp3"]}', "line 2 has no address"),
        ('{"url": "https://h/a.mp3", "size": "3"}', "size or etag"),
        ('{"url": "https://h/a.mp3", "size": -1}', "size or etag"),
        ('{"url": "https://h/a.mp3", "size": true}', "size or etag"),
        ("[" * 100_000, "line 2 has no address"),
        ("{" * 100_000, "line 2 is no JSON"),
    ],
)
def test_a_wrong_line_is_named(write, line, problem):
    with pytest.raises(DataError, match=problem):
        read_list(write(f"https://h/a.mp3\n{line}\n"))


def test_a_list_that_cannot_be_read(write, tmp_path):
    with pytest.raises(FileError, match="cannot be read"):
        read_list(tmp_path / "none.txt")
    with pytest.raises(DataError, match="not UTF-8"):
        read_list(write(b"https://h/\xff.mp3"))


def test_a_list_stands_for_the_folders_that_its_addresses_share():
    urls = "https://h/m/a/1.mp3 https://h/m/b/2.mp3?sig=/x/y https://i/3.mp3 s3://b/x/4.mp3 s3://b/x/5.mp3"
    assert folders_of([Entry(url) for url in urls.split()]) == ["https://h/m", "https://i", "s3://b/x"]
    assert folders_of([]) == []
