import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from catalogues import ROOTS, contents, write_music
from earmark.catalogue.store import Store
from earmark.descriptors import DESCRIPTORS, key
from earmark.engine.protocol import Failed
from earmark.engine.scan import ScanOptions, scan
from earmark.errors import CatalogueError, FileError, QueryError
from earmark.tagger.model import load_model
from earprints import change_earprint
from fake_executor import FakeExecutor
from sounds import chord, write_sound
from tiny_model import write_tiny_model
from told_to_end import HEARS_SIGNALS

HOSTILE = [sys.executable, str(Path(__file__).parents[1] / "helpers" / "hostile_worker.py")]


def test_every_file_becomes_a_track(run_scan, store, music):
    report = run_scan(workers=2)

    assert (report.found, report.analysed, report.failed) == (5, 5, [])
    assert report.audio_seconds == pytest.approx(7.5, abs=0.1)
    rows = store().table().to_pylist()
    assert {row["title"] for row in rows} == {name.title() for name in ROOTS}
    assert {row["artist"] for row in rows} == {"Sines"}
    assert sorted(path for row in rows for path in row["paths"]) == sorted(str(p) for p in music.iterdir())


def test_a_second_scan_listens_to_nothing(run_scan):
    run_scan()

    report = run_scan()

    assert (report.found, report.unchanged, report.analysed) == (5, 5, 0)


def test_one_recording_under_two_paths_is_one_track(run_scan, store, music):
    shutil.copy(music / "low.flac", music / "copy of low.flac")

    report = run_scan()

    assert (report.analysed, report.recognised) == (5, 1)
    assert len(store()) == 5
    assert sorted(map(len, store().table()["paths"].to_pylist())) == [1, 1, 1, 1, 2]


def test_a_moved_file_is_recognised_and_its_old_path_dropped(run_scan, store, music):
    run_scan()
    (music / "low.flac").rename(music / "moved.flac")

    report = run_scan()
    assert (report.analysed, report.recognised, report.gone) == (0, 1, [])
    assert [row["paths"] for row in store().table("title = 'Low'").to_pylist()] == [[str(music / "moved.flac")]]


def test_a_changed_file_is_listened_to_again(run_scan, store, music):
    run_scan()
    write_sound(music / "low.flac", chord(1.0, root=700.0))

    report = run_scan(prune=True)

    assert report.analysed == 1
    assert len(store().files()) == 5


def test_deleted_files_are_found_and_pruned(run_scan, store, music):
    run_scan()
    (music / "low.flac").unlink()

    assert run_scan().gone == [str(music / "low.flac")]
    assert len(store()) == 5
    assert run_scan(prune=True).removed == 1
    assert len(store()) == 4
    assert str(music / "low.flac") not in store().files()


def test_pruning_one_folder_leaves_others_alone(run_scan, store, music, tmp_path):
    other = write_music(tmp_path / "other", ["elsewhere"])
    run_scan(music, other)
    (other / "elsewhere.flac").unlink()

    assert run_scan(music, prune=True).removed == 0
    assert len(store()) == 6


def test_another_model_listens_again(run_scan, store, music, tmp_path):
    run_scan()
    newer = load_model(write_tiny_model(tmp_path / "newer.onnx", seed=1, version="2"))

    report = scan(Store(tmp_path / "catalogue"), [music], newer, "newer", ScanOptions(), executor=FakeExecutor(newer))

    assert report.analysed == 5
    assert {versions["tags"] for versions in store().versions().values()} == {"tiny@2"}
    assert store().model().version == "2"


@pytest.mark.parametrize("keep", [False, True], ids=["from audio", "from earprints"])
def test_a_better_key_head_runs_alone(run_scan, store, model, monkeypatch, music, keep):
    run_scan(keep_earprints=keep)
    before = store().table().drop_columns(["analysed_at", "analysis_version"]).sort_by("track_id").to_pylist()
    monkeypatch.setattr(key, "VERSION", "3")

    deaf = "listen.load_audio = None" if keep else ""  # the sound itself is no longer needed
    report = run_scan(workers=1, command=(sys.executable, "-c", NEWER_KEY_HEAD.format(deaf)))

    assert [file.problem for file in report.failed] == []
    assert report.analysed == 5
    assert {versions["key"] for versions in store().versions().values()} == {"3"}
    assert {versions["tempo"] for versions in store().versions().values()} == {DESCRIPTORS["tempo"].VERSION}
    after = store().table().drop_columns(["analysed_at", "analysis_version"]).sort_by("track_id").to_pylist()
    new = {"key", "key_confidence", "camelot", "tuning_cents"}
    assert {row["key"] for row in after} == {"C# minor"}
    assert [{k: v for k, v in row.items() if k not in new} for row in after] == [
        {k: v for k, v in row.items() if k not in new} for row in before
    ]
    assert run_scan().unchanged == 5


