import sys
import time

import pytest

from bucket import SECRET
from earmark.catalogue.objects import Changed, ObjectPlace, is_uri
from earmark.catalogue.where import place_of
from earmark.errors import CatalogueError, ConfigError, MissingPackage


def test_an_address_is_told_from_a_path():
    assert is_uri("s3://bucket/music")
    assert is_uri("https://host/music")
    assert not is_uri("music.earmark")
    assert not is_uri("/s3://x")
    assert not is_uri("C:\\music")


def test_the_parts_of_an_address():
    place = ObjectPlace.at("S3://bucket/deep/music.earmark/")
    assert str(place) == place.uri == place.absolute() == "s3://bucket/deep/music.earmark"
    assert (place.name, place.suffix, str(place.parent)) == ("music.earmark", ".earmark", "s3://bucket/deep")
    assert place / "a/b" == ObjectPlace.at("s3://bucket/deep/music.earmark/a/b")
    assert len({place, place / "a", (place / "a").parent}) == 2


@pytest.mark.parametrize("scheme", ["gs", "az"])
def test_the_other_stores_have_addresses_too(scheme):
    assert str(place_of(f"{scheme}://bucket/music")) == f"{scheme}://bucket/music"


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("ftp://host/music", "no object store"),
        ("s3://bucket", "names no place in a bucket"),
        ("s3://bucket/../x", "names no place in a bucket"),
        ("s3:///music", "names no place in a bucket"),
        (f"s3://me:{SECRET}@bucket/music", "holds more than a place"),
        (f"az://container/music?sig={SECRET}", "holds more than a place"),
    ],
)
def test_what_is_no_address_is_refused_and_what_it_hides_not_shown(address, problem):
    with pytest.raises(ConfigError, match=problem) as caught:
        place_of(address)
    assert SECRET not in str(caught.value)


def test_of_two_who_write_under_a_condition_one_is_told(uri):
    lease = place_of(uri) / "lease"
    first = lease.replace(b"1", None)
    with pytest.raises(Changed):
        lease.replace(b"2", None)
    assert (lease.read_tagged().data, lease.read_tagged().etag) == (b"1", first)
    second = lease.replace(b"3", first)
    with pytest.raises(Changed):
        lease.replace(b"4", first)
    assert (lease.read_tagged().data, lease.read_tagged().etag) == (b"3", second)


def test_a_store_that_gives_no_answer_is_told_in_one_line_and_soon(uri, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    began = time.monotonic()
    with pytest.raises(
        CatalogueError, match=r"cannot be reached \(HTTP error: error sending request: Connection refused\)"
    ) as caught:
        ObjectPlace.at(uri.replace("music", "other")).entries()
    assert time.monotonic() - began < 20
    assert "\n" not in str(caught.value)
    assert SECRET not in str(caught.value)


def test_a_bucket_that_is_not_there(uri):
    with pytest.raises(
        CatalogueError, match=r"cannot be reached \(The specified bucket does not exist, NoSuchBucket\)"
    ):
        place_of("s3://no-such-bucket/music").entries()


def test_an_option_that_does_not_exist_is_named(uri, monkeypatch, tmp_path):
    path = tmp_path / "options.toml"
    path.write_text('aws_nonsense = "1"')
    path.chmod(0o600)
    monkeypatch.setenv("EARMARK_STORAGE_OPTIONS", str(path))
    with pytest.raises(ConfigError, match="aws_nonsense"):
        place_of(uri).entries()


def test_without_the_package_the_extra_is_named(uri, monkeypatch):
    for name in ("obstore", "obstore.exceptions", "obstore.store"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingPackage, match=r"pip install earmark\[cloud\]"):
        place_of(uri).entries()


def test_what_is_fetched_is_whole_or_not_there(uri, tmp_path):
    place = place_of(uri) / "x.earprint"
    assert place.fetch(tmp_path / "x") is None
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "source").write_bytes(b"sound" * 1000)
    place.copy_from(tmp_path / "source")
    assert place.fetch(tmp_path / "x").read_bytes() == b"sound" * 1000
