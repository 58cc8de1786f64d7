"""Planning is pure: files found and files known go in, tasks come out; no file is opened."""

import pytest

from earmark.audio.discover import SoundFile
from earmark.audio.fileinfo import FileInfo
from earmark.catalogue.files import FileState
from earmark.engine.plan import Known, Plan, Wanted, first_task, make_plan, outdated, task_after
from earmark.engine.protocol import Analyse, Identify

VERSIONS = {"tags": "t@1", "tempo": "1", "key": "1"}
WANTED = Wanted(VERSIONS)
ALL = frozenset(VERSIONS)
FILE = SoundFile("/music/a.flac", 100, 5)


def state(file: SoundFile = FILE, track_id: str | None = "id-a", versions: str = WANTED.text, **changes) -> FileState:
    problem, info = (None, changes.get("info", FileInfo())) if track_id else ("broken", None)
    size = changes.get("size", file.size)
    return FileState(file.path, size, file.mtime_ns, versions, track_id, problem, info=info)


def known(*states: FileState, **versions) -> Known:
    return Known({state.path: state for state in states}, {"id-a": VERSIONS | versions})


def test_a_new_file_is_analysed_whole():
    plan = make_plan([FILE], Known(), WANTED)
    assert (plan.files, plan.unchanged) == ((FILE,), 0)
    assert first_task(FILE, Known(), WANTED) == Analyse(FILE.path, ALL)


def test_a_known_file_that_did_not_change_is_left_alone():
    assert make_plan([FILE], known(state()), WANTED) == Plan((), 1, 0)


def test_only_the_tags_are_read_of_a_file_that_an_older_earmark_saw():
    before = known(state(info=None))
    assert make_plan([FILE], before, WANTED).files == (FILE,)
    assert first_task(FILE, before, WANTED) == Identify(FILE.path, "id-a")


def test_a_file_whose_bytes_changed_behind_its_size_and_time_is_identified():
    before = known(state())
    before.altered = frozenset({FILE.path})
    assert make_plan([FILE], before, WANTED).files == (FILE,)
    assert first_task(FILE, before, WANTED) == Identify(FILE.path)


def test_all_files_are_identified_or_heard_again_on_wish():
    again, whole = Wanted(VERSIONS, reread=True), Wanted(VERSIONS, reanalyze=True, earprints="/c/earprints")
    assert make_plan([FILE], known(state()), again).files == (FILE,)
    assert first_task(FILE, known(state()), again) == Identify(FILE.path)
    assert make_plan([FILE], known(state()), whole).files == (FILE,)
    assert first_task(FILE, known(state()), whole) == Analyse(FILE.path, ALL, None, "/c/earprints")  # no old earprint


def test_an_outdated_part_alone_is_computed_again_for_an_unchanged_file():
    before = known(state(), key="0")
    assert make_plan([FILE], before, WANTED).files == (FILE,)
    assert first_task(FILE, before, WANTED) == Analyse(FILE.path, frozenset({"key"}), "id-a")


def test_a_changed_file_is_identified_first():
    before = known(state(size=99))
    assert first_task(FILE, before, WANTED) == Identify(FILE.path)
    assert task_after(FILE, "id-a", before, WANTED) is None  # retagged: the sound is the same
    assert task_after(FILE, "id-b", before, WANTED) == Analyse(FILE.path, ALL, "id-b")


def test_a_new_path_of_a_known_size_may_be_a_copy_and_is_identified_first():
    moved = SoundFile("/music/moved.flac", FILE.size, 7)
    assert first_task(moved, known(state()), WANTED) == Identify(moved.path)
    other = SoundFile("/music/other.flac", 101, 7)
    assert first_task(other, known(state()), WANTED) == Analyse(other.path, ALL)


def test_a_failure_is_tried_again_when_it_changed_was_seen_by_another_version_or_on_wish():
    assert make_plan([FILE], known(state(track_id=None)), WANTED) == Plan((), 0, 1)
    assert make_plan([FILE], known(state(track_id=None, versions="tags:t@0")), WANTED).files == (FILE,)
    assert make_plan([FILE], known(state(track_id=None, size=1)), WANTED).files == (FILE,)
    retry = Wanted(VERSIONS, retry=True)
    assert make_plan([FILE], known(state(track_id=None)), retry).files == (FILE,)


def test_a_track_that_went_missing_is_analysed_again():
    assert make_plan([FILE], Known({FILE.path: state()}, {}), WANTED).files == (FILE,)


def test_large_files_come_first():
    files = [SoundFile(f"/{size}", size, 0) for size in (3, 9, 1, 7)]
    assert [file.size for file in make_plan(files, Known(), WANTED).files] == [9, 7, 3, 1]


def test_earprints_are_named_with_every_analysis():
    keeping = Wanted(VERSIONS, earprints="/c/earprints")
    assert first_task(FILE, Known(), keeping).earprints == "/c/earprints"
    assert task_after(FILE, "new", Known(), keeping).earprints == "/c/earprints"


@pytest.mark.parametrize(
    ("stored", "parts"),
    [({}, ALL), (VERSIONS, frozenset()), (VERSIONS | {"tempo": "0"}, {"tempo"}), ({"tags": "t@1"}, {"tempo", "key"})],
)
def test_outdated_parts_are_those_of_another_version(stored, parts):
    assert outdated("x", Known({}, {"x": stored}), WANTED) == parts


def test_every_task_tells_the_size_of_its_file():
    tasks = first_task(FILE, Known(), WANTED), first_task(FILE, known(state(size=99)), WANTED)
    assert [task.size for task in tasks] == [100, 100]
    assert task_after(FILE, "new", Known(), WANTED).size == 100
