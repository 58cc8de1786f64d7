"""Where tracks lie densely on a map, and what to call these regions: the tags that stand out there."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import scipy  # its parts are loaded when first used, which a search need not pay for

from earmark.catalogue.map import Label

CELLS = 96  # of the grid along each side,
SMOOTHING = 2.0  # cells that density is smoothed over,
APART = 9  # cells from one peak to the next, at least,
REACH = 8.0  # and from a peak to the tracks of its region
MOST = 30  # labels
LEAST = 3  # tracks of a region, and of a tag in it
COMMON = 0.3  # share of a region's tracks that have a tag which names it
STANDS_OUT = 1.3  # times the share in the whole collection
NEAR = 0.2  # of the map's width, within which no two regions have one name


def label_regions(xy: np.ndarray, tags: Sequence[Sequence[str]]) -> tuple[Label, ...]:
    """Dense regions with the one or two tags that tell them best from the rest, the largest first.

    Parameters
    ----------
    xy : float [n, 2]
    tags : of each track, those that are sure
    """
    if len(xy) < LEAST:
        return ()
    low, size = xy.min(axis=0), max(float(np.ptp(xy, axis=0).max()), 1e-9)
    cells = (xy - low) / size * (CELLS - 1)
    peaks = _peaks(cells)
    distances = np.linalg.norm(cells[:, None] - peaks[None], axis=2)
    region = np.where(distances.min(axis=1) <= REACH, distances.argmin(axis=1), -1)
    every = Counter(tag for mine in tags for tag in set(mine))
    found = []
    for k in range(len(peaks)):
        rows = np.flatnonzero(region == k)
        text = _name([tags[row] for row in rows], every, len(xy))
        if text:
            x, y = np.median(xy[rows], axis=0)
            found.append(Label(text, float(x), float(y), len(rows)))
    return _distinct(sorted(found, key=lambda one: -one.n_tracks), NEAR * size)


def _peaks(cells: np.ndarray) -> np.ndarray:
    """Places of local maxima of density, float [n_peaks, 2] in cells, the densest first."""
    counts, _, _ = np.histogram2d(*cells.T, bins=CELLS, range=[[0, CELLS - 1]] * 2)
    density = scipy.ndimage.gaussian_filter(counts, SMOOTHING)
    tops = (density == scipy.ndimage.maximum_filter(density, APART)) & (density > 0)
    places = np.argwhere(tops)
    order = np.argsort(-density[tops], kind="stable")
    return places[order][: 4 * MOST].astype(float)


def _name(tags: list[Sequence[str]], every: Counter, total: int) -> str:
    """By how much more common a tag is here than everywhere, weighed by how common it is here."""
    n = len(tags)
    if n < LEAST:
        return ""
    here = Counter(tag for mine in tags for tag in set(mine))
    shares = {tag: (count / n, every[tag] / total) for tag, count in here.items() if count >= LEAST}
    merits = {t: p * np.log(p / q) for t, (p, q) in shares.items() if p >= COMMON and p >= STANDS_OUT * q}
    best = sorted(merits, key=lambda tag: (-merits[tag], tag))[:2]
    return ", ".join(best if len(best) < 2 or merits[best[1]] > 0.5 * merits[best[0]] else best[:1])


def _distinct(labels: list[Label], near: float) -> tuple[Label, ...]:
    kept: list[Label] = []
    for one in labels:
        alike = (other for other in kept if other.text == one.text)
        if all(np.hypot(one.x - other.x, one.y - other.y) > near for other in alike):
            kept.append(one)
    return tuple(kept[:MOST])
