"""Plans done, killed, done again and undone, on real files of every format."""

import os
import random
import signal
import stat
import time
from pathlib import Path

import pytest

from earmark.audio.decode import content_hash
from earmark.interop import apply as module
from earmark.interop.apply import apply_plan, draft_of, undo_run
from earmark.interop.journal import open_journal
from earmark.interop.mutagen_files import open_tags
from earmark.interop.plan import make_plan
from earmark.interop.profile import CHOICES, Profile
from tagged import KINDS, track_of, write_kind

EVERYTHING = Profile("all", CHOICES)


@pytest.fixture
def music(tmp_path):
    """A file of every kind."""
    (tmp_path / "music").mkdir()
    return [write_kind(tmp_path / "music" / f"song.{kind}") for kind in KINDS]


@pytest.fixture
def song(tmp_path):
    return write_kind(tmp_path / "song.flac")


def planned(*paths, mode="add"):
    return make_plan([track_of(path) for path in paths], EVERYTHING, mode)


def done(tmp_path, plan, **options):
    with open_journal(tmp_path / "catalogue") as journal:
        return apply_plan(plan, journal, **options)


def undone(tmp_path, run):
    with open_journal(tmp_path / "catalogue") as journal:
        return undo_run(run, journal)


def test_every_format_keeps_its_sound_and_comes_back_byte_by_byte(tmp_path, music):
    before = {path: (path.read_bytes(), content_hash(path), path.stat().st_mtime_ns) for path in music}
    plan = planned(*music)
    report = done(tmp_path, plan)
    assert sorted(report.written) == sorted(map(str, music))
    assert report.refused == []
    for path in music:
        assert path.read_bytes() != before[path][0]
        assert content_hash(path) == before[path][1]
        tags = open_tags(path)
        assert all(
            tags.read(one.name) == one.new for file in plan.files if file.path == str(path) for one in file.changes
        )

    report = undone(tmp_path, plan.id)
    assert sorted(report.written) == sorted(map(str, music))
    for path in music:
        assert (path.read_bytes(), content_hash(path), path.stat().st_mtime_ns) == before[path]
    assert not list((tmp_path / "music").glob(".*"))


def test_a_hundred_files(tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    first = {kind: write_kind(folder / f"000.{kind}", seconds=0.5) for kind in KINDS}
    paths = list(first.values())
    for i in range(1, 10):
        for kind, path in first.items():
            paths.append(folder / f"{i:03}.{kind}")
            paths[-1].write_bytes(path.read_bytes())
    before = {path: (path.read_bytes(), content_hash(path)) for path in paths}
    plan = planned(*paths)
    assert len(done(tmp_path, plan).written) == 100
    assert all(content_hash(path) == before[path][1] for path in paths)
    assert len(undone(tmp_path, plan.id).written) == 100
    assert all(path.read_bytes() == before[path][0] for path in paths)


def test_a_plan_is_done_once(tmp_path, song):
    plan = planned(song)
    assert done(tmp_path, plan).written == [str(song)]
    written = song.read_bytes()
    assert done(tmp_path, plan).already == [str(song)]
    assert song.read_bytes() == written


@pytest.mark.parametrize("foreign", [False, True])
def test_owner_and_mode_stay_and_times_on_wish(tmp_path, song, foreign):
    song.chmod(0o640)
    os.utime(song, ns=(10**18, 10**18))
    if foreign and os.geteuid() == 0:
        os.chown(song, 12_345, 12_346)
    before = song.stat()
    plan = planned(song)
    done(tmp_path, plan, keep_times=True)
    after = song.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o640, before.st_uid, before.st_gid)
    assert after.st_mtime_ns == 10**18
    undone(tmp_path, plan.id)
    after = song.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_mtime_ns) == (0o640, before.st_uid, 10**18)


def test_the_time_of_change_is_new_by_default(tmp_path, song):
    os.utime(song, ns=(10**18, 10**18))
    done(tmp_path, planned(song))
    assert time.time() - song.stat().st_mtime < 100


def changed(song):
    song.write_bytes(song.read_bytes() + b"x")


def linked(song):
    os.link(song, song.with_name("other.flac"))


