"""A catalogue in an object store does what one on a disk does, and outlives kills and two who write at once."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from bucket import SECRET
from catalogues import ROOTS, contents
from commandline import invoke
from earmark.catalogue.places import table_path
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.catalogue.where import place_of
from earmark.cli import search
from earmark.engine.scan import ScanOptions, scan
from earmark.errors import CatalogueBusy, CatalogueError
from earmark.library import Catalogue
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor

SCAN = """
import os, signal, sys, time
sys.path[:0] = {helpers!r}
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.engine import writer
from earmark.engine.scan import scan
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor

writer.FLUSH_TRACKS = 1
left, upsert = {upserts}, Table.upsert


def counted(table, *words):
    global left
    upsert(table, *words)
    left -= 1
    if left == 0:
        print("here", flush=True)
        {then}


Table.upsert = counted
model = load_model({model!r})
scan(Store({uri!r}, create=True), [{music!r}], model, {model!r}, executor=FakeExecutor(model))
"""
HELPERS = [str(Path(__file__).parents[1] / "helpers")]


@pytest.fixture
def scan_elsewhere(prepared, uri):
    """Scans in a process of its own; after so many upserts it does what `then` says, having printed a line."""
    started = []

    def start(upserts: int, then: str) -> subprocess.Popen:
        words = {"music": str(prepared / "music"), "model": str(prepared / "tiny.onnx"), "uri": uri, "helpers": HELPERS}
        code = SCAN.format(upserts=upserts, then=then, **words)
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        line = process.stdout.readline()
        assert line == "here\n", process.communicate()[1]
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture
def scan_here(prepared, uri):
    """Scans the same music in this process."""

    def run(**options):
        model = load_model(prepared / "tiny.onnx")
        options = ScanOptions(**options)
        store, executor = Store(uri, create=True), FakeExecutor(model, limits=options.limits)
        return scan(store, [prepared / "music"], model, str(model.path), options, executor=executor)

    return run


@pytest.fixture
def far(prepared, uri):
    """A copy of the prepared catalogue, in the object store."""
    place = place_of(uri)
    for name, _ in place_of(prepared / "catalogue").files():
        if not name.startswith("scan.lock"):
            (place / name).copy_from(prepared / "catalogue" / name)
    return Catalogue(uri)


@pytest.mark.long
def test_it_holds_what_one_on_a_disk_holds(prepared, uri, scan_here, tmp_path, monkeypatch):
    assert scan_here().analysed == 5
    local, far = Catalogue(prepared / "catalogue"), Catalogue(uri)
    assert contents(uri) == contents(prepared / "catalogue")
    assert scan_here().unchanged == 5
    assert [hit.track.title for hit in far.similar("low")] == [hit.track.title for hit in local.similar("low")]
    assert [hit.track.title for hit in far.search("high")] == [hit.track.title for hit in local.search("high")]
    assert far.show("low", curves=True).to_dict(curves=True)["tags"]
    assert far.export(tmp_path / "music.csv") == 5
    far.correct("low", tempo=99)
    assert far.check().is_whole
    assert Catalogue(uri).show("low").descriptors["tempo"].bpm == 99
    monkeypatch.setenv("EARMARK_CATALOGUE", uri)
    found = invoke(search, "search", "low", "--json")
    assert found.exit_code == 0
    assert '"title": "Low"' in found.stdout


def test_a_place_without_a_catalogue_and_one_with_other_things(uri):
    with pytest.raises(CatalogueError, match=f"{uri}: no catalogue here"):
        Store(uri)
    (place_of(uri) / "letters.txt").write(b"dear")
    with pytest.raises(CatalogueError, match=r"the folder holds other things \(letters.txt\)"):
        Store(uri, create=True)


@pytest.mark.long
def test_scans_that_are_killed_are_ended_by_the_next(prepared, uri, scan_elsewhere, scan_here):
    for upserts in (1, 2, 4):  # steps but no track; a track but no file; in the midst of the second track
        process = scan_elsewhere(upserts, "os.kill(os.getpid(), signal.SIGKILL)")
        assert process.wait(30) == -signal.SIGKILL
        assert len(Catalogue(uri)) <= 5  # it is read all the while
    began = time.monotonic()
    report = scan_here()
    assert time.monotonic() - began > 1  # the lease that was left held others off
    assert report.found == 5
    assert contents(uri) == contents(prepared / "catalogue")
    assert Catalogue(uri).check().is_whole


def test_of_two_scans_one_writes_and_the_other_is_told_who(prepared, uri, scan_elsewhere, scan_here):
    process = scan_elsewhere(3, "sys.stdin.read()")
    with pytest.raises(CatalogueBusy, match=rf"another scan is at work on it \(.*process {process.pid}, since"):
        scan_here()
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0
    assert contents(uri) == contents(prepared / "catalogue")


@pytest.mark.long
def test_a_scan_that_slept_until_another_went_on_writes_nothing_more(prepared, uri, scan_elsewhere, scan_here):
    process = scan_elsewhere(4, "os.kill(os.getpid(), signal.SIGSTOP)")
    scan_here()
    finished = contents(uri)
    assert finished == contents(prepared / "catalogue")
    os.kill(process.pid, signal.SIGCONT)
    errors = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert f"process {os.getpid()}, since" in errors
    assert "has gone on with it" in errors
    assert contents(uri) == finished
    assert Catalogue(uri).check().is_whole


def test_every_kind_of_write_that_began_before_a_takeover_is_refused(uri):
    path = table_path(uri, "tracks")
    Table.create(path, pa.schema([("id", pa.string()), ("n", pa.int64())])).upsert("id", [{"id": "a", "n": 1}])
    Table(path).upsert("id", [{"id": "b", "n": 2}])
    for write in (
        lambda table: table.upsert("id", [{"id": "c", "n": 3}]),
        lambda table: table.upsert("id", [{"id": "a", "n": 4}]),
        lambda table: table.append(pa.table({"id": ["d"], "n": [5]})),
        lambda table: table.update("id", pa.table({"id": ["a"], "n": [6]})),
        lambda table: table.add_columns(pa.schema([("m", pa.int64())])),
        lambda table: table.delete_among("id", ["a"]),
        lambda table: table.note(x="y"),
        lambda table: table.index("id", "BTREE"),
        lambda table: table.sweep(),
    ):
        table = Table(path)
        Table(path).fence()
        before = Table(path).version
        with pytest.raises(CatalogueError, match="cannot be written .*Restore"):
            write(table)
        assert Table(path).version == before
    assert Table(path).read(["id", "n"]).to_pylist() == [{"id": "a", "n": 1}, {"id": "b", "n": 2}]


@pytest.mark.long
def test_a_catalogue_of_an_older_version_is_read_and_brought_up_to_date(uri, old):
    place = place_of(uri)
    for path in (path for path in old.rglob("*") if path.is_file()):
        (place / path.relative_to(old).as_posix()).copy_from(path)
    assert contents(uri) == contents(old)
    for where in (uri, old):
        Store(where).migrate()
    assert contents(uri) == contents(old)
    assert Store(uri)._files.metadata["schema_version"] == Store(old)._files.metadata["schema_version"] != "1"
    store = Store(uri)
    track_id = sorted(store.track_ids())[0]
    assert len(store.activations(track_id, store.model().id).times)


@pytest.mark.long
def test_copies_go_to_the_disk_and_come_back_to_another_address(far, uri, tmp_path):
    other = f"{uri}-again"
    far.correct("low", key="Am")
    assert far.backup(tmp_path / "copy.tar").n_files > 10
    Catalogue(tmp_path / "copy").restore(tmp_path / "copy.tar")
    Catalogue(other).restore(tmp_path / "copy.tar")
    assert contents(other) == contents(tmp_path / "copy") == contents(uri)
    report = Catalogue(other).check()
    assert report.is_whole
    assert report.n_unsummed == 0
    with pytest.raises(CatalogueError, match="holds something already"):
        Catalogue(other).restore(tmp_path / "copy.tar", force=True)
    with pytest.raises(CatalogueError, match="copies go to a disk"):
        far.backup(other)
    with pytest.raises(CatalogueError, match="copies come from a disk"):
        Catalogue(f"{uri}-third").restore(uri)


@pytest.mark.long
def test_what_is_damaged_is_named_and_mended(far, uri):
    far.correct("low", tempo=99)
    before, after = far.compact()
    assert after < before
    table_path(uri, "corrections").remove_all()
    with pytest.raises(CatalogueError, match="corrections.lance: is missing"):
        Store(uri)
    data = max(name for name, _ in table_path(uri, "tracks").files() if name.startswith("data/"))
    (table_path(uri, "tracks") / data).write(b"cut")
    report = far.repair()
    assert "corrections: 1 brought back from corrections.jsonl" in report.done
    assert len(report.hear_again) == 5
    assert far.check().is_whole


@pytest.mark.long
def test_earprints_are_kept_there_and_come_to_hand(prepared, uri, scan_here, tmp_path):
    scan_here(keep_earprints=True)
    far = Catalogue(uri)
    track_id = far.show("low").track_id
    assert f"{track_id}.earprint" in (place_of(uri) / "earprints").entries()
    assert far.check().n_earprints == 5
    kept = far.kept_earprint(track_id, tmp_path)
    assert kept == tmp_path / f"{track_id}.earprint"
    assert kept.stat().st_size > 1000
    assert far.kept_earprint("0" * 20) is None
    assert Path(far.kept_earprint(track_id)).read_bytes() == kept.read_bytes()


@pytest.mark.long
def test_a_server_answers_from_it(far, uri, monkeypatch, tmp_path):
    monkeypatch.setenv("EARMARK_SERVER", str(tmp_path / "server"))
    from live_server import LiveServer

    server = LiveServer(uri)
    try:
        with server.client() as client:
            found = client.get("/api/v1/tracks").json()
    finally:
        said = server.end()
    assert sorted(track["title"] for track in found["items"]) == sorted(map(str.title, ROOTS))
    assert SECRET not in said
    assert [folder.name.startswith("music.earmark-") for folder in (tmp_path / "server").iterdir()] == [True]
