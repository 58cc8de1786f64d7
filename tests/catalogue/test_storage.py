import json
import os

import pytest

from earmark.catalogue.storage import DEFAULTS, for_obstore, masked, storage_options
from earmark.errors import ConfigError


@pytest.fixture
def options_file(tmp_path, monkeypatch):
    """Writes the file that the environment names."""

    def write(text: str, name: str = "options.toml", mode: int = 0o600):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)
        monkeypatch.setenv("EARMARK_STORAGE_OPTIONS", str(path))
        return path

    return write


def test_without_a_file_there_are_the_defaults_alone(monkeypatch):
    monkeypatch.delenv("EARMARK_STORAGE_OPTIONS", raising=False)
    assert storage_options() == DEFAULTS


@pytest.mark.parametrize("name", ["options.toml", "options.json"])
def test_a_file_of_either_form(options_file, name):
    values = {"AWS_ENDPOINT": "http://store:9000", "aws_allow_http": True, "client_max_retries": 7}
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
    options_file(json.dumps(values) if name.endswith("json") else lines, name)
    found = storage_options()
    assert found == {
        "aws_endpoint": "http://store:9000", "allow_http": "true", "client_max_retries": "7",
        "client_retry_timeout": "30",
    }  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_a_file_that_others_may_read_is_refused(options_file, mode):
    path = options_file('aws_secret_access_key = "hushhush"', mode=mode)
    with pytest.raises(ConfigError, match=f"others may read it, and it holds keys. Run `chmod 600 {path}`"):
        storage_options()


@pytest.mark.parametrize(
    ("text", "name", "problem"),
    [
        ("aws_secret_access_key = hushhush", "o.toml", "is no TOML"),
        ('{"aws_secret_access_key": "hushhush",', "o.json", "no JSON"),
        ('["hushhush"]', "o.json", "is no table of options"),
        ('[aws]\nsecret_access_key = "hushhush"', "o.toml", "aws is no text"),
    ],
)
def test_a_file_of_another_form_is_refused_without_showing_it(options_file, text, name, problem):
    options_file(text, name)
    with pytest.raises(ConfigError, match=problem) as caught:
        storage_options()
    assert "hushhush" not in str(caught.value)


def test_a_file_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setenv("EARMARK_STORAGE_OPTIONS", str(tmp_path / "none.toml"))
    with pytest.raises(ConfigError, match="cannot be read"):
        storage_options()


def test_what_obstore_takes_apart(monkeypatch):
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    options = DEFAULTS | {"aws_endpoint": "http://store", "connect_timeout": "5s"}
    assert for_obstore(options) == ({"aws_endpoint": "http://store"}, {"connect_timeout": "5s", "allow_http": "true"})


def test_keys_are_taken_out_of_messages(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hushhush")
    text = masked("refused hushhush and quietquiet at http://store", {"azure_storage_sas_token": "quietquiet"})
    assert text == "refused *** and *** at http://store"