def retagged_in_the_same_time(song):
    before = song.stat()
    data = song.read_bytes().replace("Tïtle".encode(), "Tötle".encode())
    song.write_bytes(data)
    os.utime(song, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    ("harm", "problem"),
    [(changed, "has changed since the plan"), (linked, "hard links"), (lambda song: song.chmod(0o444), "read-only"),
     (Path.unlink, "cannot be read"), (retagged_in_the_same_time, "has changed since the plan")],
)  # fmt: skip
def test_files_that_changed_after_the_plan_are_refused_and_named(tmp_path, song, harm, problem):
    other = write_kind(tmp_path / "more.mp3")
    plan = planned(song, other)
    harm(song)
    kept = song.read_bytes() if song.exists() else None
    report = done(tmp_path, plan)
    assert report.written == [str(other)]
    assert [one.path for one in report.refused] == [str(song)]
    assert problem in report.refused[0].problem
    assert (song.read_bytes() if song.exists() else None) == kept


def test_a_sound_that_would_not_be_the_same_is_never_put_in_place(tmp_path, song, monkeypatch):
    plan, before = planned(song), song.read_bytes()
    monkeypatch.setattr(module, "content_hash", lambda path: "another")
    report = done(tmp_path, plan)
    assert "sound would not be the same" in report.refused[0].problem
    assert (song.read_bytes(), draft_of(str(song)).exists()) == (before, False)


def test_a_file_that_is_changed_while_its_copy_is_written_is_left_alone(tmp_path, song, monkeypatch):
    plan, find_delta = planned(song), module.find_delta

    def meanwhile(old, new):
        changed(song)
        return find_delta(old, new)

    monkeypatch.setattr(module, "find_delta", meanwhile)
    report = done(tmp_path, plan)
    assert "was changed meanwhile" in report.refused[0].problem
    assert song.read_bytes().endswith(b"x")
    assert undone(tmp_path, plan.id).written == []


def test_a_full_disk_refuses_one_file_and_leaves_it(tmp_path, song, monkeypatch):
    plan, before = planned(song), song.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.shutil, "copyfile", full)
    assert "No space left" in done(tmp_path, plan).refused[0].problem
    assert song.read_bytes() == before


def test_undo_refuses_what_was_changed_since(tmp_path, song):
    first = planned(song)
    done(tmp_path, first)
    tags = open_tags(song)
    tags.write("TITLE", ("Other",))
    tags.save()
    report = undone(tmp_path, first.id)
    assert "changed since its tags were written" in report.refused[0].problem
    assert open_tags(song).read("TITLE") == ("Other",)


def test_runs_are_undone_one_after_another(tmp_path, song):
    before = song.read_bytes()
    first = planned(song)
    done(tmp_path, first)
    tags = Profile("b", ("bpm",), bpm_decimals=2)
    second = make_plan([track_of(song)], tags, "replace")
    done(tmp_path, second)
    assert undone(tmp_path, first.id).refused
    assert undone(tmp_path, second.id).written == [str(song)]
    assert undone(tmp_path, first.id).written == [str(song)]
    assert song.read_bytes() == before


def test_a_draft_is_passed_over_by_scans_and_no_link_is_followed(tmp_path, song):
    victim = tmp_path / "victim"
    victim.write_text("mine")
    draft_of(str(song)).symlink_to(victim)
    done(tmp_path, planned(song))
    assert victim.read_text() == "mine"
    assert draft_of(str(song)).name.startswith(".")


def killed_at(do, afterwards):
    """A step that ends its process like a lost power supply, before or after it was done."""

    def step(*arguments):
        if afterwards:
            do(*arguments)
        os.kill(os.getpid(), signal.SIGKILL)

    return step


@pytest.mark.parametrize("step", ["_write_tags", "content_hash", "find_delta", "_replace", "after _replace"])
def test_killed_at_every_step_the_file_is_whole_and_a_rerun_completes(tmp_path, song, step, monkeypatch):
    plan, before = planned(song), song.read_bytes()
    name = step.removeprefix("after ")
    with_kill = killed_at(getattr(module, name), step.startswith("after"))
    if not (child := os.fork()):
        monkeypatch.setattr(module, name, with_kill)
        done(tmp_path, plan)
        os._exit(3)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert (song.read_bytes() == before) == (step != "after _replace")
    report = done(tmp_path, plan)
    assert (len(report.written), len(report.already)) == ((0, 1) if step == "after _replace" else (1, 0))
    assert open_tags(song).read("GENRE") == ("Rock",)
    assert not draft_of(str(song)).exists()
    undone(tmp_path, plan.id)
    assert song.read_bytes() == before


