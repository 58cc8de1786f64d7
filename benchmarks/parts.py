"""Whether parts of likeness mean what they say, and windows find their own sections: on pieces that the demo composes.

    python benchmarks/parts.py parts --to FOLDER      200 pairs of renderings that differ in tempo, key or instruments
    python benchmarks/parts.py windows --to FOLDER    windows of songs made of three sections
    python benchmarks/parts.py speed CATALOGUE        milliseconds of CPU a query

`parts`: every piece is rendered eight times, with each combination of two tempi, two keys and two sets of instruments.
Of a pair of renderings of one piece, one part was kept and another changed; the pair counts as right if the share of
random pairs that are less alike (`Hit.parts`) is higher in the part that was kept. Nothing was fitted to these pieces.

`windows`: each piece makes a song of three kinds of sections: as it is, by other instruments, and by half of its
players in another key; each comes twice or three times, never with the same bars. A second take has another tempo,
another key and another order. A window of six seconds is the seed.
"""

import argparse
import itertools
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark import Catalogue, ScanOptions, Seed
from earmark.catalogue.store import Store
from earmark.demo import PIECES, Piece
from earmark.demo.files import Format, encode
from earmark.demo.variations import song, vary
from earmark.explore.ranking import Ranking
from earmark.explore.seeds import portrait_of
from earmark.explore.sheet import read_sheet
from earmark.explore.songs import Songs
from earmark.explore.weights import Weights

