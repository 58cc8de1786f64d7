import asyncio
import os

import pytest

from earmark.audio.stretches import read_stretch
from earmark.errors import AudioError
from earmark.server import made
from earmark.server.made import MadeFiles


def files(prepared, tmp_path, most=2**30):
    return MadeFiles(prepared / "catalogue", tmp_path / "made", "flac", "flac", most)


def test_those_who_ask_at_once_wait_for_one_process(prepared, ids, tmp_path):
    flacs = files(prepared, tmp_path)
    assert flacs.at_hand(ids["Low"]) is None

    async def act():
        return await asyncio.gather(*(flacs.of(ids["Low"]) for _ in range(3)))

    found = asyncio.run(act())
    assert set(found) == {flacs.at_hand(ids["Low"])}
    assert len(read_stretch(found[0], 0, 10)) == 1.5 * 44_100
    before = found[0].stat().st_mtime_ns
    asyncio.run(act())
    assert found[0].stat().st_mtime_ns == before
    assert list((tmp_path / "made").iterdir()) == [found[0]]


def test_no_more_than_some_bytes_are_kept_and_always_the_last(prepared, ids, tmp_path):
    flacs = files(prepared, tmp_path, most=1)
    first = asyncio.run(flacs.of(ids["Low"]))
    os.utime(first, (1, 1))
    second = asyncio.run(flacs.of(ids["Top"]))
    assert list((tmp_path / "made").iterdir()) == [second]


def test_what_fails_leaves_nothing(prepared, tmp_path):
    with pytest.raises(AudioError, match="not in the catalogue"):
        asyncio.run(files(prepared, tmp_path).of("0" * 20))
    assert not list((tmp_path / "made").iterdir())


def test_one_that_takes_too_long_is_ended(prepared, ids, tmp_path, monkeypatch):
    monkeypatch.setattr(made, "SECONDS", 0.0)
    with pytest.raises(AudioError, match="its process ended without a word"):
        asyncio.run(files(prepared, tmp_path).of(ids["Low"]))