def test_a_kept_earprint_of_a_newer_earmark_is_made_again_from_the_audio(run_scan, store, model, tmp_path, music):
    run_scan(keep_earprints=True)
    for path in (tmp_path / "catalogue" / "earprints").iterdir():
        change_earprint(path, lambda head, arrays: head["features"].update(window="hann"))
    newer = load_model(write_tiny_model(tmp_path / "newer.onnx", seed=1, version="2"))

    report = scan(store(), [music], newer, "newer", ScanOptions(), executor=FakeExecutor(newer))

    assert [file.problem for file in report.failed] == []
    assert report.analysed == 5


NEWER_KEY_HEAD = """
import sys
from earmark.audio import listen
from earmark.descriptors import DESCRIPTORS, key
from earmark.engine.worker import main
from earmark.tagger import model

def refuse(*_):
    raise AssertionError("only the key was to be computed")

for module in DESCRIPTORS.values():
    module.estimate = refuse
{}
key.VERSION = "3"
key.estimate = lambda earprint, _: key.Key("C#", "minor", 1.0, camelot="12A")
model.Model.run = refuse
main(sys.argv[1:])
"""


@dataclass(frozen=True)
class Dynamics:
    """A descriptor that does not exist: how far the log-mel reaches."""

    peak: float
    name: str

    def to_dict(self) -> dict:
        return asdict(self)


def test_a_new_descriptor_is_one_module_and_one_line_of_the_table(run_scan, store, monkeypatch):
    """Tracks that are known get it by the next scan, and columns, filters, JSON and the terminal have it."""
    run_scan()
    module = SimpleNamespace(
        VERSION="1",
        NEEDS=frozenset({"mel"}),
        COLUMNS={"dynamics": ("number", "peak"), "dynamics_name": ("text", "name")},
        estimate=lambda earprint, activations: Dynamics(round(float(earprint.S.max()), 2), "wide"),
        from_dict=lambda values: Dynamics(**values),
        line=lambda dynamics: f"{dynamics.name} ({dynamics.peak})",
    )
    monkeypatch.setitem(DESCRIPTORS, "dynamics", module)

    assert run_scan().analysed == 5

    track = store().track(store().resolve("Low"))
    assert track.to_dict()["dynamics"] == {"peak": track.descriptors["dynamics"].peak, "name": "wide"}
    assert track.fields["dynamics"] == pytest.approx(track.descriptors["dynamics"].peak)
    assert ("dynamics", f"wide ({track.descriptors['dynamics'].peak})") in track.analysis.lines()
    assert store().table("dynamics > 1 AND dynamics_name = 'wide'").num_rows == 5
    assert track.tags  # the other parts are as they were
    assert run_scan().unchanged == 5


def test_a_correction_wins_and_survives(run_scan, store, music, tmp_path):
    run_scan()
    track_id = store().resolve("Low")
    estimate = store().table(f"track_id = '{track_id}'").to_pylist()[0]
    for field, value in {"tempo": "141.5", "key": "Bbm", "metre": "7/8"}.items():
        store().correct(track_id, field, value)

    newer = load_model(write_tiny_model(tmp_path / "newer.onnx", seed=1, version="2"))
    scan(store(), [music], newer, "newer", ScanOptions(), executor=FakeExecutor(newer))

    (row,) = store().table("tempo BETWEEN 141 AND 142 AND key = 'A# minor' AND camelot = '3A'").to_pylist()
    assert (row["track_id"], row["metre"]) == (track_id, "7/8")
    shown = store().track(track_id).to_dict()
    assert (shown["tempo"]["bpm"], shown["key"]["tonic"], shown["key"]["corrected"]) == (141.5, "A#", True)

    for field in ("tempo", "key", "metre"):
        store().correct(track_id, field, None)
    (row,) = store().table(f"track_id = '{track_id}'").to_pylist()
    assert [row[f] for f in ("tempo", "key", "camelot", "metre")] == [
        estimate[f] for f in ("tempo", "key", "camelot", "metre")
    ]


@pytest.mark.parametrize(
    ("field", "value"), [("tempo", "fast"), ("tempo", "1000"), ("key", "H major"), ("mood", "sad")]
)
def test_a_wrong_correction_is_refused(run_scan, store, field, value):
    run_scan()

    with pytest.raises(QueryError, match="not a tempo|not a key|cannot be corrected"):
        store().correct(store().resolve("Low"), field, value)


