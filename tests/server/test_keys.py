import os
import stat

import pytest

from earmark.errors import ConfigError, NotFound
from earmark.server.keys import KeyStore


def test_a_key_is_found_by_its_text_alone(tmp_path):
    store = KeyStore(tmp_path / "new")
    key, text = store.create("player", ("audio", "read"), days=1)
    assert key.scopes == ("read", "audio")
    assert store.find(text).id == key.id
    for wrong in ("", text[:-1], text + "A", text.replace("em_", "EM_"), f"em_{key.id}_{'A' * 43}"):
        assert store.find(wrong) is None


def test_no_text_of_a_key_is_kept_and_the_file_is_its_owners(tmp_path):
    store = KeyStore(tmp_path / "new")
    _, text = store.create("player", ("read",))
    path = tmp_path / "new" / "keys.json"
    assert text.split("_", 2)[2] not in path.read_text()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(path.parent).st_mode) == 0o700


def test_what_another_process_does_counts_at_once(tmp_path):
    ours, theirs = KeyStore(tmp_path), KeyStore(tmp_path)
    key, text = theirs.create("player", ("read",))
    assert ours.find(text)
    theirs.revoke(key.id)
    assert ours.find(text) is None


def test_an_expired_key_is_none(tmp_path, monkeypatch):
    store = KeyStore(tmp_path)
    key, text = store.create("guest", ("read",), days=0.5)
    monkeypatch.setattr("earmark.server.keys.time.time", lambda: key.created_at + 43_201)
    assert store.find(text) is None
    assert not store.all()[key.id].to_dict()["valid"]


def test_the_last_use_is_noted(tmp_path):
    store = KeyStore(tmp_path)
    key, text = store.create("player", ("read",))
    assert store.all()[key.id].last_used_at is None
    store.find(text)
    assert store.all()[key.id].last_used_at >= key.created_at


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ("read",), None), ("x" * 101, ("read",), None), ("a", (), None), ("a", ("root",), None), ("a", ("read",), 0)],
)
def test_what_makes_no_key(tmp_path, name, scopes, days):
    with pytest.raises(ConfigError):
        KeyStore(tmp_path).create(name, scopes, days)


def test_what_is_not_there_cannot_be_revoked(tmp_path):
    with pytest.raises(NotFound):
        KeyStore(tmp_path).revoke("00000000")
