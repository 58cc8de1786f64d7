import re

import pytest

from commandline import invoke
from earmark.cli import serve
from earmark.errors import ConfigError, MissingPackage, NotFound


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("EARMARK_SERVER", str(tmp_path / "server"))


def test_a_key_is_made_listed_and_revoked(tmp_path, json_lines):
    place = ("--catalogue", tmp_path / "music")
    words = ("keys", "create", "--name", "player", "--scope", "read", "--scope", "audio", "--days", 30)
    made = invoke(serve, *words, *place)
    key = re.fullmatch(r"em_([0-9a-f]{8})_\S{43}\n", made.stdout)
    listed = invoke(serve, "keys", "list", *place).stdout
    assert f"{key[1]}  player  read,audio  expires 2" in listed
    assert "never used" in listed
    (values,) = json_lines(invoke(serve, "keys", "list", "--json", *place))
    assert (values["id"], values["scopes"], values["valid"]) == (key[1], ["read", "audio"], True)
    assert invoke(serve, "keys", "revoke", key[1], *place).exit_code == 0
    assert invoke(serve, "keys", "list", *place).stdout == ""
    assert isinstance(invoke(serve, "keys", "revoke", key[1], *place).exception, NotFound)


def test_a_scope_that_there_is_not(tmp_path):
    words = ("keys", "create", "--name", "x", "--scope", "root", "--catalogue", tmp_path)
    assert isinstance(invoke(serve, *words).exception, ConfigError)


def test_other_addresses_need_a_key(tmp_path):
    found = invoke(serve, "serve", "--host", "0.0.0.0", "--catalogue", tmp_path)
    assert isinstance(found.exception, ConfigError)
    assert "earmark keys create" in found.exception.remedy


def test_without_its_packages_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("earmark.cli.training_options.find_spec", lambda name: None)
    found = invoke(serve, "serve", "--catalogue", tmp_path).exception
    assert isinstance(found, MissingPackage)
    assert "earmark[serve]" in found.remedy


@pytest.mark.parametrize(
    ("option", "package", "extra"), [("--watch", "watchfiles", "watch"), ("--write-files", "mutagen", "tag")]
)
def test_what_an_option_needs_is_named_before_it_starts(monkeypatch, tmp_path, option, package, extra):
    monkeypatch.setattr("earmark.cli.training_options.find_spec", lambda name: None if name == package else 1)
    found = invoke(serve, "serve", option, "--catalogue", tmp_path).exception
    assert isinstance(found, MissingPackage)
    assert (option in found.source, f"earmark[{extra}]" in found.remedy) == (True, True)
