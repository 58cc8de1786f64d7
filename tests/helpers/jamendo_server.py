"""A local server that speaks the documented format of Jamendo's API, and what is asked of it."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from earmark.data.collect.jamendo import Jamendo
from earmark.data.collect.run import CollectOptions, collect
from earmark.data.collect.web import Web

SR = 8_000
KEY = "secret-id"


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


def web(**settings) -> tuple[Web, list[float]]:
    """A Web that notes how long it would sleep instead of sleeping."""
    slept = []
    return Web(sleep=slept.append, **{"pause": 0.0, **settings}), slept


def provider(server, **settings) -> Jamendo:
    return Jamendo(KEY, base=server.base, web=settings.pop("web", web()[0]), **settings)


def gather(server, out, label="jazz", tags=("jazz",), settings=None, **given):
    way = given.get("web") or web()[0]
    return collect([provider(server, web=way).tracks(label, list(tags))], out, settings or CollectOptions(2.0), way)
