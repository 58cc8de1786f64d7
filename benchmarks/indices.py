"""Which index of likeness: time to build, size, CPU a query and recall of several, over vectors like a catalogue's.

    python benchmarks/indices.py --seed CATALOGUE --to FOLDER --tracks 1000000

Vectors lie between those of two tracks of the seed, with noise, in half precision. Queries are some of them; the share
that fits the filter is 4 %. One thread answers; what an index proposes is compared by the vectors themselves, as
`Store` does, and that time counts.
"""

import argparse
import os
import random
import time
from pathlib import Path

import lance
import numpy as np
import pyarrow as pa

from earmark.catalogue.shown import vectors_of
from earmark.catalogue.store import Store, cosines_with

K, ASKED, QUERIES, AT_ONCE = 10, 18, 60, 50_000
NOISE = 0.33  # of how far tracks lie from their mean
FEW = 4096


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=Path, required=True)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--tracks", type=int, default=100_000)
    parser.add_argument("--only", nargs="*", help="kinds of index")
    options = parser.parse_args()
    path = options.to / f"vectors{options.tracks}.lance"
    if not path.exists():
        make(options.seed, path, options.tracks)
    compare(path, options.only)


def make(seed: Path, path: Path, n: int) -> None:
    """A table of n vectors ``v`` and of a number 0..1 ``x`` to filter by."""
    store = Store(seed)
    own = store.embeddings(store.scanned_model().id)
    matrix, rng = np.stack(list(own.values())).astype(np.float32), np.random.default_rng(1)
    dim = matrix.shape[1]
    schema = pa.schema([("v", pa.list_(pa.float16(), dim)), ("x", pa.float32())])

    def batches():
        for start in range(0, n, AT_ONCE):
            m = min(AT_ONCE, n - start)
            a, b = (matrix[rng.integers(0, len(matrix), m)] for _ in range(2))
            w = rng.random((m, 1), np.float32)
            noise = NOISE * matrix.std(axis=0) * rng.standard_normal((m, dim), np.float32)
            flat = pa.array((w * a + (1 - w) * b + noise).astype(np.float16).ravel())
            vectors, x = pa.FixedSizeListArray.from_arrays(flat, dim), pa.array(rng.random(m, np.float32))
            yield pa.record_batch([vectors, x], schema=schema)

    lance.write_dataset(pa.RecordBatchReader.from_batches(schema, batches()), str(path), max_rows_per_file=FEW)


def kinds(n: int, dim: int) -> list[tuple[str, dict, list[dict]]]:
    """Name, how it is built, how it is asked."""
    few, root = max(n // 4096, 1), round(n**0.5)
    pq = {"num_sub_vectors": dim // 2}
    refined = [{"minimum_nprobes": probes, "more": more} for probes, more in ((20, 10), (40, 10), (40, 3))]
    graph = [{"minimum_nprobes": 4, "ef": ef, "more": 2} for ef in (64, 100)]
    return [
        ("IVF_SQ", {"num_partitions": few}, [{"minimum_nprobes": 10, "more": 2}]),
        ("IVF_SQ", {"num_partitions": root}, [{"minimum_nprobes": probes, "more": 2} for probes in (20, 40)]),
        ("IVF_PQ", {"num_partitions": root, **pq}, refined),
        ("IVF_RQ", {"num_partitions": root}, refined[:2]),
        ("IVF_HNSW_SQ", {"num_partitions": max(n // 250_000, 1)}, graph),
    ]


def compare(path: Path, only: list[str] | None) -> None:
    """The table."""
    table, rows = lance.dataset(str(path)), lance.dataset(str(path)).to_table()
    flat = rows["v"].combine_chunks().flatten().to_numpy().reshape(len(rows), -1).astype(np.float32)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    picked = random.Random(2).sample(range(len(rows)), QUERIES)
    fits = rows["x"].to_numpy() < 0.04
    exact = [np.argsort(-(flat @ flat[i]))[:K] for i in picked]
    among = np.flatnonzero(fits)
    exact_fitting = [among[np.argsort(-(flat[among] @ flat[i]))[:K]] for i in picked]
    queries = [flat[i].tolist() for i in picked]
    places = table.scanner(columns=[], with_row_id=True).to_table()["_rowid"].to_numpy()
    row_of = dict(zip(places.tolist(), range(len(places)), strict=True))
    n, dim = flat.shape
    del flat, rows
    print(f"{n} vectors of {dim}, load {os.getloadavg()[0]:.0f}\n")
    print(
        "| index | asked | built, CPU | size | CPU, wall p95 a query | recall@10 | filtered: CPU | recall@10 |\n"
        + "|---" * 8
        + "|"
    )
    for kind, built, asks in kinds(n, dim):
        if only and kind not in only:
            continue
        began = time.process_time()
        table.create_index("v", kind, metric="cosine", replace=True, name="v_idx", **built)
        took, size = time.process_time() - began, bytes_of_index(path, table)
        for ask in asks:
            one = measured(table, queries, row_of, exact, ask, None)
            two = measured(table, queries, row_of, exact_fitting, ask, "x < 0.04")
            what = ", ".join(f"{k} {v}" for k, v in ask.items())
            cells = [f"{kind} {built}", what, f"{took:.0f} s", f"{size:.0f} MB", f"{one[0]:.1f}, {one[1]:.1f} ms"]
            cells += [f"{one[2]:.3f}", f"{two[0]:.1f} ms", f"{two[2]:.3f}"]
            print(f"| {' | '.join(cells)} |", flush=True)


def bytes_of_index(path: Path, table) -> float:
    """Megabytes of the newest index."""
    folders = [path / "_indices" / str(part.uuid) for index in table.describe_indices() for part in index.segments]
    return sum(file.stat().st_size for folder in folders for file in folder.rglob("*") if file.is_file()) / 1e6


def measured(table, queries, row_of, exact, ask: dict, where: str | None) -> tuple[float, float, float]:
    """CPU and p95 of wall clock a query, milliseconds; recall."""
    ask = dict(ask)
    more = ask.pop("more")

    def answer(q: list[float]) -> list[int]:
        near = {"column": "v", "q": q, "k": more * ASKED, "metric": "cosine", **ask}
        found = table.scanner(columns=["_distance"], nearest=near, filter=where, prefilter=True, with_row_id=True)
        places = found.to_table()["_rowid"].to_pylist()
        vectors = vectors_of(table._take_rows(places, columns=["v"])["v"])
        return [row_of[places[i]] for i in np.argsort(-cosines_with(q, vectors))[:K]]

    for q in queries[:5]:
        answer(q)
    walls, cpu, hit = [], time.process_time(), 0
    for q, right in zip(queries, exact, strict=True):
        began = time.perf_counter()
        hit += len(set(answer(q)) & set(right.tolist()))
        walls.append(1000 * (time.perf_counter() - began))
    return 1000 * (time.process_time() - cpu) / len(queries), float(np.quantile(walls, 0.95)), hit / (K * len(queries))


if __name__ == "__main__":
    main()
