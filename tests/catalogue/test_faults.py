"""Faults of the place that a catalogue lies in: each is one line, exit code 1, and nothing is lost."""

import os
import shutil
import subprocess
import sys
import threading

import pytest

from catalogues import contents
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.engine.scan import ScanOptions, scan
from earmark.errors import CatalogueError
from fake_executor import FakeExecutor

SMALL = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); n = {n}; "
SMALL += "resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)); "
MAIN = "from earmark.cli import main; main()"


def run(*words: object, before: str = "", prefix: tuple[str, ...] = ()):
    """A command in a process of its own."""
    command = [*prefix, sys.executable, "-c", before + MAIN, *map(str, words)]
    environment = os.environ | {"NO_COLOR": "1", "EARMARK_MODELS": "/nowhere"}
    return subprocess.run(command, capture_output=True, text=True, env=environment)


def assert_one_line(done, *words: str) -> None:
    """Exit code 1 and one line of error, which holds these words."""
    lines = [line for line in done.stderr.splitlines() if not line.startswith("analysing: ")]
    assert done.returncode == 1, done.stdout + done.stderr
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("earmark: ")
    assert all(word in lines[0] for word in words), lines[0]


def scan_words(root, catalogue):
    return "scan", root / "music", "--catalogue", catalogue, "--model", root / "tiny.onnx", "--workers", 1


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("n", [0, 100, 2000, 6000, 12_000])
def test_a_disk_that_is_full_at_any_stage_of_a_scan(prepared, tmp_path, n):
    done = run(*scan_words(prepared, tmp_path / "c"), before=SMALL.format(n=n))
    assert_one_line(done, "cannot be written")
    again = run(*scan_words(prepared, tmp_path / "c"))
    assert again.returncode == 0, again.stderr
    assert contents(tmp_path / "c")["vectors"] == contents(prepared / "catalogue")["vectors"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
@pytest.mark.parametrize("words", [("correct", "low", "--tempo", "90"), ("catalogue", "compact")])
def test_a_full_disk_for_the_other_commands_that_write(scanned, words):
    before = contents(scanned.path)
    done = run(*words, "--catalogue", scanned.path, before=SMALL.format(n=50))
    assert_one_line(done, "cannot be written")
    assert contents(scanned.path) == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_where_the_output_goes(scanned):
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-c", MAIN, "search", "--catalogue", str(scanned.path)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert_one_line(done, "No space left")


@pytest.fixture
def unprivileged():
    """A prefix that runs a command as a user who may not write what is root's."""
    if os.geteuid() != 0:
        return ()
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv")
    return "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"


def test_a_place_that_may_only_be_read(scanned, tmp_path, unprivileged):
    for place in (tmp_path, *tmp_path.parents[:2]):
        place.chmod(0o755)
    for path in (scanned.path.local, *scanned.path.local.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        catalogue = ("--catalogue", scanned.path)
        found = run("search", *catalogue, prefix=unprivileged)
        if "Permission denied" in found.stderr or "cannot be read" in found.stderr:
            pytest.skip("another user cannot reach the folder of the tests")
        assert found.returncode == 0, found.stderr
        assert_one_line(run("correct", "low", "--tempo", "90", *catalogue, prefix=unprivileged), "cannot be written")
        assert_one_line(run("catalogue", "compact", *catalogue, prefix=unprivileged), "cannot be written")
        assert run("catalogue", "check", *catalogue, prefix=unprivileged).returncode == 0
    finally:
        for path in (scanned.path.local, *scanned.path.local.rglob("*")):
            path.chmod(0o755)


def test_two_first_scans_at_once(prepared, tmp_path):
    done = []
    threads = [
        threading.Thread(target=lambda: done.append(run(*scan_words(prepared, tmp_path / "c")))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = [one for one in done if one.returncode]
    assert len(refused) < 2, [one.stderr for one in refused]
    for one in refused:
        assert_one_line(one, "another scan is at work")
    assert contents(tmp_path / "c")["vectors"] == contents(prepared / "catalogue")["vectors"]


@pytest.mark.parametrize("how", ["moved", "deleted", "unmounted"])
def test_a_catalogue_that_goes_away_under_a_scan_is_not_made_anew(tmp_path, music, model, how):
    folder = tmp_path / "catalogue"

    class Executor(FakeExecutor):
        """The folder goes away while the first file is heard."""

        def wait(self):
            if folder.exists() and not (tmp_path / "elsewhere").exists():
                shutil.move(folder, tmp_path / "elsewhere")
                if how == "unmounted":
                    folder.mkdir()
            return super().wait()

    with pytest.raises(CatalogueError, match="was moved, deleted or unmounted"):
        scan(Store(folder, create=True), [music], model, "tiny", ScanOptions(), executor=Executor(model))

    assert not folder.exists() or not list(folder.iterdir())
    shutil.rmtree(folder, ignore_errors=True)
    shutil.move(tmp_path / "elsewhere", folder)
    report = scan(Store(folder), [music], model, "tiny", ScanOptions(), executor=FakeExecutor(model))
    assert report.found == len(Store(folder)) == 5


def test_a_panic_of_the_store_is_a_catalogue_error(scanned, monkeypatch):
    class PanicException(BaseException):
        pass

    table = Table(scanned.path / "tracks.lance")

    class Broken:
        def __getattr__(self, name):
            raise PanicException("called `Option::unwrap()` on a `None` value")

    monkeypatch.setattr(table, "_dataset", Broken())
    for read in (table.read, lambda: len(table), table.refresh, table.indexed, table.fragments):
        with pytest.raises(CatalogueError, match="earmark catalogue repair"):
            read()


def test_ctrl_c_stays_ctrl_c(scanned, monkeypatch):
    class Broken:
        def __getattr__(self, name):
            raise KeyboardInterrupt

    table = Table(scanned.path / "tracks.lance")
    monkeypatch.setattr(table, "_dataset", Broken())
    with pytest.raises(KeyboardInterrupt):
        table.read()
