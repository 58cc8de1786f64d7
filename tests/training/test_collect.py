"""Collecting excerpts: playlists, lists, and Jamendo's documented API spoken by a local server."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
import typer
from scipy.signal import correlate
from typer.testing import CliRunner

from datafiles import melody, write_rows
from earmark.audio.decode import load_audio
from earmark.cli import collect as command
from earmark.data.collect import jamendo as jamendo_module
from earmark.data.collect.excerpt import cut
from earmark.data.collect.jamendo import Jamendo, licence_name
from earmark.data.collect.run import CollectOptions, collect
from earmark.data.collect.sources import wanted_from
from earmark.data.collect.web import Web
from earmark.data.read import read_manifest
from earmark.errors import AudioError, DataError
from sounds import write_sound

SR = 8_000
KEY = "secret-id"


# ---------------------------------------------------------------- a server that speaks Jamendo's format


class Server(ThreadingHTTPServer):
    """Tracks by tag; `faults` are answers (status, code in the headers) given before the real ones."""

    def __init__(self, sound: bytes):
        super().__init__(("127.0.0.1", 0), Handler)
        self.sound, self.faults, self.requests = sound, [], []
        self.base = f"http://127.0.0.1:{self.server_port}/v3.0"
        self.tracks: list[dict] = []
        self.broken: set[str] = set()

    def add(self, track: int, tags: str, artist: str = "", licence: str = "by", allowed: bool = True) -> None:
        self.tracks.append({
            "id": str(track), "name": f"Song {track}", "artist_id": artist,
            "artist_name": artist or f"A{track}", "duration": 4,
            "license_ccurl": f"http://creativecommons.org/licenses/{licence}/3.0/", "shareurl": f"http://jamen.do/t/{track}",
            "audio": f"http://127.0.0.1:{self.server_port}/stream/{track}", "audiodownload_allowed": allowed,
            "audiodownload": f"http://127.0.0.1:{self.server_port}/file/{track}" if allowed else "",
            "musicinfo": {"tags": {"genres": tags.split(), "instruments": [], "vartags": []}},
        })  # fmt: skip

    def paths(self, start: str) -> list[str]:
        return [path for path in self.requests if path.startswith(start)]


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        self.server.requests.append(url.path)
        if self.server.faults:
            status, code = self.server.faults.pop(0)
            return self.answer({"headers": headers(code), "results": []}, status)
        if url.path == "/v3.0/tracks/":
            return self.tracks({name: values[0] for name, values in parse_qs(url.query).items()})
        return self.file(url.path)

    def tracks(self, query):
        if query.get("client_id") != KEY:
            return self.answer({"headers": headers(5, "Invalid Client Id"), "results": []})
        wanted = set(query["tags"].split(" "))
        assert query["format"] == "json"
        found = [t for t in self.server.tracks if wanted <= set(t["musicinfo"]["tags"]["genres"])]
        offset, limit = int(query["offset"]), int(query["limit"])
        assert limit <= 200
        return self.answer({"headers": headers(0), "results": found[offset : offset + limit]})

    def file(self, path):
        track = path.rsplit("/", 1)[1]
        body = self.server.sound if track not in self.server.broken else b"<html>not music</html>"
        self.send_response(200 if path.startswith("/file/") else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, document, status=200):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)


def headers(code: int, message: str = "") -> dict:
    return {"status": "success" if code == 0 else "failed", "code": code, "error_message": message, "warnings": ""}


@pytest.fixture
def server(tmp_path):
    sound = write_sound(tmp_path / "served.flac", melody(1, 4.0, SR), SR, "flac", "s16").read_bytes()
    with Server(sound) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()


def web(**settings) -> tuple[Web, list[float]]:
    """A Web that notes how long it would sleep instead of sleeping."""
    slept = []
    return Web(sleep=slept.append, **{"pause": 0.0, **settings}), slept


def provider(server, **settings) -> Jamendo:
    return Jamendo(KEY, base=server.base, web=settings.pop("web", web()[0]), **settings)


def gather(server, out, label="jazz", tags=("jazz",), settings=None, **given):
    way = given.get("web") or web()[0]
    return collect([provider(server, web=way).tracks(label, list(tags))], out, settings or CollectOptions(2.0), way)


# ---------------------------------------------------------------- Jamendo


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


def test_pages_are_asked_for_until_there_are_enough(server, tmp_path, monkeypatch):
    monkeypatch.setattr(jamendo_module, "PAGE", 3)
    for track in range(8):
        server.add(track, "jazz")
    found = [wanted.source for wanted in provider(server).tracks("jazz", ["jazz"])]
    assert found == [f"jamendo:{track}" for track in range(8)]
    assert len(server.paths("/v3.0")) == 3
    server.requests.clear()
    report = gather(server, tmp_path / "out", settings=CollectOptions(2.0, per_class=2))
    assert report.collected == 2
    assert len(server.paths("/v3.0")) == 1
    assert len(server.paths("/file")) == 2


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


def test_passing_faults_are_waited_out_longer_each_time(server, tmp_path):
    server.add(1, "jazz")
    server.faults = [(500, 1), (200, 6), (429, 6)]  # an error, the documented rate limit code, an HTTP rate limit
    way, slept = web(first_wait=2.0)
    assert gather(server, tmp_path / "out", web=way).collected == 1
    assert [s for s in slept if s] == [2.0, 4.0, 8.0]


def test_a_server_that_stays_down_is_reported_without_the_key(server):
    server.faults = [(503, 1)] * 9
    with pytest.raises(DataError, match=r"no answer after 3 tries \(HTTP 503\)") as caught:
        list(provider(server, web=web(tries=3)[0]).tracks("jazz", ["jazz"]))
    assert KEY not in str(caught.value)
    assert "what is there already is kept" in caught.value.remedy


def test_requests_keep_their_distance(server):
    clock = iter(np.arange(0, 100, 0.25))
    slept = []
    way = Web(pause=1.0, sleep=slept.append, clock=lambda: float(next(clock)))
    for _ in range(3):
        list(provider(server, web=way).tracks("jazz", ["jazz"]))
    assert slept[0] == 0
    assert slept[1:] == [0.75, 0.75]


def test_a_wrong_or_missing_key_is_one_clear_error(server, monkeypatch):
    with pytest.raises(DataError, match="Invalid Client Id. Set JAMENDO_CLIENT_ID"):
        list(Jamendo("wrong", base=server.base, web=web()[0]).tracks("jazz", ["jazz"]))
    monkeypatch.delenv("JAMENDO_CLIENT_ID", raising=False)
    with pytest.raises(DataError, match="JAMENDO_CLIENT_ID: not set"):
        Jamendo()


def test_licences_and_the_wish_not_to_be_downloaded_are_kept(server):
    server.add(1, "jazz", licence="by")
    server.add(2, "jazz", licence="by-nc-nd")
    server.add(3, "jazz", licence="by", allowed=False)
    found = provider(server, licences=("by", "by-sa")).tracks("jazz", ["jazz"])
    assert [wanted.source for wanted in found] == ["jamendo:1"]
    assert licence_name("https://creativecommons.org/publicdomain/zero/1.0/") == ""


def test_a_broken_download_is_listed_and_the_rest_is_collected(server, tmp_path):
    for track in (1, 2, 3):
        server.add(track, "jazz")
    server.broken = {"2"}
    report = gather(server, tmp_path / "out")
    assert report.collected == 2
    assert len(report.failed) == 1
    assert "not readable as audio" in report.failed[0]["problem"]
    assert len(read_manifest(tmp_path / "out")) == 2


def test_one_artist_gives_no_more_than_told_and_a_track_keeps_its_first_label(server, tmp_path):
    for track in range(4):
        server.add(track, "jazz soul", "Ann")
    out = tmp_path / "out"
    assert gather(server, out, settings=CollectOptions(1.0, per_artist=2)).collected == 2
    report = gather(server, out, label="soul", tags=("soul",), settings=CollectOptions(1.0))
    assert sorted(read_manifest(out).column("label")) == ["jazz", "jazz", "soul", "soul"]
    assert report.passed_over == 2


# ---------------------------------------------------------------- playlists and lists


@pytest.fixture
def music(tmp_path):
    folder = tmp_path / "music"
    folder.mkdir()
    write_sound(folder / "a.flac", melody(1, 5.0), 16_000, tags={"artist": "Ann", "title": "One"})
    write_sound(folder / "b.mp3", np.stack([melody(2, 5.0, 44_100), melody(3, 5.0, 44_100)]))
    write_sound(folder / "c.wav", melody(4, 1.0), 16_000)
    return folder


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


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"file": "a", "label": "x"}], "no columns location and label among file, label"),
        ([{"path": "a", "label": "x"}, {"path": "b", "label": ""}], "row 3 has no label"),
    ],
)
def test_a_broken_list_is_refused(tmp_path, rows, message):
    with pytest.raises(DataError, match=message):
        list(wanted_from(write_rows(tmp_path / "list.csv", rows)))


def test_what_is_no_list_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "song.mp3"):
        with pytest.raises(DataError):
            list(wanted_from(path))


def test_a_file_address_is_not_fetched(tmp_path):
    with pytest.raises(DataError, match="not an http"):
        web()[0].download("file:///etc/passwd", tmp_path / "x")


# ---------------------------------------------------------------- excerpts


@pytest.mark.parametrize(
    ("form", "suffix", "rate"), [("flac", ".flac", 44_100), ("wav", ".wav", 44_100), ("opus", ".opus", 48_000)]
)
def test_an_excerpt_is_the_middle_of_the_track(music, tmp_path, form, suffix, rate):
    excerpt = cut(music / "b.mp3", tmp_path / f"x{suffix}", 2.0, form)
    audio, whole = load_audio(excerpt.path), load_audio(music / "b.mp3")
    assert (audio.native_sr, audio.n_channels) == (rate, 2)
    assert audio.duration == pytest.approx(2.0, abs=0.02)
    assert excerpt.starts_at == pytest.approx(1.5, abs=0.06)
    start = round(excerpt.starts_at * 16_000)
    piece = whole.y[start : start + 24_000]
    match = correlate(audio.y, piece[1000:-1000], "valid") / np.square(piece[1000:-1000]).sum()
    assert abs(int(match.argmax()) - 1000) < 800  # within 50 ms of where it says
    assert match.max() > 0.9


def test_what_cannot_be_cut_leaves_nothing_behind(tmp_path):
    (tmp_path / "bad.mp3").write_bytes(b"nothing" * 100)
    with pytest.raises(AudioError, match="not readable as audio"):
        cut(tmp_path / "bad.mp3", tmp_path / "x.flac")
    assert not (tmp_path / "x.flac").exists()


# ---------------------------------------------------------------- the command


def run(*arguments):
    app = typer.Typer()
    command.register(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["collect", *map(str, arguments)])


def test_the_command_collects_and_fails_for_what_failed(music, tmp_path):
    (tmp_path / "jazz.m3u").write_text("music/a.flac\nmusic/c.wav\n")
    done = run(tmp_path / "jazz.m3u", "--out", tmp_path / "out", "--seconds", 1)
    assert done.exit_code == 0, done.output
    assert "2 excerpts, 2 of them new" in done.output
    (music / "d.mp3").write_bytes(b"x" * 300)
    (tmp_path / "jazz.m3u").write_text("music/a.flac\nmusic/d.mp3\n")
    failed = run(tmp_path / "jazz.m3u", "--out", tmp_path / "out", "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.stdout)["failed"][0]["track"].endswith("d.mp3")


def test_the_command_wants_a_source_and_a_known_format(tmp_path):
    assert run("--out", tmp_path).exit_code == 2
    assert run("--jamendo", "jazz", "--out", tmp_path).exit_code == 2
    assert run(tmp_path, "--format", "mp3", "--out", tmp_path).exit_code == 2
