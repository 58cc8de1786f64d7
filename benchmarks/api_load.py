"""How fast the API answers many at once: 8 clients who ask without a pause, then 1,000 searches at the same moment.

    python benchmarks/api_load.py CATALOGUE [--clients 8] [--times 400] [--burst 1000]

CATALOGUE is one of `benchmarks/scale.py make` (its ``catalogue/``), such as one of 100,000 tracks. Tracks and words are
others in every question. Beside the clock stands what the server's process has used of the processor for each answer:
on a machine that does other work, the clock says what that work leaves over.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from earmark import Catalogue
from live_server import LiveServer
from scale import WORDS

BARS = {"a track": 15, "words": 40, "similar": 60}  # milliseconds, 95 of 100
WARM = 5  # questions of each client that do not count
MOST_MEMORY = 500e6  # bytes


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
            asyncio.run(measure(server.base, key, tracks, options, psutil.Process(server.process.pid)))
        finally:
            server.end()


async def measure(base: str, key: str, tracks: list[str], options, server: psutil.Process) -> None:
    print(f"{options.catalogue}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before")
    print(f"| {options.clients} clients | p50 ms | p95 ms | bar | processor ms | answers a second |")
    print("|---|---|---|---|---|---|")
    limits = httpx.Limits(max_connections=options.burst)
    headers = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=f"{base}/api/v1", headers=headers, timeout=600, limits=limits) as client:
        for name in BARS:
            await measure_one(client, name, tracks, options, server)
        await burst(client, options.burst)
    memory = server.memory_info().rss
    print(f"memory of the server in the end: {memory / 1e6:.0f} MB (bar {MOST_MEMORY / 1e6:.0f})")


async def measure_one(client: httpx.AsyncClient, name: str, tracks: list[str], options, server: psutil.Process) -> None:
    found: list[float] = []

    async def one(seed: int) -> None:
        rng = random.Random(seed)
        for k in range(-WARM, options.times // options.clients):
            began = time.perf_counter()
            answer = await client.send(question(client, name, rng, tracks))
            answer.raise_for_status()
            if k >= 0:
                found.append(1000 * (time.perf_counter() - began))

    used, began = sum(server.cpu_times()[:2]), time.perf_counter()
    await asyncio.gather(*(one(seed) for seed in range(options.clients)))
    n = len(found) + WARM * options.clients
    used, took = sum(server.cpu_times()[:2]) - used, time.perf_counter() - began
    p50, p95 = statistics.median(found), statistics.quantiles(found, n=20)[-1]
    print(f"| {name} | {p50:.1f} | {p95:.1f} | {BARS[name]} | {1000 * used / n:.1f} | {n / took:.0f} |", flush=True)


def question(client: httpx.AsyncClient, name: str, rng: random.Random, tracks: list[str]) -> httpx.Request:
    if name == "a track":
        return client.build_request("GET", f"/tracks/{rng.choice(tracks)}")
    if name == "similar":
        return client.build_request("GET", f"/tracks/{rng.choice(tracks)}/similar", params={"limit": 10})
    return client.build_request("GET", "/tracks", params={"q": " ".join(rng.sample(WORDS, 2)), "limit": 10})


async def burst(client: httpx.AsyncClient, n: int) -> None:
    """All at once: what is not answered must be sent away, and nothing else."""
    rng = random.Random(0)
    began = time.perf_counter()
    asked = [client.send(question(client, "words", rng, [])) for _ in range(n)]
    statuses = Counter(answer.status_code for answer in await asyncio.gather(*asked))
    print(f"{n} searches at once: {dict(statuses)} in {time.perf_counter() - began:.1f} s")
    if set(statuses) - {200, 429}:
        sys.exit("another error than 429")


if __name__ == "__main__":
    main()
