"""How much a page of a large catalogue costs: rows that the store scans and gives back, bytes, milliseconds.

    python benchmarks/pages.py CATALOGUE [--tracks 100000]

Makes a copy of the catalogue, fills it with copies of its first track, each with an id, title, tempo and path of its
own (without activations, which no page reads), and asks it the questions of a list view.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lance
import numpy as np
import pyarrow as pa

from earmark.catalogue.packing import pack_tracks
from earmark.catalogue.query import Query
from earmark.catalogue.schema import SHOWN
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table

PAGE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("catalogue", type=Path)
    parser.add_argument("--tracks", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = fill(Path(shutil.copytree(options.catalogue, Path(folder) / "catalogue")), options.tracks)
        print(f"{len(store)} tracks")
        reads = watch_reads()
        questions = {
            "a page": lambda: store.select(Query(limit=PAGE, offset=len(store) // 2)),
            "a page of a filter": lambda: store.select(Query(store.filter("tempo BETWEEN 100 AND 120"), limit=PAGE)),
            "a page in order": lambda: store.select(Query(sort="-tempo", limit=PAGE)),
            "a title": lambda: store.resolve(f"copy {options.tracks - 1}"),
            "an id": lambda: store.resolve(f"{options.tracks // 2:020x}"),
        }
        for name, ask in questions.items():
            report(name, ask, reads)


def fill(folder: Path, n: int) -> Store:
    """The catalogue with n more tracks and as many paths."""
    store = Store(folder)
    store.migrate()
    ids = [f"{i:020x}" for i in range(n)]
    tracks, files = Table(folder / "tracks.lance"), Table(folder / "files.lance")
    own = {"track_id": ids, "title": [f"copy {i}" for i in range(n)], "tempo": (np.arange(n) % 977).astype(np.float32)}
    append(tracks, own | {name: [b""] * n for name in tracks.schema.names if name.startswith("steps_")}, n)
    paths = [f"/music/{i}.flac" for i in range(n)]
    names = {"key": [path.encode() for path in paths], "path": paths, "track_id": ids, "title": own["title"]}
    append(files, names, n)
    pack(tracks, files)
    Store(folder).tidy()
    return Store(folder)


def append(table: Table, own: dict, n: int) -> None:
    """n copies of the table's first row, with columns of their own; what a track shows is not packed yet."""
    first = table.read(limit=1).to_pylist()[0] | {SHOWN: None}
    columns = {f.name: pa.array(own.get(f.name, [first[f.name]] * n), f.type) for f in table.schema}
    lance.write_dataset(pa.table(columns, schema=table.schema), str(table.path), mode="append")


def pack(tracks: Table, files: Table) -> None:
    """Pack what the new tracks show, as a scan would have."""
    for table in (tracks, files):
        table.refresh()
    for _ in pack_tracks(files, tracks):
        pass


def watch_reads() -> list[tuple[int, int, int]]:
    """Rows scanned, rows given back and bytes read, of every read from now on."""
    reads, read = [], Table.read

    def watched(self, *arguments, **options):
        scans = []
        found = read(self, *arguments, scan_stats_callback=scans.append, **options)
        rows = sum(scan.all_counts.get("rows_scanned", 0) for scan in scans)
        reads.append((rows, found.num_rows, sum(scan.bytes_read for scan in scans)))
        return found

    Table.read = watched
    return reads


def report(name: str, ask: Callable[[], object], reads: list) -> None:
    """One line: the question asked a second time, when indices and caches are warm."""
    ask()
    reads.clear()
    began = time.perf_counter()
    ask()
    milliseconds = 1e3 * (time.perf_counter() - began)
    scanned, given, size = (sum(column) for column in zip(*reads, strict=True))
    print(f"{name:<20} {milliseconds:6.1f} ms  {scanned:>7} rows scanned, {given:>3} read, {size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
