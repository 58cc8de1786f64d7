"""Which items stand in which slots at what cost: the problem that an order of tracks solves."""

from dataclasses import dataclass, field

import numpy as np

CLASH = 10.0  # cost of two tracks of an artist that stand too near: more than any step or place
EPS = 1e-6  # what an improvement gains at least


@dataclass(frozen=True)
class Limit:
    """How many items of a group (an artist, an album) may stand in the slots.

    Attributes
    ----------
    groups : int [n_items]; -1: in no group
    most : of one group
    """

    groups: np.ndarray
    most: int


@dataclass(frozen=True)
class Problem:
    """Choose items for slots and order them, so that steps, places and items cost least together.

    Attributes
    ----------
    steps : float32 [n_items, n_items], symmetric: cost of two items side by side
    n_slots : at most as many as there are items
    places : float32 [n_items, n_slots]: cost of an item at a slot; None: 0
    worth : float32 [n_items]: cost of an item wherever it stands, less for better ones
    artists : int [n_items]; -1: unknown
    gap : other items at least between two of an artist
    fixed : slot -> the item that stands there whatever it costs
    limits : of groups
    seconds, total_seconds : float [n_items] and what they should add up to; None: no matter
    """

    steps: np.ndarray = field(repr=False)
    n_slots: int
    places: np.ndarray | None = field(default=None, repr=False)
    worth: np.ndarray | None = field(default=None, repr=False)
    artists: np.ndarray | None = field(default=None, repr=False)
    gap: int = 0
    fixed: dict[int, int] = field(default_factory=dict)
    limits: tuple[Limit, ...] = ()
    seconds: np.ndarray | None = field(default=None, repr=False)
    total_seconds: float | None = None

    @property
    def n_items(self) -> int:
        """How many items there are to choose from."""
        return len(self.steps)

    @property
    def counts_places(self) -> bool:
        """Whether the cost depends on more than what stands side by side."""
        return self.places is not None or (self.gap > 1 and self.artists is not None)

    def total(self, order: np.ndarray) -> float:
        """The cost of an order, int [n_slots]."""
        order = np.asarray(order)
        cost = float(self.steps[order[:-1], order[1:]].sum(dtype=np.float64)) + CLASH * self.n_clashes(order)
        if self.places is not None:
            cost += float(self.places[order, np.arange(len(order))].sum(dtype=np.float64))
        return cost + (float(self.worth[order].sum(dtype=np.float64)) if self.worth is not None else 0.0)

    def n_clashes(self, order: np.ndarray) -> int:
        """Pairs of tracks of one artist with fewer than `gap` others between them."""
        if self.artists is None or self.gap < 1:
            return 0
        who = self.artists[order]
        pairs = ((who[lag:] == who[:-lag]) & (who[lag:] >= 0) for lag in range(1, min(self.gap, len(who) - 1) + 1))
        return int(sum(pair.sum() for pair in pairs))

    def side_by_side(self, items: np.ndarray) -> np.ndarray:
        """Steps among some items, with the cost of two of an artist where there is a gap: float64 [n, n]."""
        steps = self.steps[np.ix_(items, items)].astype(np.float64)
        if self.artists is not None and self.gap >= 1:
            who = self.artists[items]
            steps += CLASH * ((who[:, None] == who) & (who >= 0))
        return steps
