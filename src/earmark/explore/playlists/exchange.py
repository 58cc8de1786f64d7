"""Better items for slots: two change places, or one of the list goes for one that waits. Locked slots keep theirs."""

import numpy as np

from earmark.explore.playlists.problem import CLASH, EPS, Problem

PASSES = 4  # over all slots, at most
A_MINUTE = 0.2  # cost of a minute that the whole is too long or too short
NOBODY = -2  # beside the first and the last slot


def swap(problem: Problem, order: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Let pairs of items change places as long as the whole gains."""
    order, total = np.array(order), problem.total(order)
    slots = np.array([slot for slot in range(len(order)) if slot not in problem.fixed])
    for _ in range(PASSES):
        before = total
        for i in rng.permutation(slots):
            gains = _gains_of_swaps(problem, order, int(i), slots)
            j = int(slots[gains.argmax()])
            tried = order.copy()
            tried[[i, j]] = order[[j, i]]
            if gains.max() > EPS and (cost := problem.total(tried)) < total - EPS:
                order, total = tried, cost
        if total > before - EPS:
            break
    return order


def _gains_of_swaps(problem: Problem, order: np.ndarray, i: int, slots: np.ndarray) -> np.ndarray:
    """What swapping slot i with each of `slots` gains, nearly: not exact where the two stand near each other."""
    a, others = order[i], order[slots]
    now = _cost_at(problem, order, a, np.array([i])) + _cost_at(problem, order, others, slots)
    new = _cost_at(problem, order, a, slots) + _cost_at(problem, order, others, np.full(len(slots), i))
    gains = now - new
    gains[np.abs(slots - i) < 2] += EPS * 10  # the two share a step, so that these numbers tell little: try them
    gains[slots == i] = -np.inf
    return gains


def _cost_at(problem: Problem, order: np.ndarray, items: np.ndarray | int, slots: np.ndarray) -> np.ndarray:
    """What items cost at slots of an order that is else as it is: float64 [n]."""
    items, last = np.broadcast_to(items, slots.shape), len(order) - 1
    left, right = order[np.maximum(slots - 1, 0)], order[np.minimum(slots + 1, last)]
    before = np.where(slots > 0, problem.steps[left, items], 0.0)
    cost = before + np.where(slots < last, problem.steps[items, right], 0.0)
    if problem.places is not None:
        cost = cost + problem.places[items, slots]
    return cost + CLASH * _clashes_at(problem, order, items, slots)


def _clashes_at(problem: Problem, order: np.ndarray, items: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """How many slots within the gap hold another track of an item's artist: int [n]."""
    found = np.zeros(len(slots), int)
    if problem.artists is None or problem.gap < 1:
        return found
    who = np.pad(problem.artists[order], problem.gap, constant_values=NOBODY)
    line = np.pad(order, problem.gap, constant_values=NOBODY)
    mine = problem.artists[items]
    for lag in (*range(-problem.gap, 0), *range(1, problem.gap + 1)):
        at = slots + problem.gap + lag
        found += (who[at] == mine) & (mine >= 0) & (line[at] != items)
    return found


def replace(problem: Problem, order: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Let items that wait take the place of others as long as the whole gains, within the limits."""
    order, total = np.array(order), problem.total(order)
    if problem.n_items == len(order):
        return order
    for _ in range(PASSES):
        before = total
        for slot in rng.permutation(len(order)):
            if slot in problem.fixed:
                continue
            waiting = np.setdiff1d(np.arange(problem.n_items), order)
            waiting = waiting[_allowed(problem, order, int(slot), waiting)]
            if not len(waiting):
                continue
            cost = _worth_at(problem, order, waiting, int(slot))
            best = int(cost.argmin())
            gain = _worth_at(problem, order, order[slot : slot + 1], int(slot))[0] - cost[best]
            if gain > EPS:
                order[slot] = waiting[best]
                total -= gain
        if total > before - EPS:
            break
    return order


def _worth_at(problem: Problem, order: np.ndarray, items: np.ndarray, slot: int) -> np.ndarray:
    cost = _cost_at(problem, order, items, np.full(len(items), slot))
    if problem.total_seconds is not None:
        rest = problem.seconds[order].sum() - problem.seconds[order[slot]]
        cost = cost + A_MINUTE / 60 * np.abs(rest + problem.seconds[items] - problem.total_seconds)
    return cost if problem.worth is None else cost + problem.worth[items]


def _allowed(problem: Problem, order: np.ndarray, slot: int, waiting: np.ndarray) -> np.ndarray:
    """Which waiting items may stand at a slot in place of its own: bool [n]."""
    fits = np.ones(len(waiting), bool)
    rest = np.delete(order, slot)
    for limit in problem.limits:
        groups = limit.groups[rest]
        full = np.bincount(groups[groups >= 0], minlength=int(limit.groups.max(initial=0)) + 1) >= limit.most
        mine = limit.groups[waiting]
        fits &= (mine < 0) | ~full[mine]
    if problem.total_seconds is not None:
        length = problem.seconds[rest].sum()
        now = abs(length + problem.seconds[order[slot]] - problem.total_seconds)
        fits &= np.abs(length + problem.seconds[waiting] - problem.total_seconds) <= max(now, 30.0)
    return fits
