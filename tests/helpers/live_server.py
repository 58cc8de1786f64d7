"""A server as users start it: its own process, a port of its own, spoken to over HTTP."""

import os
import subprocess
import sys
from pathlib import Path

import httpx

from earmark.server.keys import SCOPES, KeyStore
from earmark.server.state import state_folder

COMMAND = (sys.executable, "-c", "from earmark.cli import main; main()", "serve")
JSON = {"Content-Type": "application/json"}


class LiveServer:
    """One running server of a catalogue.

    Attributes
    ----------
    base, token : its address, and the token that it has printed
    """

    def __init__(self, catalogue: Path, *options: str) -> None:
        words = [*COMMAND, "--catalogue", str(catalogue), "--port", "0", *options]
        self.catalogue = catalogue
        self.keys = KeyStore(state_folder(catalogue))
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        line = self.process.stdout.readline().strip()
        assert line.startswith("http://"), self.process.communicate()
        self.base, _, self.token = line.partition("/enter?token=")
        self.base = self.base.rstrip("/")

    def client(self, *scopes: str, **options) -> httpx.Client:
        """A client with a new key of these scopes; all of them by default."""
        _, key = self.keys.create("test", scopes or SCOPES)
        return self.stranger(headers={"Authorization": f"Bearer {key}"}, **options)

    def stranger(self, **options) -> httpx.Client:
        """A client without a key."""
        return httpx.Client(base_url=self.base, timeout=60, **options)

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.communicate()

    def end(self) -> str:
        """End it in order; returns what it has written to standard error."""
        self.process.terminate()
        return self.process.communicate(timeout=60)[1]


def finished(client: httpx.Client, job: dict) -> dict:
    """The job when it is over, by its events."""
    with client.stream("GET", f"/api/v1/jobs/{job['id']}/events") as events:
        for _ in events.iter_lines():
            pass
    return client.get(f"/api/v1/jobs/{job['id']}").json()
