"""What users know better than the estimates: one value a track and field, laid over every analysis of the track.

The catalogue keeps the estimates as they are and the corrections beside them, so that a correction can be taken back.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from earmark.descriptors import Descriptor
from earmark.descriptors.key import Key
from earmark.descriptors.key.names import camelot
from earmark.descriptors.key.spelling import parse_key
from earmark.descriptors.tempo import Rhythm
from earmark.errors import QueryError

BPM_RANGE = 30.0, 300.0
REMEDY = "Correct tempo (30 to 300 BPM), key ('A minor' or 8A) or metre ('3/4')."


@dataclass(frozen=True)
class Field:
    """A field that can be corrected: the descriptor that it belongs to, and what a user's text sets there."""

    descriptor: str
    parse: Callable[[str], dict]


def _parse_tempo(text: str) -> dict:
    try:
        bpm = float(text)
    except ValueError:
        bpm = 0.0
    if not BPM_RANGE[0] <= bpm <= BPM_RANGE[1]:
        raise QueryError(f"tempo = {text}", "not a tempo", "Give beats a minute, 30 to 300.")
    return {"bpm": bpm}


def _parse_key(text: str) -> dict:
    tonic, mode = parse_key(text)
    return {"tonic": tonic, "mode": mode, "camelot": camelot(tonic, mode)}


def _parse_metre(text: str) -> dict:
    if not re.fullmatch(r"\d{1,2}/(2|4|8|16)", text):
        raise QueryError(f"metre = {text}", "not a metre", REMEDY)
    return {"metre": text}


FIELDS = {"tempo": Field("tempo", _parse_tempo), "key": Field("key", _parse_key), "metre": Field("tempo", _parse_metre)}
EMPTY = {"tempo": Rhythm(), "key": Key()}


def check_correction(field: str, value: str) -> None:
    """Raise QueryError where the field cannot be corrected, or not to that value."""
    if field not in FIELDS:
        raise QueryError(f"{field} = {value}", "cannot be corrected", REMEDY)
    FIELDS[field].parse(value)


def apply_corrections(descriptors: dict[str, Descriptor], corrections: dict[str, str]) -> dict[str, Descriptor]:
    """The descriptors with the user's values in place of the estimates, marked as corrected.

    corrections : field -> the user's text, as checked by `check_correction`
    """
    found = dict(descriptors)
    for name, text in corrections.items():
        field = FIELDS[name]
        estimate = found.get(field.descriptor) or EMPTY[field.descriptor]  # the user may know what nothing estimated
        found[field.descriptor] = replace(estimate, **field.parse(text), corrected=True)
    return found
