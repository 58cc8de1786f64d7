"""The order of given items: 2-opt and Or-opt among near neighbours, then kicks that are kept where they help.

Sources: Croes 1958 (2-opt), Or 1976, Bentley 1992 (neighbour lists, nodes in a queue), Martin, Otto & Felten 1991
(double-bridge kicks). A path with both ends free: beside them stands an item that costs nothing.
"""

from collections import deque
from collections.abc import Iterable

import numpy as np

from earmark.explore.playlists.problem import EPS, Problem

NEAR = 10  # neighbours of an item that are tried
LONGEST = 3  # items that Or-opt moves together
REACH = 50  # slots within which a kick swaps two parts
LOOKED_AT = 4  # steps, of which a kick cuts the dearest
PAIRS = 0.2  # share of kicks that swap two items instead, which locked slots and gaps between artists need

Cuts = tuple[set[int], set[int]]
"""The indices before which a line is cut: as it was, and as it is."""


class Walk:
    """An order under improvement; items are numbered by their place in the first order.

    Parameters
    ----------
    order : int [n_slots]
    """

    def __init__(self, problem: Problem, order: np.ndarray) -> None:
        self.problem, self.items = problem, np.array(order)
        n = len(order)
        steps = problem.side_by_side(self.items)
        self._near = np.argsort(steps + np.diag(np.full(n, np.inf)), axis=1, kind="stable")[:, :NEAR].tolist()
        self._cost = np.pad(steps, (0, 1)).tolist()
        self._line = [n, *range(n), n]  # n stands for nothing, before the first and after the last
        self._at = list(range(1, n + 1))  # number -> index in the line
        locked = np.zeros(n + 3, int)
        locked[[slot + 2 for slot in problem.fixed]] = 1
        self._locked = np.cumsum(locked).tolist()
        self._careful = problem.counts_places
        self._total = problem.total(self.items)

    @property
    def order(self) -> np.ndarray:
        """The items in their present order."""
        return self.items[self._line[1:-1]]

    @property
    def total(self) -> float:
        """What it costs."""
        return self._total

    def descend(self, numbers: Iterable[int] | None = None) -> None:
        """Improve around these items, or all, until no move helps."""
        queue = deque(range(len(self.items)) if numbers is None else numbers)
        waiting = set(queue)
        while queue:
            a = queue.popleft()
            waiting.discard(a)
            while touched := self._two_opt(a) or self._or_opt(a):
                fresh = [x for x in touched if x < len(self.items) and x not in waiting]
                queue.extend(fresh)
                waiting.update(fresh)

    def kick(self, rng: np.random.Generator) -> None:
        """Swap two neighbouring parts or two items at random, descend, and go back where that has not helped."""
        line, at, total = self._line.copy(), self._at.copy(), self._total
        cuts = self._swap_two(rng) if rng.random() < PAIRS else self._swap_parts(rng)
        if cuts is None:
            return
        before, after = cuts
        gain = self._cost_of(line, before) - self._cost_of(self._line, after)
        self._total = self.problem.total(self.order) if self._careful else total - gain
        touched = {line[k] for i in before for k in (i - 1, i)}
        self.descend(sorted(touched - {len(self.items)}))
        if self._total > total + EPS:
            self._line, self._at, self._total = line, at, total

    def _swap_parts(self, rng: np.random.Generator) -> Cuts | None:
        """Swap line[a:b] and line[b:c]; None where a slot in them is locked."""
        n = len(self.items)
        reach = min(REACH, n)
        bad = self._bad_cut(rng)
        first = min(max(bad - int(rng.integers(reach + 1)), 1), n - reach + 1)
        others = first + rng.choice(reach + 1, 3, replace=False)
        a, b, c = sorted([bad, *[int(x) for x in others if x != bad][:2]])
        if not self._free(a, c - 1):
            return None
        self._put(a, self._line[b:c] + self._line[a:b])
        return {a, b, c}, {a, a + c - b, c}

    def _bad_cut(self, rng: np.random.Generator) -> int:
        """The index before which the line had best be cut: the dearest of a few steps by chance."""
        line, cost = self._line, self._cost
        tried = rng.integers(1, len(self.items) + 2, LOOKED_AT).tolist()
        return max(tried, key=lambda i: cost[line[i - 1]][line[i]])

    def _swap_two(self, rng: np.random.Generator) -> Cuts | None:
        """Swap two items; None where one is locked."""
        i, j = (int(x) for x in 1 + rng.choice(len(self.items), 2, replace=False))
        if not (self._free(i, i) and self._free(j, j)):
            return None
        a, b = self._line[i], self._line[j]
        self._put(i, [b])
        self._put(j, [a])
        return {i, i + 1, j, j + 1}, {i, i + 1, j, j + 1}

    def _cost_of(self, line: list[int], cuts: set[int]) -> float:
        """What the steps cost that lead to these indices."""
        return sum(self._cost[line[i - 1]][line[i]] for i in cuts)

    # -- moves: each returns the items whose neighbours it changed, or nothing ------------------------------------

    def _two_opt(self, a: int) -> tuple[int, ...]:
        """Turn a part around, so that `a` and a near item come side by side."""
        line, at, cost = self._line, self._at, self._cost
        i = at[a]
        for side in (1, -1):
            b = line[i + side]
            now = cost[a][b]
            for x in self._near[a]:
                if cost[a][x] >= now - EPS:
                    break
                j = at[x]
                y = line[j + side]
                gain = now + cost[x][y] - cost[a][x] - cost[b][y]
                low, high = (min(i, j) + 1, max(i, j)) if side == 1 else (min(i, j), max(i, j) - 1)
                if gain > EPS and self._take(low, line[low : high + 1][::-1], gain):
                    return a, b, x, y
        return ()

    def _or_opt(self, a: int) -> tuple[int, ...]:
        """Move up to `LONGEST` items that end with `a`, so that it comes beside a near item."""
        n, i = len(self.items), self._at[a]
        for length in range(1, LONGEST + 1):
            for low, high in {(i, i + length - 1), (i - length + 1, i)}:
                if low >= 1 and high <= n and (touched := self._or_move(a, low, high)):
                    return touched
        return ()

    def _or_move(self, a: int, low: int, high: int) -> tuple[int, ...]:
        line, at, cost = self._line, self._at, self._cost
        left, right = line[low - 1], line[high + 1]
        z = line[high] if line[low] == a else line[low]
        freed = cost[left][line[low]] + cost[line[high]][right] - cost[left][right]
        for x in self._near[a]:
            if cost[a][x] >= freed - EPS:
                break
            j = at[x]
            if low <= j <= high:
                continue
            for k in (j - 1, j + 1):  # z comes beside the item there
                y = line[k]
                gain = freed + cost[x][y] - cost[a][x] - cost[z][y]
                if gain > EPS and not low <= k <= high and self._move(low, high, j, k, a, gain):
                    return a, z, x, y, left, right
        return ()

    def _move(self, low: int, high: int, j: int, k: int, a: int, gain: float) -> bool:
        """Put line[low..high] between the neighbours j and k, `a` at the side of j."""
        part = self._line[low : high + 1]
        if (part[0] == a) != (j < k):
            part = part[::-1]
        if min(j, k) > high:
            return self._take(low, self._line[high + 1 : min(j, k) + 1] + part, gain)
        return self._take(max(j, k), part + self._line[max(j, k) : low], gain)

    def _take(self, low: int, part: list[int], gain: float) -> bool:
        """Let `part` stand from `low` on, where no locked slot is touched and the whole gains."""
        if not self._free(low, low + len(part) - 1):
            return False
        before = self._line[low : low + len(part)]
        self._put(low, part)
        if not self._careful:
            self._total -= gain
            return True
        total = self.problem.total(self.order)
        if total < self._total - EPS:
            self._total = total
            return True
        self._put(low, before)
        return False

    def _put(self, low: int, part: list[int]) -> None:
        self._line[low : low + len(part)] = part
        for k, x in enumerate(part, low):
            self._at[x] = k

    def _free(self, low: int, high: int) -> bool:
        return self._locked[high + 1] == self._locked[low]
