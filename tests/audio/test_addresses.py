import os

import pytest

from earmark.audio.addresses import check_address, is_address, name_of, place_of, public
from earmark.errors import ConfigError


@pytest.mark.parametrize("scheme", ["s3", "gs", "az", "https", "http"])
def test_five_schemes_are_addresses(scheme):
    assert is_address(f"{scheme}://host/a.mp3")


@pytest.mark.parametrize(
    "path", ["a.mp3", "/music/s3:/a.mp3", "file:///etc/passwd", "ftp://host/a.mp3", "C:\\a://b", ""]
)
def test_nothing_else_is(path):
    assert not is_address(path)


@pytest.mark.parametrize("address", ["ftp://host/a", "file:///etc/passwd", "concat://a|b", "S3://b/c", "hdfs://n/m"])
def test_other_schemes_are_refused_by_name(address):
    with pytest.raises(ConfigError, match="are not opened"):
        check_address(address)


def test_a_password_is_refused_and_not_repeated():
    with pytest.raises(ConfigError, match="would be kept") as caught:
        check_address("https://me:secret@host/a.mp3")
    assert "secret" not in str(caught.value)


def test_an_address_needs_a_host():
    with pytest.raises(ConfigError, match="names no host"):
        check_address("s3:///a.mp3")


def test_a_folder_with_an_odd_name_is_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="are not opened"):
        check_address("odd://name")
    os.makedirs("odd://name")
    check_address("odd://name")  # raises nothing now


def test_places():
    assert place_of("s3://bucket/music/") == "s3://bucket/music"
    assert place_of("music") == os.path.abspath("music")


def test_names_as_people_read_them():
    assert name_of("https://host/a/My%20Song.mp3?X-Amz-Signature=1/2.wav") == "My Song.mp3"
    assert name_of("s3://bucket/a/100%25 live?.mp3") == "100%25 live?.mp3"
    assert name_of("/music/a.mp3") == "a.mp3"


def test_a_signature_is_not_shown():
    assert public("https://host/a.mp3?sig=secret") == "https://host/a.mp3"
    assert public("s3://bucket/what?.mp3") == "s3://bucket/what?.mp3"