@pytest.mark.parametrize("step", ["_restore", "_replace", "after _replace"])
def test_killed_while_it_takes_back_a_rerun_writes_again(tmp_path, song, step, monkeypatch):
    plan, before = planned(song), song.read_bytes()
    done(tmp_path, plan)
    written = song.read_bytes()
    name = step.removeprefix("after ")
    with_kill = killed_at(getattr(module, name), step.startswith("after"))
    if not (child := os.fork()):
        monkeypatch.setattr(module, name, with_kill)
        undone(tmp_path, plan.id)
        os._exit(3)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    assert (song.read_bytes() == before) == (step == "after _replace")
    assert done(tmp_path, plan).refused == []
    assert song.read_bytes() == written
    assert undone(tmp_path, plan.id).refused == []
    assert song.read_bytes() == before


def test_fifty_kills_by_chance_leave_every_file_whole(tmp_path, music):
    """Killed while it writes and while it takes back, in turn, until that is done."""
    before = {path: path.read_bytes() for path in music}
    plan = planned(*music)
    done(tmp_path, plan)
    after = {path: path.read_bytes() for path in music}
    undone(tmp_path, plan.id)
    chance, kills, writing = random.Random(0), 0, True
    while kills < 50:
        if not (child := os.fork()):
            report = done(tmp_path, plan) if writing else undone(tmp_path, plan.id)
            os._exit(len(report.refused))
        time.sleep(chance.uniform(0.01, 0.12))
        os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]
        assert status in (0, signal.SIGKILL)
        writing ^= status == 0
        kills += status != 0
        whole = [path.read_bytes() in (before[path], after[path]) for path in music]
        assert all(whole), [path for path, ok in zip(music, whole, strict=True) if not ok]
    assert done(tmp_path, plan).refused == []
    assert {path: path.read_bytes() for path in music} == after
    assert undone(tmp_path, plan.id).refused == []
    assert {path: path.read_bytes() for path in music} == before
    assert not list((tmp_path / "music").glob(".*"))


def test_a_journal_that_does_not_lead_back_changes_nothing(tmp_path, song, monkeypatch):
    plan = planned(song)
    done(tmp_path, plan)
    written = song.read_bytes()
    monkeypatch.setattr(module, "restore", lambda new, delta, out: out.write_bytes(b"wrong"))
    assert "cannot be made again" in undone(tmp_path, plan.id).refused[0].problem
    assert song.read_bytes() == written


def test_some_files_are_left_out_and_done_later(tmp_path, music):
    plan = planned(*music)
    left = {str(path): path.read_bytes() for path in music[:2]}
    assert sorted(done(tmp_path, plan, skip=list(left)).written) == sorted(map(str, music[2:]))
    assert {str(path): path.read_bytes() for path in music[:2]} == left
    report = done(tmp_path, plan)
    assert (sorted(report.written), len(report.already)) == (sorted(left), len(music) - 2)


def test_a_file_that_was_moved_behind_a_link_out_of_the_folders_is_refused(tmp_path):
    (tmp_path / "music" / "one").mkdir(parents=True)
    song = write_kind(tmp_path / "music" / "one" / "song.flac")
    plan = planned(song)
    (tmp_path / "music" / "one").rename(tmp_path / "elsewhere")
    (tmp_path / "music" / "one").symlink_to(tmp_path / "elsewhere")
    before = song.read_bytes()
    report = done(tmp_path, plan, roots=[tmp_path / "music"])
    assert "outside of the folders" in report.refused[0].problem
    assert song.read_bytes() == before
    assert done(tmp_path, plan, roots=[tmp_path]).written == [str(song)]


def test_how_far_it_is_counts_the_files_of_the_run(tmp_path, music):
    told = []
    plan = planned(*music)
    done(tmp_path, plan, progress=lambda what, done, total: told.append((done, total)))
    with open_journal(tmp_path / "catalogue") as journal:
        undo_run(plan.id, journal, lambda what, done, total: told.append((done, total)))
    assert told == 2 * [(i, len(music)) for i in range(len(music))]
