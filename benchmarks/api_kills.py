"""Kills the server at random moments of a scan and of corrections, and looks what is left.

    python benchmarks/api_kills.py CATALOGUE MUSIC [--kills 20] [--seed 1]

Works on a copy of the catalogue. While a job scans MUSIC, tracks are corrected one after another; after each SIGKILL
the server is started again and the job resumed. In the end every correction that was answered must be there, the job
must have succeeded, and `earmark catalogue check` must find everything whole.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from earmark.library import Catalogue
from live_server import LiveServer, finished

API = "/api/v1"
LONGEST = 6.0  # seconds until a kill
OPTIONS = {"workers": 1}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("music", type=Path)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EARMARK_SERVER"] = str(Path(folder) / "server")
        catalogue = Path(shutil.copytree(options.catalogue, Path(folder) / "c"))
        report = kill_often(catalogue, options.music, options.kills, options.seed)
    print(json.dumps(report))
    sys.exit(report["state"] != "succeeded" or bool(report["lost"]) or not report["whole"])


def kill_often(catalogue: Path, music: Path, kills: int, seed: int) -> dict:
    """Scan and correct while the server is killed so many times; what is left in the end."""
    rng, corrections, job = random.Random(seed), Corrections(catalogue), None
    for _ in range(kills):
        server = LiveServer(catalogue)
        with admin(server) as client:
            job = begun(client, music, job)
            with corrections.going_on(client):
                time.sleep(rng.uniform(0.05, LONGEST))
                server.kill()
        time.sleep(0.5)  # the job's process ends with the server
    server = LiveServer(catalogue)
    with admin(server) as client:
        job = begun(client, music, job)
        state = finished(client, job)["state"]
        lost = corrections.lost(client)
    server.end()
    found = Catalogue(catalogue)
    return {
        "kills": kills, "confirmed": corrections.n_answered, "lost": lost, "state": state, "tracks": len(found),
        "whole": found.check().is_whole,
    }  # fmt: skip


def admin(server: LiveServer) -> httpx.Client:
    return server.client("admin")


def begun(client: httpx.Client, music: Path, job: dict | None) -> dict:
    """The scan that goes on, or a new one where it is over already."""
    if job is not None:
        job = client.get(f"{API}/jobs/{job['id']}").json()
        if job["state"] in ("interrupted", "paused"):
            return client.patch(job["links"]["self"], json={"state": "queued"}).json()
        if job["state"] in ("queued", "running"):
            return job
    asked = {"folders": [str(music)], "options": OPTIONS | {"reanalyze": job is not None}}
    return client.post(f"{API}/scans", json=asked).json()


class Corrections:
    """Corrects tracks without a pause, and notes what was answered."""

    def __init__(self, catalogue: Path) -> None:
        self._ids = [track.track_id for track in Catalogue(catalogue).page(limit=20)]
        self.confirmed: dict[str, int] = {}
        self._open: dict[str, set[int]] = {}  # sent since, and not answered: each may have been kept
        self._n = self.n_answered = 0

    def going_on(self, client: httpx.Client) -> "Working":
        """Until the block ends or the server is gone."""
        return Working(lambda: self._correct(client))

    def _correct(self, client: httpx.Client) -> None:
        self._n += 1
        track, tempo = self._ids[self._n % len(self._ids)], 30 + self._n % 270
        self._open.setdefault(track, set()).add(tempo)
        answer = client.patch(f"{API}/tracks/{track}/corrections", json={"tempo": tempo})
        if answer.status_code == 200:
            self.confirmed[track], self.n_answered = tempo, self.n_answered + 1
            del self._open[track]

    def lost(self, client: httpx.Client) -> list[str]:
        """Tracks that have another tempo than the last that was answered, or sent after it; with what they have."""
        found = {track: client.get(f"{API}/tracks/{track}").json()["tempo"]["bpm"] for track in self.confirmed}
        right = {track: {tempo, *self._open.get(track, ())} for track, tempo in self.confirmed.items()}
        return [f"{track}: {bpm}, not {right[track]}" for track, bpm in found.items() if bpm not in right[track]]


class Working:
    """Does something in a thread, again and again, until the block ends or the server is gone."""

    def __init__(self, work) -> None:
        self._work, self._ended = work, threading.Event()
        self._thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                self._work()
            except httpx.TransportError:
                return

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()


if __name__ == "__main__":
    main()
