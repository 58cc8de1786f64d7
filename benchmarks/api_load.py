"""How fast the API answers many at once: 8 clients who ask without a pause, then 1,000 searches at the same moment.

    python benchmarks/api_load.py CATALOGUE [--clients 8] [--times 400] [--burst 1000]

CATALOGUE is one of `benchmarks/scale.py make` (its ``catalogue/``), such as one of 100,000 tracks. Tracks and words are
others in every question. The clients are as plain as can be, since they have their share of the same cores. Beside the
clock stands what the server's process has used of the processor for each answer: on a machine that does other work, the
clock says what that work leaves over. Ends with 1 where a bar is missed.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from earmark import Catalogue
from live_server import LiveServer
from scale import WORDS

BARS = {"a track": 15, "words": 40, "similar": 60}  # milliseconds, 95 of 100
WARM = 5  # questions of each client that do not count
MOST_MEMORY = 500e6  # bytes
API = "/api/v1"
LENGTH = re.compile(r"content-length: (\d+)", re.IGNORECASE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--times", type=int, default=400)
    parser.add_argument("--burst", type=int, default=1000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EARMARK_SERVER"] = folder
        tracks = [track.track_id for track in Catalogue(options.catalogue).page(limit=500)]
        server = LiveServer(options.catalogue)
        _, key = server.keys.create("load", ("read", "search"))
        try:
            kept = asyncio.run(measure(server.base, key, tracks, options, psutil.Process(server.process.pid)))
        finally:
            server.end()
    sys.exit(not kept)


async def measure(base: str, key: str, tracks: list[str], options, server: psutil.Process) -> bool:
    print(f"{options.catalogue}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    print(f"| {options.clients} clients | p50 ms | p95 ms | bar | processor ms | answers a second | |")
    print("|---|---|---|---|---|---|---|")
    kept = [await measure_one(base, key, name, tracks, options, server) for name in BARS]
    kept.append(await burst(base, key, options.burst))
    await by_weights(base, key, tracks[0])
    memory = server.memory_info().rss
    kept.append(memory <= MOST_MEMORY)
    print(f"memory of the server in the end: {memory / 1e6:.0f} MB, bar {MOST_MEMORY / 1e6:.0f}: {verdict(kept[-1])}")
    return all(kept)


class Client:
    """One connection, which is kept."""

    def __init__(self, base: str, key: str) -> None:
        self._host, self._port = urlsplit(base).hostname, urlsplit(base).port
        self._head = f" HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nAuthorization: Bearer {key}\r\n"
        self._streams = None

    async def get(self, target: str) -> int:
        """The status; the body is read."""
        return await self._ask(f"GET {API}{target}{self._head}\r\n")

    async def post(self, target: str, body: dict) -> int:
        """The same with a body."""
        text = json.dumps(body)
        head = f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
        return await self._ask(f"POST {API}{target}{self._head}{head}\r\n{text}")

    async def _ask(self, request: str) -> int:
        self._streams = self._streams or await asyncio.open_connection(self._host, self._port)
        reader, writer = self._streams
        writer.write(request.encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        await reader.readexactly(int(LENGTH.search(head)[1]))
        return int(head.split(" ", 2)[1])

    def close(self) -> None:
        """Let go of it."""
        self._streams[1].close()


async def measure_one(base: str, key: str, name: str, tracks: list[str], options, server: psutil.Process) -> bool:
    found: list[float] = []

    async def one(seed: int) -> None:
        rng, client = random.Random(seed), Client(base, key)
        for k in range(-WARM, options.times // options.clients):
            began = time.perf_counter()
            status = await client.get(question(name, rng, tracks))
            assert status == 200, status
            if k >= 0:
                found.append(1000 * (time.perf_counter() - began))
        client.close()

    used, began = sum(server.cpu_times()[:2]), time.perf_counter()
    await asyncio.gather(*(one(seed) for seed in range(options.clients)))
    n = len(found) + WARM * options.clients
    used, took = sum(server.cpu_times()[:2]) - used, time.perf_counter() - began
    p50, p95 = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    numbers = f"{p50:.1f} | {p95:.1f} | {BARS[name]} | {1000 * used / n:.1f} | {n / took:.0f}"
    print(f"| {name} | {numbers} | {verdict(p95 <= BARS[name])} |", flush=True)
    return p95 <= BARS[name]


async def by_weights(base: str, key: str, track: str) -> None:
    """One question that needs what the parts of likeness compare of all tracks, which then stays in memory."""
    client, began = Client(base, key), time.perf_counter()
    status = await client.post("/similar", {"seeds": [{"track": track}], "weights": {"sound": 1, "mood": 1}})
    client.close()
    assert status == 200, status
    print(f"the first likeness by weights: {time.perf_counter() - began:.1f} s")


def verdict(kept: bool) -> str:
    return "kept" if kept else "missed"


def question(name: str, rng: random.Random, tracks: list[str]) -> str:
    if name == "a track":
        return f"/tracks/{rng.choice(tracks)}"
    if name == "similar":
        return f"/tracks/{rng.choice(tracks)}/similar?limit=10"
    return "/tracks?limit=10&q=" + "%20".join(rng.sample(WORDS, 2))


async def burst(base: str, key: str, n: int) -> bool:
    """All at once: what is not answered must be sent away, and nothing else."""
    rng, clients = random.Random(0), [Client(base, key) for _ in range(n)]
    began = time.perf_counter()
    statuses = Counter(await asyncio.gather(*(client.get(question("words", rng, [])) for client in clients)))
    for client in clients:
        client.close()
    kept = set(statuses) <= {200, 429}
    print(f"{n} searches at once: {dict(statuses)} in {time.perf_counter() - began:.1f} s: {verdict(kept)}")
    return kept


if __name__ == "__main__":
    main()
