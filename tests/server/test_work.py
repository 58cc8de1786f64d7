"""The process of a job, run here without the process."""

import io
import json
import subprocess
import sys

import pytest

from catalogues import write_music
from earmark.catalogue.lock import locked
from earmark.library import Catalogue
from earmark.server import work
from sounds import tune, write_sound
from tiny_model import write_tiny_model


@pytest.fixture
def do(tmp_path, prepared):
    """Does a job on the prepared catalogue, or on another one; returns its lines."""

    def run(kind, spec, catalogue=prepared / "catalogue"):
        (tmp_path / "job.json").write_text(json.dumps({"kind": kind, "spec": spec}))
        out = io.StringIO()
        work.run(catalogue, tmp_path, out)
        return [json.loads(line) for line in out.getvalue().splitlines()]

    return run


def test_an_upload_is_heard_and_deleted(do, prepared, tmp_path, ids):
    (tmp_path / "upload.flac").write_bytes((prepared / "music" / "low.flac").read_bytes())
    lines = do("analysis", {"name": "mine.flac", "curves": True})
    assert lines[-1] == {"done": {"track_id": ids["Low"], "kept": False, "used_for_training": False}}
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["name"], result["path"], result["title"]) == ("mine.flac", None, "Low")
    assert result["curves"]["times"]
    assert not list(tmp_path.glob("upload.*"))
    again = do("analysis", {"name": "mine.flac"})
    assert again[-1]["failed"]["problem"] == "the upload is not kept"


def test_an_upload_without_a_title_has_the_clients_name(do, tmp_path):
    write_sound(tmp_path / "upload.flac", tune(3, 2.0))
    do("analysis", {"name": "My Song.flac"})
    assert json.loads((tmp_path / "result.json").read_text())["title"] == "My Song"


def test_an_upload_that_cannot_be_heard_is_named_by_the_clients_name_and_deleted(do, tmp_path):
    (tmp_path / "upload.mp3").write_bytes(b"no sound" * 100)
    failed = do("analysis", {"name": "mine.mp3"})[-1]["failed"]
    assert failed["source"] == "mine.mp3"
    assert str(tmp_path) not in json.dumps(failed)
    assert not list(tmp_path.glob("upload.*"))


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet", "xlsx"])
def test_an_export_is_a_file(do, tmp_path, form):
    lines = do("export", {"format": form, "where": "title = 'Low'"})
    assert lines[-1] == {"done": {"tracks": 1, "file": f"result.{form}"}}
    assert (tmp_path / f"result.{form}").stat().st_size > 100


def test_a_scan_waits_while_another_one_writes(do, tmp_path, monkeypatch):
    music, model = write_music(tmp_path / "music", ["low"]), write_tiny_model(tmp_path / "tiny.onnx")
    catalogue = tmp_path / "catalogue"
    spec = {"folders": [str(music)], "model": str(model), "options": {"workers": 1}}
    assert do("scan", spec, catalogue)[-1]["done"]["analysed"] == 1
    lock = locked(catalogue)
    lock.__enter__()
    monkeypatch.setattr(work.time, "sleep", lambda _: lock.__exit__(None, None, None))
    lines = do("scan", spec, catalogue)
    assert lines[0] == {"progress": ["waiting", 0, 0, "another scan is at work on it"]}
    assert lines[-1]["done"]["unchanged"] == 1
    assert len(Catalogue(catalogue)) == 1


def test_a_failure_is_told(do, tmp_path):
    lines = do("scan", {"folders": ["/nowhere"], "model": "default", "options": {}}, tmp_path / "new")
    assert lines[-1]["failed"]["source"] == "/nowhere"


def test_its_process_ends_when_nobody_listens_any_more(prepared, tmp_path):
    (tmp_path / "job.json").write_text(json.dumps({"kind": "earprint", "spec": {"track_id": "0" * 20, "into": "x"}}))
    code = "import time; from earmark.server import work; work.run = lambda *_: time.sleep(60); work.main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(prepared), str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    process.stdin.close()
    assert process.wait(timeout=30) < 0
    process.stdout.close()


def test_a_writing_job_waits_while_another_process_writes_tags(tmp_path, prepared, monkeypatch):
    import shutil

    from earmark.interop.journal import open_journal

    music, catalogue = shutil.copytree(prepared / "music", tmp_path / "music"), tmp_path / "catalogue"
    Catalogue(catalogue).scan(music, prepared / "tiny.onnx")
    folder = tmp_path / "state" / "jobs" / "1"
    folder.mkdir(parents=True)
    told = []
    tell = lambda *news: told.append(news)  # noqa: E731
    asked = {"act": "plan", "q": "low", "where": None, "filter": None, "tracks": None, "profile": "beets"}
    asked |= {"mode": "add", "fields": ["own"], "notation": None, "gates": {}}
    plan = work.tags(Catalogue(catalogue), asked, folder, tell)["plan"]
    journal = open_journal(catalogue)
    journal.__enter__()
    monkeypatch.setattr(work.time, "sleep", lambda _: journal.__exit__(None, None, None))
    monkeypatch.setattr(work.signal, "signal", lambda *_: None)
    spec = {"act": "apply", "plan": plan, "skip": [], "keep_times": False}
    assert work.tags(Catalogue(catalogue), spec, folder, tell)["written"] == 1
    assert ("waiting", 0, 0, "another process is writing tags") in told


def test_the_process_of_a_job_loads_no_web_framework():
    code = "import sys, earmark.server.work; print(sorted({'fastapi', 'starlette', 'uvicorn'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
