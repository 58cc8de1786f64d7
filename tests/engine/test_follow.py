import os
import shutil
import threading
import time

import pytest

pytest.importorskip("watchfiles")

from watchfiles import Change

from catalogues import write_music
from earmark.catalogue.lock import locked
from earmark.catalogue.store import Store
from earmark.engine import follow as module
from earmark.engine.follow import Changes, follow, is_of_interest, nearest_folder, signature
from earmark.engine.scan import ScanOptions, scan
from earmark.errors import FileError
from fake_executor import FakeExecutor
from sounds import tune, write_sound

PATIENCE = 20.0  # seconds


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def test_a_folder_is_ready_once_all_in_it_is_still(tmp_path):
    clock = Clock()
    changes, song, other = Changes(5.0, clock), tmp_path / "a.mp3", tmp_path / "b.mp3"
    song.write_bytes(b"1")
    changes.add([(Change.added, str(song))])
    clock.now = 4.9
    assert changes.ready() == []
    other.write_bytes(b"1")
    changes.add([(Change.added, str(other))])
    clock.now = 5.1
    assert changes.ready() == []
    clock.now = 9.9
    assert changes.ready() == [str(tmp_path)]
    assert changes.ready() == []


def test_a_file_that_grows_without_news_is_waited_for(tmp_path):
    clock = Clock()
    changes, song = Changes(5.0, clock), tmp_path / "a.mp3"
    song.write_bytes(b"1")
    changes.add([(Change.added, str(song))])
    song.write_bytes(b"123")
    clock.now = 5.0
    assert changes.ready() == []
    clock.now = 10.0
    assert changes.ready() == [str(tmp_path)]


def test_a_folder_inside_of_another_is_not_named_beside_it(tmp_path):
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    changes = Changes(0.0)
    changes.add([(Change.added, str(tmp_path / "a" / "x.mp3")), (Change.added, str(inner / "y.mp3"))])
    assert changes.ready() == [str(tmp_path / "a")]


def test_what_has_gone_is_looked_for_where_it_was(tmp_path):
    changes, album = Changes(0.0), tmp_path / "album"
    changes.add([(Change.deleted, str(album)), (Change.deleted, str(album / "a.mp3"))])
    assert changes.ready() == [str(tmp_path)] == [nearest_folder(str(album / "deep"))]
    assert changes.witnessed([str(album / "a.mp3"), str(tmp_path / "b.mp3")]) == [str(album / "a.mp3")]
    assert changes.witnessed([str(album / "a.mp3")]) == []


@pytest.mark.parametrize(
    ("path", "matters"),
    [
        ("/m/a.mp3", True), ("/m", True), ("/m/x/.earmarkignore", True), ("/m/a.lrc", True), ("/m/.hidden.mp3", False),
        ("/m/.git/a.mp3", False), ("/m/a.mp3.part", False), ("/m/cat/tracks.lance/x", False), ("/other/a.mp3", False),
    ],
)  # fmt: skip
def test_what_a_scan_would_not_care_about_wakes_nobody(path, matters):
    assert is_of_interest(path, ["/m"], "/m/cat") == matters


def test_the_signature_of_a_folder_is_of_all_that_lies_in_it(tmp_path):
    (tmp_path / "a").mkdir()
    before = signature(str(tmp_path))
    (tmp_path / "a" / "x").write_bytes(b"12")
    assert signature(str(tmp_path))[::2] == (2, 1) != before[::2] == (0, 0)
    assert signature(str(tmp_path / "none")) == (0, 0, 0)


@pytest.fixture
def followed(tmp_path, model, monkeypatch):
    """Follows music/ in a thread; `reports` grow, `wait(n)` for the n-th."""
    monkeypatch.setattr(module, "ABSENT", 0.1)
    monkeypatch.setattr(module, "BUSY", 0.1)
    music, reports, stop = write_music(tmp_path / "music"), [], threading.Event()
    store = Store(tmp_path / "catalogue", create=True)

    def scan_some(folders):
        return scan(store, folders, model, "tiny", ScanOptions(), executor=FakeExecutor(model))

    def run():
        for report in follow(store, [str(music)], scan_some, 0.3, stop=stop):
            reports.append(report)

    def wait(n):
        deadline = time.monotonic() + PATIENCE
        while len(reports) < n and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(reports) >= n
        return reports[n - 1]

    thread = threading.Thread(target=run)
    thread.start()
    yield music, wait, Store(tmp_path / "catalogue")
    stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_what_comes_changes_and_goes_is_followed(followed):
    music, wait, store = followed
    n = wait(1).analysed
    assert n > 0
    (music / "new").mkdir()
    write_sound(music / "new" / "one.flac", tune(5, 4.0))
    assert wait(2).analysed == 1
    os.rename(music / "new", music / "moved")
    assert wait(3).recognised == 1
    store.refresh()
    assert len(store.without_files()) == 0
    shutil.rmtree(music / "moved")
    assert wait(4).gone == []
    store.refresh()
    assert (len(store), len(store.without_files())) == (n, 1)
    assert store.roots() == [str(music)]


def test_a_file_that_is_being_copied_is_heard_once_it_is_whole(followed, tmp_path):
    music, wait, store = followed
    wait(1)
    write_sound(tmp_path / "long.wav", tune(6, 8.0))
    data = (tmp_path / "long.wav").read_bytes()
    with open(music / "long.wav", "wb") as file:
        for start in range(0, len(data), len(data) // 8):
            file.write(data[start : start + len(data) // 8])
            file.flush()
            time.sleep(0.1)
    report = wait(2)
    assert (report.analysed, report.warned) == (1, 0)
    assert report.audio_seconds == pytest.approx(8.0, abs=0.1)


def test_it_waits_while_another_process_writes(followed):
    music, wait, store = followed
    wait(1)
    with locked(store.path):
        write_sound(music / "new.flac", tune(7, 4.0))
        time.sleep(1.0)
    assert wait(2).analysed == 1


def test_a_disk_that_was_taken_out_is_waited_for_and_nothing_is_forgotten(followed):
    music, wait, store = followed
    n = wait(1).analysed
    os.rename(music, music.with_name("away"))
    time.sleep(0.8)
    os.rename(music.with_name("away"), music)
    assert wait(2).unchanged >= n
    store.refresh()
    assert store.without_files() == []


def test_a_folder_that_is_not_there_is_refused_at_once(tmp_path):
    store = Store(tmp_path / "catalogue", create=True)
    with pytest.raises(FileError, match="no such folder"):
        next(follow(store, [str(tmp_path / "none")], lambda some: None))
