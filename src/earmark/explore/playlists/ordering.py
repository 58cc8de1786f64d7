"""A good order for a problem, always the same one for a seed: there is no clock in it, only a number of kicks."""

from collections import Counter

import numpy as np

from earmark.explore.playlists import exchange
from earmark.explore.playlists.problem import CLASH, Problem
from earmark.explore.playlists.walk import Walk

DEAR = 1e6  # cost of what must not be
KICKS, KICKS_A_SLOT, FEWEST = 2000, 20, 300  # at most, which an order of 500 takes within a second, and of shorter ones
ROUNDS = 3  # of walking and taking other items
CAREFUL = 10  # times as long takes a kick where the whole order has to be costed anew
SHORT, STARTS = 100, 4  # an order of at most so many slots is begun so many times, with as many kicks in all


def solve(problem: Problem, seed: int = 0, kicks: int | None = None) -> np.ndarray:
    """The items in the order that costs least, as far as it is found: int [n_slots].

    kicks : attempts to leave a local optimum; by default the more the longer the order is

    Locked slots hold their items. Limits are kept as far as there are enough items.
    """
    if problem.n_slots < 2:
        return first_order(problem, np.random.default_rng(seed)) if problem.n_slots else np.zeros(0, int)
    kicks = min(FEWEST + KICKS_A_SLOT * problem.n_slots, KICKS) if kicks is None else kicks
    starts = 1 if problem.n_slots > SHORT else STARTS
    found = [_once(problem, np.random.default_rng([seed, start]), kicks // starts) for start in range(starts)]
    return min(found, key=problem.total)


def _once(problem: Problem, rng: np.random.Generator, kicks: int) -> np.ndarray:
    order = exchange.replace(problem, first_order(problem, rng), rng)
    rounds = ROUNDS if problem.n_items > problem.n_slots else 1  # other items make other walks worth while
    for _ in range(rounds if problem.places is None or problem.n_slots <= SHORT else 0):
        order = exchange.replace(problem, _walked(problem, order, rng, kicks // rounds), rng)
    return exchange.swap(problem, order, rng) if problem.counts_places or problem.fixed else order


def _walked(problem: Problem, order: np.ndarray, rng: np.random.Generator, kicks: int) -> np.ndarray:
    walk = Walk(problem, order)
    walk.descend()
    for _ in range(kicks // CAREFUL if problem.counts_places else kicks):
        walk.kick(rng)
    return walk.order


def first_order(problem: Problem, rng: np.random.Generator) -> np.ndarray:
    """Where places count, the best assignment to them; else each item next to the nearest before it."""
    if problem.places is not None:
        return _assigned(problem)
    return _nearest_next(problem, rng)


def _assigned(problem: Problem) -> np.ndarray:
    """The exact optimum of places and worth, without steps; what exceeds a limit is made dear, until nothing does."""
    costs = problem.places.astype(np.float64)
    if problem.worth is not None:
        costs = costs + problem.worth[:, None]
    for slot, item in problem.fixed.items():
        costs[item] += DEAR
        costs[item, slot] = -DEAR
    while True:
        from scipy.optimize import linear_sum_assignment  # imported late: it takes longer than a search

        items, slots = linear_sum_assignment(costs)
        order = items[np.argsort(slots)]
        over = [item for item in _over_limits(problem, order) if costs[item].min() < DEAR / 2]
        if not over:
            return order
        costs[over] += DEAR


def _over_limits(problem: Problem, order: np.ndarray) -> list[int]:
    """The items beyond what a group may have, the first of it being kept; locked ones stay."""
    free = [int(item) for slot, item in enumerate(order) if slot not in problem.fixed]
    over = set()
    for limit in problem.limits:
        n = Counter(int(limit.groups[item]) for item in problem.fixed.values())
        for item in free:
            group = int(limit.groups[item])
            n[group] += 1
            if group >= 0 and n[group] > limit.most:
                over.add(item)
    return sorted(over)


def _nearest_next(problem: Problem, rng: np.random.Generator) -> np.ndarray:
    """From slot to slot the cheapest item that the limits leave, without an artist's clash if there is one."""
    taken = np.zeros(problem.n_items, bool)
    taken[list(problem.fixed.values())] = True
    counts = [Counter(int(limit.groups[item]) for item in problem.fixed.values()) for limit in problem.limits]
    order: list[int] = []
    for slot in range(problem.n_slots):
        item = problem.fixed.get(slot)
        if item is None:
            cost = _cost_next(problem, order, counts) + _noise(problem, order, rng)
            item = int(np.where(taken, np.inf, cost).argmin())
            for limit, count in zip(problem.limits, counts, strict=True):
                count[int(limit.groups[item])] += 1
        taken[item] = True
        order.append(item)
    return np.array(order)


def _noise(problem: Problem, order: list[int], rng: np.random.Generator) -> np.ndarray | float:
    """The first item is chosen by chance among equals."""
    return 0.0 if order else rng.random(problem.n_items) * 1e-3


def _cost_next(problem: Problem, order: list[int], counts: list[Counter]) -> np.ndarray:
    """What each item costs as the next: float64 [n_items]."""
    slot = len(order)
    cost = problem.steps[order[-1]].astype(np.float64) if order else np.zeros(problem.n_items)
    if problem.worth is not None:
        cost = cost + problem.worth
    if slot + 1 in problem.fixed:
        cost = cost + problem.steps[problem.fixed[slot + 1]]
    if problem.artists is not None and problem.gap >= 1:
        recent = problem.artists[order[-problem.gap :]] if order else []
        cost = cost + CLASH * (np.isin(problem.artists, recent) & (problem.artists >= 0))
    for limit, count in zip(problem.limits, counts, strict=True):
        full = [group for group, n in count.items() if group >= 0 and n >= limit.most]
        cost = cost + DEAR * np.isin(limit.groups, full)
    return cost
