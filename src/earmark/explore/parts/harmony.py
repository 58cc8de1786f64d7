"""Harmony: how near two keys are on the circle of fifths and by their mode, as far as the keys are sure.

The likeness of two keys is the correlation of how well each of the twelve tones fits them, as listeners rated it: 1 for
the same key, about .6 for the neighbours on the circle and for the relative key, least for a tritone.

Source: Krumhansl & Kessler 1982, "Tracing the dynamic changes in perceived tonal organization".
"""

import numpy as np

from earmark.descriptors.key.names import key_number
from earmark.descriptors.key.spelling import parse_key
from earmark.errors import QueryError
from earmark.tagger.tagset import Tagset

SCALED = False
MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
PROFILES = np.array([np.roll(profile, shift) for profile in (MAJOR, MINOR) for shift in range(12)])
NEARNESS = np.corrcoef(PROFILES).astype(np.float32)
"""float32 [24, 24] by number of key: correlation of the ratings."""
DOUBT = 0.5  # likeness that is left where a key is not sure at all


def columns(tagset: Tagset) -> list[str]:
    """The key and how sure it is."""
    return ["key", "key_confidence"]


def features(values: dict[str, np.ndarray]) -> np.ndarray:
    """Number of the key and its confidence, float32 [n, 2]."""
    numbers: dict[str | None, float] = {None: np.nan}
    for name in set(values["key"]) - {None}:
        numbers[name] = _number(name)
    found = np.stack([np.array([numbers[name] for name in values["key"]]), values["key_confidence"]], axis=1)
    return np.where(np.isnan(found[:, :1]), np.nan, np.nan_to_num(found)).astype(np.float32)


def _number(name: str) -> float:
    try:
        return key_number(*parse_key(name))
    except QueryError:
        return np.nan


def likeness(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """Nearness of the keys by how sure both are: float32 [n]."""
    known = ~np.isnan(many[:, 0])
    row = NEARNESS[int(one[0])]
    sure = DOUBT + (1 - DOUBT) * np.sqrt(np.maximum(many[:, 1] * one[1], 0))
    return np.where(known, row[np.where(known, many[:, 0], 0).astype(np.intp)] * sure, np.nan).astype(np.float32)
