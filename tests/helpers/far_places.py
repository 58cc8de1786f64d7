"""Music elsewhere: a server of S3 (moto) and one of HTTP with ranges, on loopback, and the faults they can have."""

import re
import time
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from earmark.audio.remote import source, stores, web
from local_servers import running

KEYS = {
    "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1", "AWS_ALLOW_HTTP": "true",
}  # fmt: skip


@pytest.fixture(scope="session")
def s3_server():
    """The address of a server of S3 that lives as long as the tests."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3_server, monkeypatch):
    """A bucket of its own for a test, as a `Bucket`; the environment leads earmark and its workers to it."""
    for name, value in (KEYS | {"AWS_ENDPOINT_URL": s3_server}).items():
        monkeypatch.setenv(name, value)
    stores._store.cache_clear()
    yield Bucket(s3_server, f"music-{time.monotonic_ns()}")
    stores._store.cache_clear()


class Bucket:
    """A bucket, written by boto3: another client than the one that is tested."""

    def __init__(self, endpoint: str, name: str) -> None:
        import boto3

        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        self.client, self.name = boto3.client("s3", endpoint_url=endpoint, **keys), name
        self.client.create_bucket(Bucket=name)

    def put(self, key: str, data: bytes | Path) -> str:
        body = data.read_bytes() if isinstance(data, Path) else data
        self.client.put_object(Bucket=self.name, Key=key, Body=body)
        return f"s3://{self.name}/{key}"

    def delete(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)


class WebServer(ThreadingHTTPServer):
    """Serves a folder in parts.

    Attributes
    ----------
    requests : (method, path, Range) of each
    faults : path -> answers before the right one: a status, "lost" (the connection ends in the middle), "whole" (no
        parts), "changed" (another etag), or an address to redirect to; the last one stays where it ends in "..."
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.folder, self.requests, self.faults = folder, [], {}
        self.base = f"http://127.0.0.1:{self.server_port}"

    def fault(self, path: str):
        waiting = self.faults.get(path, [])
        if waiting and waiting[0] is ...:
            return waiting[1]
        return waiting.pop(0) if waiting else None


class Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def do_HEAD(self):
        self.answer(head=True)

    def do_GET(self):
        self.answer()

    def answer(self, head: bool = False):
        path, asked = unquote(urlsplit(self.path).path), self.headers.get("Range")
        self.server.requests.append((self.command, self.path, asked))
        fault, file = self.server.fault(path), self.server.folder / path.lstrip("/")
        if isinstance(fault, str) and "://" in fault:
            return self.send(302, b"", {"Location": fault})
        if isinstance(fault, int) or not file.is_file():
            return self.send(fault if isinstance(fault, int) else 404, b"sorry")
        data = file.read_bytes()
        etag = f'"{len(data)}-{hash(data) & 0xFFFF:x}{"-new" if fault == "changed" else ""}"'
        found = re.fullmatch(r"bytes=(\d+)-(\d+)", asked or "")
        if head or fault == "whole" or not found:
            return self.send(200, data, {"ETag": etag}, head)
        start, stop = int(found[1]), min(int(found[2]) + 1, len(data))
        if start >= len(data):
            return self.send(416, b"", {"Content-Range": f"bytes */{len(data)}"})
        headers = {"ETag": etag, "Content-Range": f"bytes {start}-{stop - 1}/{len(data)}"}
        return self.send(206, data[start:stop], headers, cut=fault == "lost")

    def send(self, status: int, body: bytes, headers=(), head: bool = False, cut: bool = False):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not head:
            self.wfile.write(body[: len(body) // 2] if cut else body)
        if cut:
            self.close_connection = True


@contextmanager
def serving(folder: Path):
    """A `WebServer` for a while."""
    with running(WebServer(folder)) as server:
        yield server


@pytest.fixture
def web_server(tmp_path):
    """A server of the folder `web` below `tmp_path`."""
    (tmp_path / "web").mkdir()
    web._pool.cache_clear()
    with serving(tmp_path / "web") as server:
        yield server


@pytest.fixture
def impatient(monkeypatch):
    """Tries follow one another at once; gives the list of waits that there would have been."""
    waits = []
    monkeypatch.setattr(source.time, "sleep", waits.append)
    return waits
