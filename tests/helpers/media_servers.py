"""Media servers of our own that speak the documented formats, errors included, and keep what is pushed to them."""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

from earmark.interop.servers.songs import Song
from local_servers import running

SECRET = "s3cret-key"
USER = "ann"


@dataclass
class Media:
    """What one server holds: its songs, its playlists (name -> ids of songs), what it was asked."""

    songs: list[Song]
    lists: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    page: int = 2  # songs in an answer at most
    broken: bytes | None = None  # what it answers in place of anything sensible
    base: str = ""


class Answerer(BaseHTTPRequestHandler):
    """One question to a server; ``answer`` is the dialect."""

    media: Media
    answer = staticmethod(lambda question: (404, None))

    def do(self):
        size = int(self.headers.get("Content-Length") or 0)
        content, parts = self.rfile.read(size).decode(), urlsplit(self.path)
        self.where = parse_qs(parts.query)
        self.form = parse_qs(content) if "form" in (self.headers.get("Content-Type") or "") else {}
        self.body = json.loads(content) if content and not self.form else {}
        self.media.asked.append(f"{self.command} {self.path}")
        self.media.hosts.append(self.headers["Host"])
        status, found = type(self).answer(self, unquote(parts.path))
        data = b"" if found is None else json.dumps(found).encode()
        data = data if self.media.broken is None else self.media.broken
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = do

    def log_message(self, *_):
        pass

    def one(self, name: str, other: str = "") -> str:
        return (self.where | self.form).get(name, [other])[0]


class SubsonicAnswerer(Answerer):
    def answer(self, path):
        lets_in = self.one("apiKey") == SECRET or (self.one("u") == USER and _token(self.one("s")) == self.one("t"))
        if not lets_in:
            return 200, _subsonic(error={"code": 40, "message": "Wrong username or password"}, status="failed")
        method = path.removeprefix("/rest/").removesuffix(".view")
        return 200, _subsonic(**getattr(self, method)())

    def ping(self):
        return {"type": "navidrome", "serverVersion": "0.58.0"}

    def search3(self):
        start = int(self.one("songOffset"))
        songs = self.media.songs[start : start + int(self.one("songCount"))]
        return {"searchResult3": {"song": [_subsonic_song(song) for song in songs]} if songs else {}}

    def getPlaylists(self):
        return {"playlists": {"playlist": [{"id": f"id of {name}", "name": name} for name in self.media.lists]}}

    def createPlaylist(self):
        name = self.one("name") or self.one("playlistId").removeprefix("id of ")
        self.media.lists[name] = (self.where | self.form).get("songId", [])
        return {}


def _token(salt: str) -> str:
    import hashlib

    return hashlib.md5(f"{SECRET}{salt}".encode()).hexdigest()


def _subsonic(status="ok", **more) -> dict:
    return {"subsonic-response": {"status": status, "version": "1.16.1", "openSubsonic": True, **more}}


def _subsonic_song(song: Song) -> dict:
    found = {"id": song.id, "title": song.title, "artist": song.artist, "album": song.album, "path": song.path}
    return found | {
        "duration": round(song.duration),
        "musicBrainzId": song.mbid,
        "isrc": [song.isrc] if song.isrc else [],
    }


class JellyfinAnswerer(Answerer):
    def answer(self, path):
        if self.headers.get("Authorization") != f'MediaBrowser Token="{SECRET}"':
            return 401, None
        if path == "/Users":
            return 200, [{"Name": USER, "Id": "u1"}]
        if path == "/System/Info":
            return 200, {"Version": "10.10.3"}
        if path == "/Playlists":
            self.media.lists[self.body["Name"]] = self.body["Ids"]
            return 200, {"Id": "new"}
        if path.startswith("/Playlists/"):
            self.media.lists[path.split("/")[2].removeprefix("id-of-")] = self.body["Ids"]
            return 204, None
        return 200, {"Items": self.items()}

    def items(self):
        if self.one("IncludeItemTypes") == "Playlist":
            return [{"Id": f"id-of-{name}", "Name": name} for name in self.media.lists]
        start = int(self.one("StartIndex"))
        return [_jellyfin_song(song) for song in self.media.songs[start : start + int(self.one("Limit"))]]


def _jellyfin_song(song: Song) -> dict:
    ids = {"MusicBrainzRecording": song.mbid} if song.mbid else {}
    found = {"Id": song.id, "Name": song.title, "Artists": [song.artist], "Album": song.album, "Path": song.path}
    return found | {"RunTimeTicks": round(song.duration * 1e7), "ProviderIds": ids}


class PlexAnswerer(Answerer):
    def answer(self, path):
        if path == "/identity":
            return 200, {"MediaContainer": {"machineIdentifier": "m1", "version": "1.41"}}
        if self.headers.get("X-Plex-Token") != SECRET:
            return 401, None
        if path == "/library/sections":
            return 200, _plex("Directory", [{"key": "1", "type": "movie"}, {"key": "2", "type": "artist"}])
        if path == "/library/sections/2/all":
            start, size = int(self.one("X-Plex-Container-Start")), int(self.one("X-Plex-Container-Size"))
            return 200, _plex("Metadata", [_plex_song(song) for song in self.media.songs[start : start + size]])
        return self.playlists(path)

    def playlists(self, path):
        ids = self.one("uri").rpartition("/")[2].split(",")
        if self.command == "GET":
            return 200, _plex("Metadata", [{"ratingKey": name, "title": name} for name in self.media.lists])
        if self.command == "POST":
            self.media.lists[self.one("title")] = ids
            return 200, _plex("Metadata", [{"ratingKey": self.one("title")}])
        name = path.split("/")[2]
        self.media.lists[name] = [] if self.command == "DELETE" else self.media.lists[name] + ids
        return 200, _plex("Metadata", [])


def _plex(name: str, values: list) -> dict:
    return {"MediaContainer": {name: values} if values else {"size": 0}}


def _plex_song(song: Song) -> dict:
    found = {"ratingKey": song.id, "title": song.title, "grandparentTitle": song.artist, "parentTitle": song.album}
    return found | {
        "duration": round(1000 * song.duration), "Media": [{"Part": [{"file": song.path}]}],
        "Guid": [{"id": f"mbid://{song.mbid}"}] if song.mbid else [],
    }  # fmt: skip


DIALECTS = {"navidrome": SubsonicAnswerer, "jellyfin": JellyfinAnswerer, "plex": PlexAnswerer}


@contextmanager
def media_server(kind: str, songs: list[Song]):
    """A running server of a kind, as its `Media`."""
    media = Media(songs)
    handler = type("Handler", (DIALECTS[kind],), {"media": media})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    media.base = f"http://127.0.0.1:{server.server_port}"
    with running(server):
        yield media
