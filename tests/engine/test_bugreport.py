import json

import pytest

from earmark import Catalogue
from earmark.catalogue.store import Store
from earmark.engine.bugreport import bug_report, hashed
from sounds import tune, write_sound

FOUND = {
    "system": {"earmark": "0.1.0", "executable": "/home/ann/venv/bin/python"},
    "packages": {"av": "14"},
    "model": {"name": "/home/ann/secret-model", "id": "tiny", "path": "/home/ann/secret-model/model.onnx"},
}


@pytest.fixture
def store(tmp_path):
    music = tmp_path / "ann's secret band"
    music.mkdir()
    write_sound(music / "hidden title.flac", tune(1, 4.0), tags={"title": "hidden title", "artist": "secret artist"})
    for i in range(2):
        (music / f"hidden {i}.mp3").write_bytes(b"no sound at all" * 50)
    Catalogue(tmp_path / "cat").scan(music, model="fast")
    return Store(tmp_path / "cat")


def test_no_path_and_no_name_is_in_it(store, monkeypatch):
    monkeypatch.setenv("EARMARK_CATALOGUE", "/home/ann/cat")
    report = bug_report(FOUND, store)
    text = json.dumps(report)
    assert not [word for word in ("ann", "secret", "hidden", "band", str(store.path)) if word in text]
    assert report["packages"] == FOUND["packages"]
    assert report["catalogue"]["tracks"] == 1
    assert [(row["suffix"], row["files"]) for row in report["catalogue"]["failures"]] == [(".mp3", 2)]


def test_a_path_has_one_hash_in_a_report_and_another_in_the_next():
    assert hashed("/a", b"1") == hashed("/a", b"1") != hashed("/b", b"1")
    first, second = bug_report(FOUND), bug_report(FOUND)
    assert first["system"]["executable"] != second["system"]["executable"]
    assert first["catalogue"] is None
