"""Names and numbers of keys, Camelot codes, compatible keys, and MIREX's weights of wrong keys.

A key's number is 0-11 for C to B major and 12-23 for C to B minor.
"""

import re

import numpy as np

from earmark.errors import QueryError

TONICS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
MODES = ("major", "minor")
FLATS = {"Db": "C#", "Eb": "D#", "Gb": "F#", "Ab": "G#", "Bb": "A#", "Cb": "B", "Fb": "E", "E#": "F", "B#": "C"}


def key_name(number: int) -> tuple[str, str]:
    """(tonic, mode) of a key number, 0 to 23."""
    return TONICS[number % 12], MODES[number // 12]


def key_number(tonic: str, mode: str) -> int:
    """The number of a key, 0 to 23; flats may be used. Raises QueryError for names that are not a key."""
    tonic = tonic[:1].upper() + tonic[1:]
    tonic = FLATS.get(tonic, tonic)
    if tonic not in TONICS or mode not in MODES:
        raise QueryError(f"{tonic} {mode}", "not a key", "Write a tonic and a mode, such as 'A minor' or 'Bb major'.")
    return TONICS.index(tonic) + 12 * MODES.index(mode)


def camelot(tonic: str, mode: str) -> str:
    """The Camelot code of a key, such as 8A for A minor: a fifth up is one number on, relative keys share a number.

    Raises QueryError for names that are not a key.
    """
    number = key_number(tonic, mode)
    fifths = (number % 12 + (3 if number >= 12 else 0)) * 7 % 12
    return f"{(fifths + 7) % 12 + 1}{'A' if number >= 12 else 'B'}"


def from_camelot(code: str) -> tuple[str, str]:
    """(tonic, mode) of a Camelot code; raises QueryError for anything but 1A to 12B."""
    for number in range(24):
        if camelot(*key_name(number)) == re.sub(r"\s|^0", "", code).upper():
            return key_name(number)
    raise QueryError(code, "not a Camelot code", "Write 1A to 12A (minor) or 1B to 12B (major).")


def compatible_keys(tonic: str, mode: str) -> list[tuple[str, str]]:
    """Keys that mix well by the Camelot rule: itself, its relative, a fifth up, a fifth down.

    Raises QueryError for names that are not a key.
    """
    number = key_number(tonic, mode)
    shift = 12 if number >= 12 else 0
    up, down = ((number + step) % 12 + shift for step in (7, 5))
    relative = (number + 9) % 12 + 12 if number < 12 else (number + 3) % 12
    return [key_name(n) for n in (number, relative, up, down)]


def closeness() -> np.ndarray:
    """MIREX's weights of estimated keys: same 1, a fifth apart 0.5, relative 0.3, parallel 0.2, else 0.

    Returns
    -------
    float64 [24, 24], rows for the true key, columns for the estimated one, by key number; symmetric

    A fifth either way counts, as in MIREX since 2017. Source: music-ir.org, "Audio Key Detection".
    """
    weights = np.eye(24)
    for n in range(24):
        tonic, minor = n % 12, n // 12
        for step in (5, 7):
            weights[n, (tonic + step) % 12 + 12 * minor] = 0.5
        weights[n, (tonic + (3 if minor else 9)) % 12 + 12 * (1 - minor)] = 0.3
        weights[n, tonic + 12 * (1 - minor)] = 0.2
    return weights
