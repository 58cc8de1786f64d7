"""From wanted tracks to excerpts and a manifest."""

import pytest

from datafiles import write_rows
from earmark.audio.decode import load_audio
from earmark.data.collect.run import CollectOptions, collect
from earmark.data.collect.sources import wanted_from
from earmark.data.read import read_manifest
from jamendo_server import gather, provider, web


def test_jamendo_tracks_become_a_manifest_with_a_licence_each(server, tmp_path):
    server.add(1, "jazz", "Ann")
    server.add(2, "jazz vocal", "Bob", "by-nc-sa")
    server.add(3, "rock", "Cid")
    report = gather(server, tmp_path / "out")
    assert (report.collected, report.new, report.failed) == (2, 2, [])
    manifest = read_manifest(tmp_path / "out")
    assert manifest.column("label") == ["jazz", "jazz"]
    rows = {row["source"]: row for row in manifest.rows}
    assert rows["jamendo:2"]["licence"] == "http://creativecommons.org/licenses/by-nc-sa/3.0/"
    assert (rows["jamendo:1"]["artist"], rows["jamendo:1"]["title"]) == ("Ann", "Song 1")
    assert rows["jamendo:1"]["page"] == "http://jamen.do/t/1"
    audio = load_audio(manifest.paths()[0])
    assert audio.duration == pytest.approx(2.0, abs=0.01)
    assert rows["jamendo:1"]["starts_at"] == "1"  # the middle 2 of 4 s


def test_a_second_run_fetches_only_what_is_missing(server, tmp_path):
    for track in range(3):
        server.add(track, "jazz")
    out = tmp_path / "out"
    gather(server, out, settings=CollectOptions(2.0, per_class=2))
    with open(out / "collected.jsonl", "a") as journal:
        journal.write('\n{"path": "jazz/half')  # as an interruption leaves it
    server.requests.clear()
    report = gather(server, out)
    assert (report.collected, report.new, report.passed_over) == (3, 1, 2)
    assert server.paths("/file") == ["/file/2"]
    (out / read_manifest(out).rows[0]["path"]).unlink()
    (out / ".fetch-killed").mkdir()
    assert gather(server, out).new == 1  # a lost excerpt is fetched again
    assert not list(out.glob(".fetch-*"))


def test_a_broken_download_is_listed_and_the_rest_is_collected(server, tmp_path):
    for track in (1, 2, 3):
        server.add(track, "jazz")
    server.broken = {"2"}
    report = gather(server, tmp_path / "out")
    assert report.collected == 2
    assert len(report.failed) == 1
    assert "not a sound file" in report.failed[0]["problem"]
    assert len(read_manifest(tmp_path / "out")) == 2


def test_one_artist_gives_no_more_than_told_and_a_track_keeps_its_first_label(server, tmp_path):
    for track in range(4):
        server.add(track, "jazz soul", "Ann")
    out = tmp_path / "out"
    assert gather(server, out, settings=CollectOptions(1.0, per_artist=2)).collected == 2
    report = gather(server, out, label="soul", tags=("soul",), settings=CollectOptions(1.0))
    assert sorted(read_manifest(out).column("label")) == ["jazz", "jazz", "soul", "soul"]
    assert report.passed_over == 2


def test_playlists_give_a_class_each_and_names_come_from_tags(music, tmp_path):
    lists = tmp_path / "lists"
    lists.mkdir()
    (lists / "Hip Hop.m3u").write_text("../music/a.flac\n#EXTINF:5,Bo - Two\n../music/b.mp3\n../music/gone.mp3\n")
    (lists / "jazz.m3u8").write_text("../music/c.wav\n")
    report = collect([wanted_from(lists)], tmp_path / "out", CollectOptions(3.0))
    rows = {row["title"] or row["label"]: row for row in read_manifest(tmp_path / "out").rows}
    assert rows["One"]["label"] == "Hip Hop"
    assert rows["One"]["path"].startswith("Hip_Hop/")
    assert (rows["One"]["artist"], rows["One"]["song"]) == ("Ann", "Ann - One")
    assert (rows["Two"]["artist"], rows["Two"]["seconds"]) == ("Bo", "3")
    assert (rows["jazz"]["seconds"], rows["jazz"]["starts_at"]) == ("1", "0")  # shorter: taken whole
    assert len(report.failed) == 1
    assert "gone.mp3" in report.failed[0]["track"]


def test_a_csv_list_with_local_files_and_addresses(music, server, tmp_path):
    rows = [
        {"location": "music/a.flac", "label": "x", "title": "A", "licence": "CC0"},
        {"location": f"http://127.0.0.1:{server.server_port}/file/9", "label": "y", "title": "B", "licence": ""},
    ]
    report = collect(
        [wanted_from(write_rows(tmp_path / "list.csv", rows))], tmp_path / "out", CollectOptions(1.0), web()[0]
    )
    assert report.collected == 2
    assert sorted(zip(*map(read_manifest(tmp_path / "out").column, ("label", "licence")), strict=True)) == [
        ("x", "CC0"), ("y", ""),
    ]  # fmt: skip


def test_progress_names_each_track_before_it_is_fetched(server, tmp_path):
    for track in (1, 2):
        server.add(track, "jazz", "Ann")
    calls = []
    collect([provider(server).tracks("jazz", ["jazz"])], tmp_path / "out", CollectOptions(1.0), web()[0],
            lambda *call: calls.append(call))  # fmt: skip
    assert calls == [("excerpts", 0, 0, "jazz: Ann - Song 1"), ("excerpts", 1, 0, "jazz: Ann - Song 2")]
