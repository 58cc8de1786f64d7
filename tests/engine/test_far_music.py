"""Scans of music in a bucket and on a web server, with real workers: the same tracks as from files of this machine."""

import json

import pytest

from catalogues import contents
from earmark.audio.fileinfo import read_file_info
from earmark.audio.listen import identify
from earmark.catalogue.store import Store
from earmark.engine.local import LocalExecutor
from earmark.engine.scan import ScanOptions, scan
from far_places import bucket, s3_server, serving  # noqa: F401
from sounds import chord, write_sound
from tagbombs import comments, in_flac


@pytest.fixture
def uploaded(bucket, music):  # noqa: F811
    for path in music.iterdir():
        bucket.put(f"music/{path.name}", path)
    bucket.root = f"s3://{bucket.name}/music"
    return bucket


@pytest.fixture
def scan_lists(tmp_path, model):
    def run(*lists):
        options = ScanOptions(workers=1, lists=lists)
        executor = LocalExecutor(model, 1, options.limits)
        return scan(Store(tmp_path / "catalogue", create=True), [], model, "tiny", options, executor=executor)

    return run


def listing(server, folder, with_sizes):
    for path in sorted(folder.iterdir()):
        url = f"{server.base}/{path.name}"
        yield json.dumps({"url": url, "size": path.stat().st_size, "etag": path.name}) if with_sizes else url


def test_a_bucket_holds_the_same_tracks_as_the_folder(run_scan, uploaded, store, tmp_path, model):
    report = run_scan(uploaded.root, workers=2)
    assert (report.analysed, report.failed) == (5, [])

    here = Store(tmp_path / "here", create=True)
    scan(here, [tmp_path / "music"], model, "tiny", executor=LocalExecutor(model, 1, ScanOptions().limits))
    there, local = contents(tmp_path / "catalogue"), contents(tmp_path / "here")
    assert there["vectors"] == local["vectors"]
    assert [(row["track_id"], row["title"]) for row in there["tracks"]] == [
        (row["track_id"], row["title"]) for row in local["tracks"]
    ]
    assert store().resolve(f"{uploaded.root}/low.flac") == here.resolve(str(tmp_path / "music" / "low.flac"))


def test_a_file_here_and_there_is_one_track(run_scan, uploaded, store):
    run_scan()
    report = run_scan(uploaded.root)
    assert (report.analysed, report.recognised, len(store())) == (0, 5, 5)


def test_known_objects_are_not_opened_and_changed_ones_are(run_scan, uploaded, monkeypatch, music):
    run_scan(uploaded.root)
    with monkeypatch.context() as patch:
        patch.setattr("earmark.audio.remote.cached.RemoteFile", None)
        again = run_scan(uploaded.root)
    assert (again.unchanged, again.failed, again.gone) == (5, [], [])
    uploaded.put("music/low.flac", music / "top.flac")
    changed = run_scan(uploaded.root)
    assert (changed.unchanged, changed.recognised) == (4, 1)


def test_objects_that_are_deleted_are_gone_and_can_be_pruned(run_scan, uploaded, store):
    run_scan(uploaded.root)
    uploaded.delete("music/low.flac")
    assert run_scan(uploaded.root).gone == [f"{uploaded.root}/low.flac"]
    kept_out = run_scan(uploaded.root, exclude=("top.*",))
    assert kept_out.kept_out == [f"{uploaded.root}/top.flac"]
    assert run_scan(uploaded.root, prune=True).removed == 1
    assert len(store()) == 4
    assert store().roots() == [uploaded.root]


def test_a_list_of_web_addresses(scan_lists, music, tmp_path, store):
    with serving(music) as server:
        (tmp_path / "list.jsonl").write_text("\n".join(listing(server, music, with_sizes=True)))
        lists = (tmp_path / "list.jsonl",)
        first = scan_lists(*lists)
        n_requests = len(server.requests)
        again = scan_lists(*lists)
    assert (first.analysed, first.failed) == (5, [])
    assert n_requests == 5  # a part of each, in which all is
    assert (again.unchanged, len(server.requests)) == (5, n_requests)
    assert store().roots() == []


def test_one_file_that_cannot_be_had_costs_itself_and_is_tried_again_by_the_next_scan(scan_lists, music, tmp_path):
    with serving(music) as server:
        (tmp_path / "list.txt").write_text("\n".join(listing(server, music, with_sizes=False)))
        server.faults["/low.flac"] = [None, ..., 403]
        report = scan_lists(tmp_path / "list.txt")
        (failure,) = report.failed
        assert (report.analysed, failure.path) == (4, f"{server.base}/low.flac")
        assert failure.problem == "no access (HTTP 403)"
        del server.faults["/low.flac"]
        again = scan_lists(tmp_path / "list.txt")
        assert (again.analysed, again.unchanged, again.failed) == (1, 4, [])


def test_a_damaged_object_fails_as_a_file_does(run_scan, uploaded):
    uploaded.put("music/words.mp3", b"words" * 100)
    (failure,) = run_scan(uploaded.root).failed
    assert failure.problem == "not a sound file that this FFmpeg knows"
    assert run_scan(uploaded.root).unchanged == 5


def test_tags_that_are_too_much_are_hidden_there_too(run_scan, bucket, tmp_path, music):  # noqa: F811
    path = write_sound(tmp_path / "plain.flac", chord(1.0))
    bomb = bucket.put("bomb.flac", in_flac(path.read_bytes(), 4, comments()))
    assert identify(bomb) == identify(path)
    assert read_file_info(bomb).tags.title == "bomb"