def test_failures_are_kept_with_cause_and_remedy(run_scan, store, music):
    (music / "empty.mp3").write_bytes(b"")
    (music / "text.mp3").write_text("these are words")

    report = run_scan()

    assert report.analysed == 5
    assert [Path(f.path).name for f in report.failed] == ["empty.mp3", "text.mp3"]
    failures = {Path(f.path).name: f for f in store().failures()}
    assert failures["empty.mp3"].problem == "the file is empty"
    assert all(f.remedy.endswith(".") for f in failures.values())
    again = run_scan()
    assert (again.unchanged, len(again.failed)) == (5, 2)  # not tried again, but not forgotten either
    assert run_scan(retry=True).unchanged == 5
    write_sound(music / "empty.mp3", chord(1.0))
    assert [Path(f.path).name for f in run_scan().failed] == ["text.mp3"]


def test_a_decoder_that_crashes_hangs_or_fails_costs_one_file(run_scan, store, music):
    for name in ("crash", "hang", "fault", "print"):
        write_sound(music / f"{name}.flac", chord(0.5, root=50.0 + 10 * len(name)))

    report = run_scan(workers=2, command=HOSTILE)

    problems = {Path(f.path).stem: f.problem for f in report.failed}
    assert problems == {
        "crash": "its decoder crashed (SIGSEGV)",
        "hang": "its decoder hung and was stopped after 12 s",
        "fault": "a fault in the analysis (ZeroDivisionError: by design)",
    }
    assert report.analysed == 6  # five chords, and the one whose decoder prints


class Poisoner(FakeExecutor):
    """Hands over an analysis that no table takes, for the file called poison."""

    def __init__(self, model, **change) -> None:
        super().__init__(model)
        self.change = change

    def wait(self):
        reply = super().wait()
        if not Path(reply.path).name.startswith("poison"):
            return reply
        return replace(reply, analysis=replace(reply.analysis, **self.change))


@pytest.mark.parametrize(
    "change",
    [
        {"duration": "long"},
        {"versions": {"key": "\ud800"}},
        {"descriptors": {"key": 5}},
        {"tags": {}},
        {"activations": 7},
        {"track_id": 5},
    ],
    ids=str,
)
def test_one_bad_analysis_never_costs_a_batch(music, model, store, tmp_path, change):
    write_sound(music / "poison.flac", chord(0.5, root=90.0))

    report = _scan_with(Poisoner(model, **change), music, model, tmp_path)

    assert (report.found, report.analysed, report.left) == (6, 5, 0)
    (failure,) = report.failed
    assert Path(failure.path).name == "poison.flac"
    assert failure.problem.startswith("what was found in it cannot be kept")
    assert report.audio_seconds == pytest.approx(7.5, abs=0.1)
    assert len(store()) == 5
    assert _scan_with(FakeExecutor(model), music, model, tmp_path, retry=True).failed == []
    assert len(store()) == 6


def _scan_with(executor, music, model, tmp_path, **options):
    store = Store(tmp_path / "catalogue", create=True)
    return scan(store, [music], model, "tiny", ScanOptions(**options), executor=executor)


def test_a_worker_killed_from_outside_is_no_verdict_on_its_file(run_scan, store, music):
    """It is tried once more when all others are done; if that fails too, the next scan tries again."""
    for name in ("killed", "killedonce"):
        write_sound(music / f"{name}.flac", chord(0.5, root=50.0 + 10 * len(name)))

    report = run_scan(workers=2, command=HOSTILE)

    (failure,) = report.failed
    assert Path(failure.path).name == "killed.flac"
    assert failure.problem == "killed from outside (SIGKILL), perhaps for lack of memory"
    assert (report.found, report.analysed, report.left) == (7, 6, 0)
    again = run_scan()
    assert (again.analysed, again.failed, again.unchanged) == (1, [], 6)


def test_the_second_try_has_the_machine_to_itself(music, model, tmp_path):
    class Killer(FakeExecutor):
        """Its first two tasks are killed."""

        killed, alone = 0, []

        def wait(self):
            if len(self.log) > 5:
                self.alone.append(len(self.tasks))
            if self.killed < 2:
                self.killed += 1
                return Failed(self.tasks.pop().path, "killed", "Try again.", again=True)
            return super().wait()

    executor = Killer(model)
    report = _scan_with(executor, music, model, tmp_path)
    assert (report.analysed, report.failed, len(executor.log)) == (5, [], 7)
    assert executor.alone == [1, 1]


