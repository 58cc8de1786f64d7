"""How well are playlists ordered? Against chance, a greedy order, a long run, and all orders of small lists.

    python benchmarks/playlists.py [CATALOGUE ...] [--kicks 10000] [--runs 2]

For 500 made-up tracks, and for the tracks of each catalogue by their estimated tempo and key: the share of neighbours
whose keys are compatible by Camelot and whose tempi differ by 6 % at most, the cost that is minimised, and CPU seconds.
The long run is the best of so many runs with so many kicks; the gap is what the ordinary order costs above it. No order
can have fewer breaks than there are groups of tracks that mix with no other group, less one, nor than the best cover
by cycles tells: that is "at most". Then the same with 30 tracks chosen of all, and lists of 8 against all their orders.
"""

import argparse
import itertools
import time
from collections.abc import Callable

import numpy as np

from earmark.catalogue.store import Store
from earmark.explore.playlists import costs
from earmark.explore.playlists.ordering import KICKS, first_order, solve
from earmark.explore.playlists.pool import Pool, pool_of
from earmark.explore.playlists.problem import Problem

SMALL, N_SMALL = 8, 25
CHOSEN = 30
WITHIN = 0.06


def made_up(n: int, spread: float, seed: int) -> Pool:
    """Tracks of random keys, with tempi about 120 BPM, `spread` of a natural logarithm wide, and random vectors."""
    rng = np.random.default_rng(seed)
    names = [f"{tonic} {mode}" for mode in ("major", "minor") for tonic in "C C# D Eb E F F# G Ab A Bb B".split()]
    bpm = np.clip(np.exp(rng.normal(np.log(120), spread, n)), 55, 210)
    vectors = rng.normal(size=(n, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = [{"track_id": str(i), "key": names[rng.integers(24)], "tempo": float(bpm[i])} for i in range(n)]
    return Pool(rows, np.zeros(n), vectors)


def of_catalogue(path: str) -> Pool:
    """The tracks of a catalogue that have a tempo and a key, 500 at most."""
    store = Store(path)
    ids = store.columns(["track_id", "tempo", "key"]).drop_null()["track_id"].to_pylist()
    return pool_of(store, sorted(ids)[:500])


def timed(run: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    start = time.process_time()
    return run(), time.process_time() - start


def told(name: str, problem: Problem, mixing: np.ndarray, order: np.ndarray, seconds: float | None = None) -> float:
    """Print a line; gives the cost."""
    share, cost = mixing[order[:-1], order[1:]].mean(), problem.total(order)
    took = "" if seconds is None else f"{seconds:8.2f} s"
    print(f"  {name:<22} {100 * share:6.1f} %  cost {cost:8.2f} {took}")
    return cost


def compare(pool: Pool, n_slots: int, kicks: int, runs: int) -> None:
    """Chance, greedy, ours and the long run on one problem."""
    mixing, rng = costs.mixes(pool.keys, pool.numbers("tempo"), WITHIN), np.random.default_rng(0)
    problem = Problem(costs.harmonic(pool, WITHIN), n_slots)
    told("by chance", problem, mixing, rng.permutation(len(pool))[:n_slots])
    told("nearest next", problem, mixing, first_order(problem, rng))
    ours = told("as made", problem, mixing, *timed(lambda: solve(problem)))
    long, seconds = timed(lambda: min((solve(problem, seed, kicks) for seed in range(1, runs + 1)), key=problem.total))
    best = told("long run", problem, mixing, long, seconds)
    most = costs.compatible_at_most(pool.keys, pool.numbers("tempo"), WITHIN)
    bound = f"; no order has more than {100 * most:.1f} %" if n_slots == len(pool) else ""
    print(f"  gap to the long run: {100 * (ours / best - 1):.2f} % of the cost{bound}")


def small_lists(pool: Pool) -> None:
    """How often the order of a few tracks is the best of all their orders."""
    rng, found, gaps = np.random.default_rng(1), 0, []
    orders = np.array(list(itertools.permutations(range(SMALL))))
    for _ in range(N_SMALL):
        some = pool[rng.permutation(len(pool))[:SMALL]]
        problem = Problem(costs.harmonic(some, WITHIN), SMALL)
        best = problem.steps[orders[:, :-1], orders[:, 1:]].sum(axis=1).min()
        gaps.append(problem.total(solve(problem)) / best - 1)
        found += gaps[-1] < 1e-4
    print(
        f"  lists of {SMALL}: the best of all orders in {found} of {N_SMALL}, at worst {100 * max(gaps):.2f} % above it"
    )


def other_orders(pool: Pool, kicks: int) -> None:
    """What the other orders take, and the gap of the walk by likeness and of one with artists apart."""
    n, rng = len(pool), np.random.default_rng(2)
    near = costs.unlike(pool)
    line = np.abs(np.linspace(0, 1, n) - rng.random(n)[:, None]).astype(np.float32)
    for name, problem in {
        "similarity": Problem(near, n),
        "similarity, gap of 3": Problem(near, n, artists=rng.integers(0, max(n // 8, 1), n), gap=3),
        "a curve": Problem(0.05 * near, n, 4 * line),
    }.items():
        order, seconds = timed(lambda problem=problem: solve(problem))
        cost, best = problem.total(order), problem.total(solve(problem, 1, kicks))
        gap = f"{100 * (cost / best - 1):.2f} %"
        print(f"  {name:<22} {n} tracks, {seconds:.2f} s, gap {gap}, artists too near: {problem.n_clashes(order)}")


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogues", nargs="*")
    parser.add_argument("--kicks", type=int, default=5 * KICKS)
    parser.add_argument("--runs", type=int, default=2)
    args = parser.parse_args()
    pools = {f"made up, tempi {spread:.2f} wide": made_up(500, spread, 1) for spread in (0.2, 0.5)}
    pools |= {path: of_catalogue(path) for path in args.catalogues}
    for name, pool in pools.items():
        print(f"{name}: all {len(pool)} in order")
        compare(pool, len(pool), args.kicks, args.runs)
        print(f"{name}: {min(CHOSEN, len(pool))} chosen")
        compare(pool, min(CHOSEN, len(pool)), args.kicks // 2, args.runs)
        small_lists(pool)
    print("other orders")
    other_orders(made_up(500, 0.25, 1), args.kicks)


if __name__ == "__main__":
    main()
