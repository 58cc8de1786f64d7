"""Fixtures of the tests that scan: a tiny model, a folder of chords, a scan of it, the store that it fills."""

import pytest

from catalogues import write_music
from earmark.catalogue.store import Store
from earmark.engine.local import LocalExecutor
from earmark.engine.scan import ScanOptions, scan
from earmark.tagger.model import load_model
from tiny_model import write_tiny_model


@pytest.fixture
def model(tmp_path):
    return load_model(write_tiny_model(tmp_path / "tiny.onnx"))


@pytest.fixture
def music(tmp_path):
    return write_music(tmp_path / "music")


@pytest.fixture
def run_scan(tmp_path, music, model):
    """Scans the music folder, or others, into a catalogue; `command` starts other workers than ours."""

    def run(*folders, command=None, **options):
        options = ScanOptions(**{"workers": 1, **options})
        executor = LocalExecutor(model.path, options.workers, options.limits, command) if command else None
        folders = list(folders) or [music]
        return scan(Store(tmp_path / "catalogue", create=True), folders, model, "tiny", options, executor=executor)

    return run


@pytest.fixture
def store(tmp_path):
    return lambda: Store(tmp_path / "catalogue")