FLAC = Format("flac", "flac", ("flac",))
SECONDS = 30.0
TEMPI = (0.76, 0.84, 1.19, 1.31)
KEYS = (-4, -3, -2, -1, 1, 2, 3, 4, 6)
PARTS = ("rhythm", "harmony", "instruments")
"""What the three changes change, in their order."""
PAIRS = 200
SECTION, WINDOW = 12.0, 6.0  # seconds
ORDERS, TAKES = ("ABACBA", "CABACB"), ((1.0, 0), (1.06, 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("parts", "windows"):
        commands.add_parser(name).add_argument("--to", type=Path, required=True)
    commands.add_parser("speed").add_argument("catalogue", type=Path)
    options = parser.parse_args()
    if options.command == "speed":
        speed(options.catalogue)
    else:
        {"parts": measure_parts, "windows": measure_windows}[options.command](options.to)


def scanned(to: Path, sounds: Iterator[tuple[str, Callable[[], np.ndarray]]]) -> Catalogue:
    """A catalogue of these sounds by name; what an earlier run has left is kept."""
    music = to / "music"
    music.mkdir(parents=True, exist_ok=True)
    began = time.process_time()
    for name, render in sounds:
        path = music / f"{name}.flac"
        if not path.exists():
            encode(render(), path, FLAC, {"title": name, "artist": name.split(".")[0]})
    catalogue = Catalogue(to / "catalogue")
    catalogue.scan(music, options=ScanOptions(workers=1))
    print(f"{len(catalogue)} tracks; rendered in {time.process_time() - began:.0f} s of CPU")
    return catalogue


# -- parts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Version:
    """One rendering: which of tempo, key and instruments are changed."""

    piece: Piece
    changed: tuple[bool, bool, bool]

    @property
    def name(self) -> str:
        """Of its file."""
        return f"{self.piece.name}.{''.join('x' if changed else 'o' for changed in self.changed)}"

    def render(self) -> np.ndarray:
        """Each piece has one other tempo and one other key, drawn by its name."""
        rng = random.Random(self.piece.name)
        tempo, key = rng.choice(TEMPI), rng.choice(KEYS)
        return vary(
            self.piece, SECONDS, tempo if self.changed[0] else 1, key if self.changed[1] else 0, self.changed[2]
        )


VERSIONS = [Version(piece, changed) for piece in PIECES for changed in itertools.product((False, True), repeat=3)]


def all_pairs() -> list[tuple[Version, Version, str, str]]:
    """Every two renderings of a piece with a part that was kept and one that was changed, all of these."""
    found = []
    for a, b in itertools.combinations(VERSIONS, 2):
        if a.piece is b.piece:
            differ = {part: x != y for part, x, y in zip(PARTS, a.changed, b.changed, strict=True)}
            kept, changed = [p for p in PARTS if not differ[p]], [p for p in PARTS if differ[p]]
            found += [(a, b, *both) for both in itertools.product(kept, changed)]
    return found


def measure_parts(to: Path) -> None:
    """The share of pairs that are right, of 200 drawn by chance and of all; by what was kept and changed."""
    catalogue = scanned(to, ((version.name, version.render) for version in VERSIONS))
    shares = shares_of_pairs(Store(catalogue.path))
    every = all_pairs()
    right = [shares[a.name, b.name][kept] > shares[a.name, b.name][changed] for a, b, kept, changed in every]
    one_each: dict[tuple[str, str], list[int]] = {}
    for i, (a, b, *_) in enumerate(every):
        one_each.setdefault((a.name, b.name), []).append(i)
    rng = random.Random(0)
    drawn = [rng.choice(one_each[pair]) for pair in rng.sample(sorted(one_each), PAIRS)]
    print(f"{PAIRS} pairs: {np.mean([right[i] for i in drawn]):.3f} right; all {len(every)}: {np.mean(right):.3f}")
    print("\n| kept | changed | right | share where kept | where changed |\n|---|---|---|---|---|")
    for kept, changed in itertools.permutations(PARTS, 2):
        rows = [i for i, pair in enumerate(every) if pair[2:] == (kept, changed)]
        told = [np.mean([shares[every[i][0].name, every[i][1].name][part] for i in rows]) for part in (kept, changed)]
        print(f"| {kept} | {changed} | {np.mean([right[i] for i in rows]):.3f} | {told[0]:.2f} | {told[1]:.2f} |")
    print("\nright by piece:", ", ".join(f"{piece.name} {by_piece(piece, every, right):.2f}" for piece in PIECES))


def by_piece(piece: Piece, pairs: list, right: list[bool]) -> float:
    return float(np.mean([ok for ok, (a, *_) in zip(right, pairs, strict=True) if a.piece is piece]))


def shares_of_pairs(store: Store) -> dict[tuple[str, str], dict[str, float]]:
    """(name, name) -> part -> share of random pairs that are less alike."""
    sheet, songs, found = read_sheet(store), Songs(store, store.scanned_model().id), {}
    names = {Path(file.path).stem: file.track_id for file in store.files().values()}
    for a in VERSIONS:
        seed = portrait_of(store, songs, Seed(names[a.name]), deep=False)
        own = [b for b in VERSIONS if b.piece is a.piece]
        rows = np.array([sheet.row_of(names[b.name]) for b in own])
        shares = Ranking(sheet, [seed], [1.0], Weights(sound=1)).shares_of_rows(rows, PARTS)
        for i, b in enumerate(own):
            found[a.name, b.name] = {part: float(np.nan_to_num(shares[part][i], nan=0.5)) for part in PARTS}
    return found


# -- windows ----------------------------------------------------------------------------------------------------------


def kind_at(take: int, seconds: float) -> str:
    return ORDERS[take][min(int(seconds / SECTION), len(ORDERS[take]) - 1)]


def measure_windows(to: Path) -> None:
    """How often the first passage that a window finds is of its own section: in its own song, and in all others."""
    songs = {f"{piece.name}.{take}": (piece, take) for piece in PIECES for take in (0, 1)}
    catalogue = scanned(
        to, ((name, lambda p=p, t=t: song(p, ORDERS[t], SECTION, *TAKES[t])) for name, (p, t) in songs.items())
    )
    own, first, other_take, every, chance = [], [], [], [], []
    for name, (piece, take) in songs.items():
        for number, kind in enumerate(ORDERS[take]):
            start = number * SECTION + (SECTION - WINDOW) / 2
            seed = Seed(name, start=start, end=start + WINDOW)
            if ORDERS[take].count(kind) > 1:
                pairs = catalogue.why(name, like=name, start=start, end=start + WINDOW).pairs
                kinds = [kind_at(take, (pair.start + pair.end) / 2) == kind for pair in pairs]
                own.append(kinds[0])
                chance.append((ORDERS[take].count(kind) - 1) / (len(ORDERS[take]) - 1))
                every.append(all(kinds[: ORDERS[take].count(kind) - 1]))
            hit = catalogue.similar(seed, 1, versions=True, explain=True)[0]
            found = hit.track.title, (hit.passages[0].start + hit.passages[0].end) / 2
            other_take.append(found[0].split(".")[0] == piece.name)
            first.append(other_take[-1] and kind_at(songs[found[0]][1], found[1]) == kind)
    print(f"{len(own)} windows, {np.mean(chance):.2f} right by chance")
    print(f"in its own song, first passage of its own section: {np.mean(own):.3f}")
    print(f"in its own song, all of its own section before any other: {np.mean(every):.3f}")
    print(f"in all other songs, first hit and its passage of its own section: {np.mean(first):.3f} of {len(first)}")
    print(f"in all other songs, first hit the other take of the song: {np.mean(other_take):.3f} (chance .03)")


# -- speed ------------------------------------------------------------------------------------------------------------

ASKED = {
    "sound": {}, "sound, rhythm": {"weights": "sound=1,rhythm=1"},
    "all six": {"weights": "sound=1,rhythm=1,harmony=1,mood=1,instruments=1,energy=1"},
    "sound, rhythm, a filter": {"weights": "sound=1,rhythm=1", "where": "tempo BETWEEN 118 AND 122"},
    "sound, explained": {"explain": True},
}  # fmt: skip


def speed(path: Path, n: int = 40) -> None:
    """CPU of one query in process, the median; the first one reads the columns."""
    catalogue = Catalogue(path)
    ids = random.Random(1).sample(sorted(Store(path).track_ids()), n)
    print(f"{len(catalogue)} tracks\n\n| query | first ms | median ms of CPU |\n|---|---|---|")
    for what, options in ASKED.items():
        times = [timed(lambda i=i, o=options: catalogue.similar(i, 10, **o)) for i in ids]
        print(f"| {what} | {times[0]:.0f} | {np.median(times[1:]):.1f} |", flush=True)
    times = [timed(lambda i=i: catalogue.similar(Seed(i, start=5, end=15), 10)) for i in ids[:10]]
    print(f"| a window | {times[0]:.0f} | {np.median(times[1:]):.1f} |")


def timed(ask: Callable) -> float:
    began = time.process_time()
    ask()
    return 1000 * (time.process_time() - began)


if __name__ == "__main__":
    main()
