"""Rhythm: tempo, metre, how steady the pulse is, and whether it is heard as fast, slow or for dancing.

Tempi an octave apart are near each other, since that is what listeners and estimates confuse; other tempi are the
further apart the more they differ, up to `FAR`.
"""

import numpy as np

from earmark.catalogue.schema import slug, tag_column
from earmark.tagger.tagset import Tagset

SCALED = False
METRES = {"2/4": 2, "3/4": 3, "4/4": 4, "5/4": 5, "6/8": 6, "7/4": 7}
HEARD = (("character", "fast"), ("character", "slow"), ("use", "dancing"))
STEP = 0.06  # octaves between tempi, which are a unit of distance: 4 %
OCTAVE = 0.08  # octaves that double or half the tempo count as
FAR = 5.0  # units that two tempi lie apart at most, as do a track with a pulse and one without
METRE, STEADY, FELT = 1.5, 1.0, 1.0  # units of another metre, of a steady pulse against none, of fast against not
"""Hand-set."""


def columns(tagset: Tagset) -> list[str]:
    """Descriptors, and the tags that the model has."""
    return ["tempo", "tempo_stability", "metre", "metre_confidence", *_tags(tagset)]


def _tags(tagset: Tagset) -> list[str]:
    named = set(tagset.names())
    groups = {slug(group.name): group for group in tagset.groups}
    return [tag_column(groups[group], tag) for group, tag in HEARD if f"{group}/{tag}" in named]


def features(values: dict[str, np.ndarray]) -> np.ndarray:
    """log2 of the tempo (0 without a pulse), stability, metre, confidence of the metre, tags: float32 [n, 4 + tags]."""
    tempo = values["tempo"]
    beat = np.log2(np.where(tempo > 0, tempo, 1))
    metre = np.array([METRES.get(name, 0) for name in values["metre"]], np.float32)
    known = np.nan_to_num(np.where(metre > 0, values["metre_confidence"], 0))
    heard = [np.nan_to_num(values[name]) for name in values if name.startswith(("character_", "use_"))]
    found = np.stack([beat, np.nan_to_num(values["tempo_stability"]), metre, known, *heard], axis=1)
    found[np.isnan(values["tempo_stability"])] = np.nan  # never looked for
    return found.astype(np.float32)


def likeness(one: np.ndarray, many: np.ndarray) -> np.ndarray:
    """exp of the distance, negative: float32 [n]."""
    apart = tempo_distance(one[0], many[:, 0])
    other_metre = (many[:, 2] != one[2]) * np.minimum(many[:, 3], one[3])
    apart += np.float32(METRE) * other_metre + np.float32(STEADY) * np.abs(many[:, 1] - one[1])
    for column in range(4, len(one)):
        apart += np.float32(FELT / (len(one) - 4)) * np.abs(many[:, column] - one[column])
    return np.exp(-apart)


def tempo_distance(one: float, many: np.ndarray) -> np.ndarray:
    """Units between tempi, given as log2 of beats a minute, 0 for no pulse: float32 [n], at most `FAR`."""
    octaves = np.abs(many - one)
    whole = np.round(octaves)
    apart = np.minimum((np.abs(octaves - whole) + OCTAVE * whole) / np.float32(STEP), np.float32(FAR))
    return np.where((many > 0) == (one > 0), apart, np.float32(FAR))
