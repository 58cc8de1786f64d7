import sys

import pytest

from earmark.audio.decode import load_audio
from earmark.audio.fileinfo import read_file_info
from earmark.audio.listen import identify
from earmark.audio.opening import held
from earmark.audio.remote import stores
from earmark.audio.remote.cached import open_remote
from earmark.audio.remote.source import Passing
from earmark.audio.remote.stores import StoreFile, objects_below
from earmark.errors import AudioError, MissingPackage, Unreachable
from sounds import FORMATS, tune, write_sound


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_the_same_track_there_and_here(bucket, tmp_path, suffix):
    path = write_sound(tmp_path / f"a & b.{suffix}", tune(2, 3.0), tags={"title": "Two", "artist": "Us"})
    address = bucket.put(f"music/ä/a & b.{suffix}", path)
    with held(address):
        there, here = load_audio(address), load_audio(path)
        assert (there.track_id, there.duration, there.incomplete) == (here.track_id, here.duration, here.incomplete)
        assert (there.y == here.y).all()
        assert read_file_info(address) == read_file_info(path)
    assert identify(address) == here.track_id


def test_a_folder_is_listed_whole_and_nothing_beside_it(bucket, monkeypatch):
    monkeypatch.setattr(stores, "PAGE", 3)
    names = [f"music/{i}/song {i}.mp3" for i in range(8)]
    for name in (*names, "music2/other.mp3", "other.mp3"):
        bucket.put(name, b"x" * len(name))
    found = list(objects_below(f"s3://{bucket.name}/music/"))
    assert [one.address for one in found] == [f"s3://{bucket.name}/{name}" for name in names]
    assert {one.size for one in found} == {len(names[0])}
    assert len({one.etag for one in found}) == 1
    assert len(list(objects_below(f"s3://{bucket.name}"))) == 10


def test_one_object_may_be_named(bucket):
    address = bucket.put("music/a.mp3", b"abc")
    (found,) = objects_below(address)
    assert (found.address, found.size) == (address, 3)


@pytest.mark.parametrize("place", ["{}/none", "no-such-bucket-here/music"])
def test_what_is_not_there_is_told(bucket, place):
    address = "s3://" + place.format(bucket.name)
    with pytest.raises(Unreachable, match="not there"):
        list(objects_below(address))
    with pytest.raises(Unreachable, match="not there"):
        open_remote(address)


def test_an_empty_object_is_told(bucket):
    with pytest.raises(AudioError, match="the file is empty"):
        open_remote(bucket.put("empty.mp3", b""))


def test_an_object_that_was_written_anew_is_no_mixture(bucket):
    file = StoreFile(bucket.put("a.mp3", b"1" * 100))
    first = file.fetch(0, 10, "")
    bucket.put("a.mp3", b"2" * 100)
    assert first.size == 100
    with pytest.raises(Unreachable, match="changed while it was read"):
        file.fetch(10, 20, first.etag)


def test_no_access_names_the_variables(bucket, monkeypatch):
    from obstore.exceptions import PermissionDeniedError

    error = stores.fault("s3://b/a", PermissionDeniedError("AccessDenied"))
    assert "AWS_ACCESS_KEY_ID" in str(error)


@pytest.mark.parametrize(("status", "kind"), [(403, "no access"), (404, "not there"), (400, "cannot be read")])
def test_what_no_further_try_would_help_is_not_tried_again(status, kind):
    from obstore.exceptions import GenericError

    error = stores.fault(
        "s3://b/a", GenericError(f"Generic S3 error: Server returned non-2xx status code: {status} No")
    )
    assert kind in str(error)
    assert isinstance(stores.fault("s3://b/a", GenericError("status code: 503 Slow down")), Passing)


def test_a_store_without_tls_must_be_allowed(bucket, monkeypatch, impatient):
    monkeypatch.delenv("AWS_ALLOW_HTTP")
    stores._store.cache_clear()
    with pytest.raises(Unreachable, match="no answer"):
        open_remote(f"s3://{bucket.name}/a.mp3")


def test_the_package_is_named_where_it_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    stores._store.cache_clear()
    with pytest.raises(MissingPackage, match=r"earmark\[cloud\]"):
        StoreFile("s3://b/a")
