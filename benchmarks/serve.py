"""What the server adds to the time of the store, for one client and for several at once; its start and its memory.

    python benchmarks/serve.py CATALOGUE [--tracks 10000] [--clients 8] [--times 200]

Makes a copy of the catalogue, fills it with synthetic tracks as `variety.py` does, and asks each question first of the
library in this process, as a client of it would (the answer as JSON), then of a server over HTTP on loopback. The time
of the processor is what a question costs; that of the clock depends on what else the machine does.
"""

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "helpers"))

from earmark import Catalogue
from earmark.server.answers import brief, encode
from live_server import LiveServer
from variety import fill

WARM = 5  # questions that do not count
WHERE = "duration BETWEEN 100 AND 200"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--tracks", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EARMARK_SERVER"] = str(Path(folder) / "server")
        catalogue = Path(shutil.copytree(options.catalogue, Path(folder) / "c"))
        fill(catalogue, options.tracks, 0).tidy()
        ids = [f"{i:020x}" for i in range(0, options.tracks, max(1, options.tracks // 50))]
        direct = {name: times_of(ask, ids, options.times) for name, ask in by_library(Catalogue(catalogue)).items()}
        over_http(catalogue, ids, options, direct)


def by_library(catalogue: Catalogue) -> dict[str, Callable[[str], object]]:
    """Question -> what a program would do without a server."""
    return {
        "a track": lambda i: encode(catalogue.show(i).to_dict()),
        "a page of 50": lambda i: listed(catalogue.page(None, "title", ("song", i), 50)),
        "50 that fit a filter": lambda i: listed(catalogue.page(WHERE, "track_id", (None, i), 50)),
        "50 that fit words": lambda i: listed([hit.track for hit in catalogue.search("song", n=51)]),
        "10 that sound alike": lambda i: listed([hit.track for hit in catalogue.similar(i, 10)]),
        "the same, all versions": lambda i: listed([hit.track for hit in catalogue.similar(i, 10, versions=True)]),
    }


def listed(tracks: list) -> bytes:
    return encode([brief(track.to_dict()) for track in tracks])


def by_http(base: str, key: str, cursors: dict[str, dict]) -> dict[str, Callable[[str], object]]:
    """The same questions, over a connection of their own."""
    client = httpx.Client(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=120)

    def get(path: str, **params) -> None:
        answer = client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        assert answer.json().get("items", True), "nothing fits"

    return {
        "a track": lambda i: get(f"/tracks/{i}"),
        "a page of 50": lambda i: get("/tracks", sort="title", limit=50, cursor=cursors["title"]),
        "50 that fit a filter": lambda i: get("/tracks", where=WHERE, limit=50, cursor=cursors["where"]),
        "50 that fit words": lambda i: get("/tracks", q="song", limit=50),
        "10 that sound alike": lambda i: get(f"/tracks/{i}/similar", limit=10),
        "the same, all versions": lambda i: get(f"/tracks/{i}/similar", limit=10, versions=True),
    }


def over_http(catalogue: Path, ids: list[str], options, direct: dict) -> None:
    began = time.perf_counter()
    live = LiveServer(catalogue)
    httpx.get(f"{live.base}/api/v1/health").raise_for_status()
    _, key = live.keys.create("benchmark", ("read", "search"))
    server = psutil.Process(live.process.pid)
    used = sum(server.cpu_times()[:2])
    print(f"first answer after {time.perf_counter() - began:.1f} s, {used:.1f} s of processor, {memory(server)}")
    try:
        report(server, live.base, key, ids, options, direct)
        print(f"in the end {memory(server)}")
    finally:
        live.end()


def report(server: psutil.Process, base: str, key: str, ids: list[str], options, direct: dict) -> None:
    cursors = {}
    with httpx.Client(base_url=f"{base}/api/v1", headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
        for name, params in {"title": {"sort": "title"}, "where": {"where": WHERE}}.items():
            cursors[name] = client.get("/tracks", params=params | {"limit": 50}).json()["next"]
    many = f"{options.clients} clients"
    print(f"| milliseconds | library, processor | server, processor | library | server | server, {many} |")
    print("|---|---|---|---|---|---|", flush=True)
    for name, (own, cost) in direct.items():
        before = sum(server.cpu_times()[:2])
        alone, _ = times_of(by_http(base, key, cursors)[name], ids, options.times)
        used = 1000 * (sum(server.cpu_times()[:2]) - before) / (options.times + WARM)
        together = at_once(lambda name=name: by_http(base, key, cursors)[name], ids, options)
        print(
            f"| {name} | {cost:.0f} | {used:.0f} | " + " | ".join(map(told, (own, alone, together))) + " |", flush=True
        )


def times_of(ask: Callable[[str], object], ids: list[str], n: int) -> tuple[list[float], float]:
    """Milliseconds of n questions, after some that do not count; and of this processor for each."""
    found, used = [], time.process_time()
    for k in range(-WARM, n):
        began = time.perf_counter()
        ask(ids[k % len(ids)])
        found.append(1000 * (time.perf_counter() - began))
    return found[WARM:], 1000 * (time.process_time() - used) / (n + WARM)


def at_once(make: Callable[[], Callable], ids: list[str], options) -> list[float]:
    """Milliseconds of the questions of several clients who ask without a pause."""
    found: list[float] = []

    def one() -> None:
        found.extend(times_of(make(), ids, options.times // options.clients)[0])

    threads = [threading.Thread(target=one) for _ in range(options.clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def told(milliseconds: list[float]) -> str:
    return f"{statistics.median(milliseconds):.0f}, {statistics.quantiles(milliseconds, n=20)[-1]:.0f}"


def memory(process: psutil.Process) -> str:
    return f"{process.memory_info().rss / 1e6:.0f} MB"


if __name__ == "__main__":
    main()
