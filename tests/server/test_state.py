import os
import stat
from pathlib import Path

import pytest

from earmark.server.guard import Identity
from earmark.server.problems import Refused
from earmark.server.state import expect, expect_writing, make_state, state_folder


def test_each_catalogue_has_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.setenv("EARMARK_SERVER", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    a, b = state_folder(Path("a/music")), state_folder(Path("b/music"))
    assert a != b
    assert a == state_folder(tmp_path / "a" / ".." / "a" / "music")
    assert a.parent == tmp_path


def test_cursors_outlive_a_restart(monkeypatch, tmp_path):
    monkeypatch.setenv("EARMARK_SERVER", str(tmp_path))
    first, second = (make_state(tmp_path / "music", 1, with_token=True) for _ in range(2))
    assert second.cursors.read("x", first.cursors.write("x", 1)) == 1
    assert first.sessions.token != second.sessions.token
    secret = state_folder(tmp_path / "music") / "cursors.key"
    assert stat.S_IMODE(os.stat(secret).st_mode) == 0o600


def test_admin_may_everything_and_others_what_they_have():
    expect(Identity("a", frozenset({"admin"})), "audio")
    expect(Identity("a", frozenset({"audio"})), "audio")
    with pytest.raises(Refused, match="scope"):
        expect(Identity("a", frozenset({"audio"})), "read")


def test_what_was_asked_of_a_server_that_writes_is_not_done_by_one_that_does_not(monkeypatch, tmp_path):
    monkeypatch.setenv("EARMARK_SERVER", str(tmp_path))
    store = make_state(tmp_path / "music", 1, with_token=True, writes_files=True).runner.store
    plan, write = (store.create("tags", {"act": act, "plan": "0" * 12}, "me").id for act in ("plan", "apply"))
    state = make_state(tmp_path / "music", 1, with_token=True)
    assert [state.runner.store.get(job).state for job in (plan, write)] == ["queued", "interrupted"]
    with pytest.raises(Refused, match="does not write into files"):
        expect_writing(state, Identity("a", frozenset({"admin"})))
    with pytest.raises(Refused, match="scope"):
        expect_writing(state, Identity("a", frozenset({"write-catalogue"})))
