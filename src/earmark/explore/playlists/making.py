"""A recipe becomes the ids of tracks in their order; the same ones for the same catalogue, recipe and seed."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from earmark.catalogue.store import Store
from earmark.explore.playlists import costs
from earmark.explore.playlists.ordering import solve
from earmark.explore.playlists.pool import FEWEST, SPARE, Pool, gather, songs_of
from earmark.explore.playlists.problem import Limit, Problem
from earmark.explore.playlists.recipe import MAX_TRACKS, Recipe, Rules

TRACKS = 30  # where a recipe names no number
FITS = 0.3  # what fitting the seeds and the text counts beside the order, where other tracks may take a place for it,
CHANCE = 0.02  # and what chance does, where nothing is to be fitted
OCTAVES, ENERGIES = 16.0, 8.0  # what an octave, and all of the scale of energy, off the line counts beside these
SMOOTH = 0.05  # what sounding unlike the track before counts where the order is one of places
A_MINUTE = 60.0
USUAL = 240.0  # seconds of a track, to guess how many make up a time
APART = 10  # other tracks between two of an artist at most, that a shuffle looks for by itself


@dataclass(frozen=True)
class Kept:
    """What a list already holds that a new one must respect.

    Attributes
    ----------
    locked : slot (from 0) -> id of the track that stands there
    besides : ids that must not be in it
    """

    locked: Mapping[int, str]
    besides: Collection[str] = ()


NOTHING = Kept({})


def make(store: Store, recipe: Recipe, kept: Kept = NOTHING) -> list[str]:
    """The ids of a list's tracks in their order; fewer than are asked for where no more fit.

    Raises
    ------
    ConfigError : the filter or a rule cannot be kept with this catalogue
    NotFound : there is no such seed, or several
    """
    rng = np.random.default_rng([recipe.seed, 1])
    pool = gather(store, recipe, kept.besides, kept.locked.values(), n_wanted(recipe.rules), rng)
    there = set(pool.ids)
    missing = {slot: i for slot, i in kept.locked.items() if i not in there}
    locked = {slot - sum(m < slot for m in missing): i for slot, i in sorted(kept.locked.items()) if i in there}
    ids = _ordered(store, pool, _with_room(recipe, len(missing)), locked, rng)
    for slot, track_id in sorted(missing.items()):  # a locked track whose file is gone keeps its place
        ids.insert(slot, track_id)
    return ids


def _with_room(recipe: Recipe, n_missing: int) -> Recipe:
    """The recipe with as many tracks fewer, where it names their number."""
    if recipe.rules.minutes is not None:
        return recipe
    return replace(recipe, rules=replace(recipe.rules, tracks=max(n_wanted(recipe.rules) - n_missing, 0)))


def _ordered(store: Store, pool: Pool, recipe: Recipe, locked: dict[int, str], rng: np.random.Generator) -> list[str]:
    if not len(pool):
        return []
    fits = with_chance(pool.cost, recipe, rng)
    held = {slot: pool.ids.index(track_id) for slot, track_id in locked.items()}
    limits = limits_of(store, pool, recipe.rules)
    chosen = choose(pool, fits, recipe.rules, limits, list(held.values()))
    around = _around(fits, chosen, recipe)
    problem = _problem(pool, fits, recipe, limits, around, len(chosen), held)
    return [pool.ids[around[k]] for k in solve(problem, recipe.seed)]


def n_wanted(rules: Rules) -> int:
    """How many tracks a list shall have, guessed where it shall have minutes."""
    if rules.minutes is not None:
        return int(np.clip(rules.minutes * A_MINUTE / USUAL, 1, MAX_TRACKS))
    return TRACKS if rules.tracks is None else rules.tracks


def with_chance(cost: np.ndarray, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
    """How well tracks fit, 0 best, with as much chance in it as the recipe wants; chance alone where all fit alike."""
    chance = rng.random(len(cost))
    if not recipe.like and not recipe.text.strip():
        return chance
    return (1 - recipe.variance) * cost + recipe.variance * chance


def limits_of(store: Store, pool: Pool, rules: Rules) -> tuple[Limit, ...]:
    """The rules that say how many tracks of a kind a list may have."""
    found = [Limit(groups, most) for groups, most in (
        (pool.artists, rules.per_artist), (pool.albums, rules.per_album),
    ) if most is not None]  # fmt: skip
    return (*found, *(() if rules.versions else (Limit(songs_of(store, pool), 1),)))


def choose(pool: Pool, fits: np.ndarray, rules: Rules, limits: tuple[Limit, ...], locked: list[int]) -> list[int]:
    """The best fitting tracks that the rules allow, the locked ones first: as many as are wanted or fill the time."""
    counts = [Counter(int(limit.groups[i]) for i in locked) for limit in limits]
    seconds = np.nan_to_num(pool.numbers("duration"), nan=USUAL)
    budget = _Budget(rules, seconds)
    chosen = list(locked)
    for i in np.argsort(fits, kind="stable"):
        if budget.is_full(chosen):
            break
        groups = [int(limit.groups[i]) for limit in limits]
        full = any(g >= 0 and n[g] >= limit.most for g, n, limit in zip(groups, counts, limits, strict=True))
        if i in locked or full or not budget.has_room(chosen, int(i)):
            continue
        chosen.append(int(i))
        for g, n in zip(groups, counts, strict=True):
            n[g] += 1
    return chosen


@dataclass(frozen=True)
class _Budget:
    """How much a list may hold."""

    rules: Rules
    seconds: np.ndarray

    def _length(self, chosen: list[int]) -> float:
        return float(self.seconds[chosen].sum())

    def is_full(self, chosen: list[int]) -> bool:
        if self.rules.minutes is None:
            return len(chosen) >= n_wanted(self.rules)
        return len(chosen) >= MAX_TRACKS or self._length(chosen) >= self.rules.minutes * A_MINUTE

    def has_room(self, chosen: list[int], one: int) -> bool:
        """The last track may go beyond the time by no more than it would lack without it."""
        if self.rules.minutes is None or not chosen:
            return True
        lacking = self.rules.minutes * A_MINUTE - self._length(chosen)
        return self.seconds[one] - lacking <= lacking


def _around(fits: np.ndarray, chosen: list[int], recipe: Recipe) -> list[int]:
    """The chosen tracks, and where the order may ask for others, the next best that fit."""
    if recipe.order.by not in ("harmonic", "tempo", "energy"):
        return chosen
    most = max(SPARE * len(chosen), FEWEST)
    known = set(chosen)
    return chosen + [int(i) for i in np.argsort(fits, kind="stable")[:most] if int(i) not in known]


def _problem(
    pool: Pool, fits: np.ndarray, recipe: Recipe, limits: tuple[Limit, ...], around: list[int], n: int,
    locked: dict[int, int],
) -> Problem:  # fmt: skip
    some, rules = pool[around], recipe.rules
    steps, places = costs_of(some, fits[around], recipe, n)
    slots = [slot for slot in locked if slot < n]
    late = [k for k in range(n) if k not in locked][-(len(locked) - len(slots)) :] if len(slots) < len(locked) else []
    fixed = dict(zip([*slots, *late], (around.index(item) for item in locked.values()), strict=True))
    return Problem(
        steps, n, places,
        worth=(_is_asked(recipe) * fits[around]).astype(np.float32) if len(around) > n else None,
        artists=some.artists, gap=_gap(some, recipe), fixed=fixed,
        limits=tuple(Limit(limit.groups[around], limit.most) for limit in limits),
        seconds=np.nan_to_num(some.numbers("duration"), nan=USUAL),
        total_seconds=None if rules.minutes is None else rules.minutes * A_MINUTE,
    )  # fmt: skip


def _is_asked(recipe: Recipe) -> float:
    """What fitting counts."""
    return FITS if recipe.like or recipe.text.strip() else CHANCE


def costs_of(pool: Pool, fits: np.ndarray, recipe: Recipe, n_slots: int) -> tuple[np.ndarray, np.ndarray | None]:
    """The costs of steps and of places that an order means; None: places cost nothing.

    fits : of each track, 0 best
    """
    order, near = recipe.order, costs.unlike(pool)
    match order.by:
        case "harmonic":
            return costs.harmonic(pool, order.bpm_range / 100), None
        case "similarity":
            return near, None
        case "tempo":
            places = costs.ramp(pool.numbers("tempo"), n_slots, order.start_bpm, order.end_bpm)
            return SMOOTH * near, OCTAVES * places
        case "energy":
            return SMOOTH * near, ENERGIES * costs.arc(pool.numbers("energy"), n_slots, order.curve)
    rank = np.argsort(np.argsort(fits if order.by == "rank" else spread(pool.artists, recipe.seed), kind="stable"))
    places = np.abs(rank[:, None] - np.arange(n_slots)) / max(n_slots, 1)
    return np.zeros_like(near), places.astype(np.float32)


def spread(artists: np.ndarray, seed: int) -> np.ndarray:
    """A place of each track by chance, float64 [n] in 0..1: those of one artist are evenly apart.

    artists : int [n]; -1: unknown
    """
    rng = np.random.default_rng([seed, 2])
    places = rng.random(len(artists))
    for artist in np.unique(artists[artists >= 0]):
        mine = rng.permutation(np.flatnonzero(artists == artist))
        places[mine] = (rng.random() + np.arange(len(mine))) / len(mine)
    return places


def _gap(pool: Pool, recipe: Recipe) -> int:
    """As the rules say; a shuffle keeps tracks of an artist as far apart as there are others, up to `APART`."""
    if recipe.rules.gap or recipe.order.by != "shuffle":
        return recipe.rules.gap
    most = max(Counter(pool.artists[pool.artists >= 0].tolist()).values(), default=1)
    return 0 if most < 2 else min((len(pool) - most) // (most - 1), APART)