NAMES = [
    "with space", "it's \"quoted\"", "emoji 🎵", "עברית ימין לשמאל", "日本語", "a" * 245, "per%20cent;--",
    "back\\slash", "new\nline", "*?[x]", "$(touch x)", " lead and trail ",
]  # fmt: skip


def test_any_name_survives(run_scan, store, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    paths = [folder / f"{name}.flac" for name in NAMES]
    for i, path in enumerate(paths):
        write_sound(tmp_path / "plain.flac", chord(0.5, root=100.0 + 30 * i)).rename(path)

    assert run_scan(folder, workers=2).analysed == len(NAMES)
    assert run_scan(folder).unchanged == len(NAMES)
    for path in paths:
        assert store().track(store().resolve(str(path))).paths == (str(path),)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are Unicode there")
def test_a_name_that_is_not_utf8_survives(run_scan, store, tmp_path):
    folder = tmp_path / "odd"
    folder.mkdir()
    path = os.fsdecode(os.fsencode(folder) + b"/caf\xe9.flac")
    write_sound(tmp_path / "plain.flac", chord(0.5)).rename(path)

    assert run_scan(folder).analysed == 1
    assert run_scan(folder).unchanged == 1
    assert list(store().files()) == [path]
    assert store().table()["paths"].to_pylist()[0][0].endswith(r"caf\xe9.flac")


def test_two_scans_at_once_are_refused(run_scan, store, tmp_path):
    from filelock import FileLock

    run_scan()
    with FileLock(tmp_path / "catalogue" / "scan.lock"), pytest.raises(CatalogueError, match="another scan"):
        run_scan()


def test_a_missing_folder_is_an_error(run_scan, tmp_path):
    with pytest.raises(FileError, match="no such folder"):
        run_scan(tmp_path / "nowhere")


# -- interrupted scans -------------------------------------------------------------------------------------------------

SCAN = f"""{HEARS_SIGNALS}
import sys
from earmark.catalogue.store import Store
from earmark.engine import writer
from earmark.engine.scan import ScanOptions, scan
from earmark.tagger.model import load_model
writer.FLUSH_TRACKS = 3
store = Store(sys.argv[1], create=True)
report = scan(store, [sys.argv[2]], load_model(sys.argv[3]), "tiny", ScanOptions(workers=2))
print(report.analysed, report.interrupted)
"""


def start(catalogue, music, model):
    command = [sys.executable, "-c", SCAN, str(catalogue), str(music), str(model.path)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def many(tmp_path):
    folder = write_music(tmp_path / "many", [f"track {i}" for i in range(40)], seconds=0.6)
    shutil.copy(folder / "track 0.flac", folder / "copy.flac")
    (folder / "broken.mp3").write_bytes(b"\xff\xfb" + bytes(50))
    return folder


def test_sigkill_at_any_moment_loses_and_doubles_nothing(tmp_path, many, model):
    undisturbed = tmp_path / "undisturbed"
    began = time.monotonic()
    assert start(undisturbed, many, model).wait() == 0
    whole = time.monotonic() - began

    killed = tmp_path / "killed"
    moments = np.random.default_rng(7).uniform(0.25, 0.95, 6) * whole
    left = [_kill_after(start(killed, many, model), moment) for moment in moments]
    assert any(left), "every scan finished before it was killed: the moments are too late"
    process = start(killed, many, model)
    out, errors = process.communicate()

    assert process.returncode == 0, errors
    assert contents(killed) == contents(undisturbed)
    assert len(Store(killed)) == 40


def _kill_after(process, seconds) -> bool:
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    finally:
        process.stdout.close()
        process.stderr.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_to_end_keeps_what_is_done(tmp_path, many, model, name):
    catalogue = tmp_path / "catalogue"
    process = start(catalogue, many, model)
    _wait_for(lambda: (catalogue / "tracks.lance").exists() and len(Store(catalogue)) >= 3)
    process.send_signal(getattr(signal, name))
    out, errors = process.communicate(timeout=30)

    assert process.returncode == 0, errors
    assert errors == ""  # no thread stumbles over its worker's end
    analysed, interrupted = out.split()
    assert interrupted == "True"
    assert len(Store(catalogue)) == int(analysed) < 40


def test_a_terminal_that_was_closed_costs_nothing_that_is_done(music, model, store, tmp_path):
    def closed(*_):
        raise OSError(5, "Input/output error")

    opened = Store(tmp_path / "catalogue", create=True)
    assert scan(opened, [music], model, "tiny", progress=closed, executor=FakeExecutor(model)).analysed == 5
    assert len(store()) == 5


def _wait_for(condition, seconds=60.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
