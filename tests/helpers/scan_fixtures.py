"""Fixtures of the tests that scan: a tiny model, a folder of chords, a scan of it, the store that it fills."""

import shutil

import pytest

from catalogues import write_music
from earmark.catalogue.store import Store
from earmark.engine.local import COMMAND, LocalExecutor
from earmark.engine.scan import ScanOptions, scan
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor
from tiny_model import write_tiny_model


@pytest.fixture
def model(tmp_path):
    return load_model(write_tiny_model(tmp_path / "tiny.onnx"))


@pytest.fixture
def music(tmp_path):
    return write_music(tmp_path / "music")


@pytest.fixture
def run_scan(tmp_path, music, model):
    """Scans the music folder, or others, into a catalogue: in processes where `workers` are given, else in this one.

    command : starts other workers than ours
    """

    def run(*folders, command=COMMAND, **options):
        options, folders = ScanOptions(**options), list(folders) or [music]
        executor = FakeExecutor(model, limits=options.limits)
        if options.workers:
            executor = LocalExecutor(model, options.workers, options.limits, command)
        return scan(Store(tmp_path / "catalogue", create=True), folders, model, "tiny", options, executor=executor)

    return run


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    """music/, tiny.onnx and catalogue/, scanned once for all tests that only look."""
    root = tmp_path_factory.mktemp("prepared")
    model = load_model(write_tiny_model(root / "tiny.onnx"))
    store = Store(root / "catalogue", create=True)
    scan(store, [write_music(root / "music")], model, str(model.path), executor=FakeExecutor(model))
    return root


@pytest.fixture
def scanned(prepared, tmp_path):
    """A copy of the prepared catalogue, to be changed at will."""
    return Store(shutil.copytree(prepared / "catalogue", tmp_path / "catalogue"))


@pytest.fixture
def folder(scanned):
    """A tidied catalogue of five tracks, one of them corrected."""
    scanned.correct(sorted(scanned.track_ids())[0], "tempo", "99")
    scanned.tidy()
    scanned.sweep()
    return scanned.path.local


@pytest.fixture
def store(tmp_path):
    return lambda: Store(tmp_path / "catalogue")


@pytest.fixture
def in_this_process(monkeypatch):
    """Scans start no processes: for tests of what stands above the scan."""

    def executor(model, n_workers, limits):
        return FakeExecutor(model, limits=limits)

    monkeypatch.setattr("earmark.engine.scan.LocalExecutor", executor)
