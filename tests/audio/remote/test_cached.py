import io
from contextlib import suppress

import pytest

from earmark.audio.remote import cached
from earmark.audio.remote.cached import BLOCK, MOST_BLOCKS, OpenedFile, RemoteFile, holding, open_remote
from earmark.audio.remote.source import Part
from earmark.errors import AudioError, Unreachable

DATA = bytes(range(256)) * (BLOCK // 64)  # four blocks


class Memory:
    def __init__(self, data=DATA, etag="1"):
        self.data, self.etag, self.asked = data, etag, []

    def fetch(self, start, stop, etag):
        self.asked.append((start, stop, etag))
        return Part(self.data[start:stop], len(self.data), self.etag)


@pytest.fixture
def memory():
    return Memory()


def test_it_reads_like_a_file(memory):
    file, same = OpenedFile(RemoteFile("s3://b/a.mp3", memory)), io.BytesIO(DATA)
    for offset, whence, n in (
        (0, 0, 10),
        (BLOCK - 3, 0, 7),
        (-5, 2, 100),
        (5, 1, 1),
        (-BLOCK * 3, 2, BLOCK * 2),
        (9, 0, -1),
    ):
        assert file.seek(offset, whence) == same.seek(offset, whence)
        assert file.read(n) == same.read(n)
        assert file.tell() == same.tell()
    buffer = bytearray(5)
    file.seek(2)
    assert (file.readinto(buffer), bytes(buffer), file.name) == (5, DATA[2:7], "a.mp3")


def test_blocks_are_fetched_when_they_are_read_and_once(memory):
    remote = RemoteFile("s3://b/a", memory)
    for place in (0, len(DATA) - 1, 5, len(DATA) - 9):
        file = OpenedFile(remote)
        file.seek(place)
        file.read(1)
    assert memory.asked == [(0, BLOCK, ""), (3 * BLOCK, 4 * BLOCK, "1")]
    assert (remote.requests, remote.fetched) == (2, 2 * BLOCK)


def test_no_more_blocks_are_kept_than_there_is_room_for(memory, monkeypatch):
    monkeypatch.setattr(cached, "BLOCK", 1000)
    remote = RemoteFile("s3://b/a", memory)
    OpenedFile(remote).read(1000 * (MOST_BLOCKS + 5))
    assert len(remote._blocks) == MOST_BLOCKS


@pytest.mark.parametrize("change", [{"etag": "2"}, {"data": DATA + b"more"}, {"data": DATA[:-3]}])
def test_a_file_that_changes_meanwhile_is_no_mixture(memory, change):
    remote = RemoteFile("s3://b/a", memory)
    remote.block(0)
    vars(memory).update(change)
    if "etag" in change:  # the source itself says so
        memory.fetch = lambda *_: (_ for _ in ()).throw(cached.changed("s3://b/a"))
    with pytest.raises(Unreachable, match="was changed while it was read"):
        remote.block(3)


def test_a_lost_block_fails_what_holds_the_file_whatever_was_made_of_it(memory, monkeypatch):
    def fetch(start, stop, etag):
        if start:
            raise Unreachable("s3://b/a", "gone", "Wait.")
        return Part(DATA[start:stop], len(DATA), "1")

    memory.fetch = fetch
    monkeypatch.setattr(cached, "StoreFile", lambda address: memory)

    def take_it_for_the_end():
        with holding("s3://b/a"):
            file = open_remote("s3://b/a")
            file.seek(BLOCK)
            with suppress(Unreachable):
                file.read(1)

    with pytest.raises(Unreachable, match="gone"):
        take_it_for_the_end()
    assert not cached._held


def test_an_empty_file_is_told(monkeypatch):
    monkeypatch.setattr(cached, "StoreFile", lambda address: Memory(b""))
    with pytest.raises(AudioError, match="the file is empty"):
        open_remote("s3://b/a")
