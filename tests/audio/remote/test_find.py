import pytest

from earmark.audio.discover import Rules
from earmark.audio.remote.find import FarSearch, find_everywhere
from earmark.audio.remote.lists import Entry
from earmark.errors import ConfigError, FileError


@pytest.fixture
def find(tmp_path):
    def find(*folders, entries=(), **rules):
        problems = []
        found = find_everywhere(list(folders), tmp_path / "catalogue", problems.append, Rules(**rules), entries)
        return found, problems

    return find


def names(found):
    return [file.path.rsplit("/", 1)[1] for file in found.files]


def test_objects_are_chosen_by_the_rules_of_folders(bucket, find):
    keys = "a.mp3 b.FLAC cover.jpg film.mp4 .hidden.mp3 x.mp3.part @eaDir/c.mp3 Podcasts/d.mp3 empty/ deep/er/e.opus"
    for key in keys.split():
        bucket.put(f"music/{key}", b"" if key.endswith("/") else b"x")
    found, problems = find(f"s3://{bucket.name}/music", exclude=("Podcasts/",))
    assert names(found) == ["a.mp3", "b.FLAC", "e.opus"]
    assert found.left_out == {
        "not sound": 1, "video": 1, "hidden": 1, "unfinished download": 1, "system folder": 1, "excluded": 1,
    }  # fmt: skip
    assert f"s3://{bucket.name}/music/Podcasts/d.mp3" in found.passed
    assert problems == []
    assert names(find(f"s3://{bucket.name}/music", include_video=True)[0])[-1] == "film.mp4"


def test_folders_here_and_there_are_found_together(bucket, find, tmp_path):
    (tmp_path / "a.mp3").write_bytes(b"x")
    bucket.put("b.mp3", b"x")
    assert names(find(tmp_path, f"s3://{bucket.name}/")[0]) == ["a.mp3", "b.mp3"]


def test_an_object_that_was_written_anew_has_another_mark(bucket, find):
    address = bucket.put("a.mp3", b"one")
    (before,) = find(address)[0].files
    assert find(address)[0].files == [before]
    bucket.put("a.mp3", b"two")
    assert find(address)[0].files != [before]


def test_a_list_that_tells_all_asks_nobody(web_server, find):
    (file,) = find(entries=[Entry(f"{web_server.base}/a.mp3", 5, '"1"')])[0].files
    assert (file.size, web_server.requests) == (5, [])


def test_addresses_alone_are_asked_for_and_one_costs_no_other(web_server, find, tmp_path, bucket):
    (tmp_path / "web" / "a.mp3").write_bytes(b"12345")
    there = bucket.put("c.mp3", b"123")
    found, problems = find(entries=[Entry(f"{web_server.base}/{name}.mp3") for name in "ab"] + [Entry(there)])
    assert [(file.path, file.size) for file in found.files] == [(f"{web_server.base}/a.mp3", 5), (there, 3)]
    assert [(one.path, one.problem) for one in problems] == [(f"{web_server.base}/b.mp3", "not there (HTTP 404)")]
    assert {method for method, _, _ in web_server.requests} == {"HEAD"}


def test_a_listing_that_breaks_off_says_nothing_of_the_rest(bucket, find, monkeypatch):
    from earmark.audio.remote import find as module
    from earmark.errors import Unreachable

    real = module.objects_below

    def breaking(address):
        yield next(iter(real(address)))
        raise Unreachable(address, "lost", "Wait.")

    for key in ("a.mp3", "b.mp3"):
        bucket.put(f"music/{key}", b"x")
    monkeypatch.setattr(module, "objects_below", breaking)
    found, problems = find(f"s3://{bucket.name}/music")
    assert names(found) == ["a.mp3"]
    assert found.unread == [f"s3://{bucket.name}/music"]
    assert problems[0].problem == "could not be listed whole: lost"


def test_what_is_named_and_not_there_is_an_error(bucket, find, tmp_path):
    with pytest.raises(FileError, match="not there"):
        find(f"s3://{bucket.name}/none")
    with pytest.raises(FileError, match="no such folder"):
        find(tmp_path / "none")
    with pytest.raises(ConfigError, match="are not opened"):
        find("ftp://host/music")


def test_a_search_of_nothing():
    search = FarSearch(print, Rules())
    search.listed([])
    assert (search.files, search.unread) == ({}, [])
