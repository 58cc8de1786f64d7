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
from earmark.tagger.tags import TagProbability
from earmark.tagger.tagset import TagGroup, Tagset

BPM_RANGE = 30.0, 300.0
YES, NO = "yes", "no"
REMEDY = "Correct tempo (30 to 300 BPM), key ('A minor' or 8A), metre ('3/4'), or a tag: genre/jazz to yes or no."
OWN_REMEDY = "Tags of the model can be corrected, as genre/jazz; your own are taught: `earmark teach`."


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


def check_correction(field: str, value: str, tagset: Tagset | None = None) -> None:
    """Raise QueryError where the field cannot be corrected, or not to that value.

    tagset : whose tags can be corrected; None for none
    """
    if is_tag(field):
        _check_tag(field, value, tagset)
        return
    if field not in FIELDS:
        raise QueryError(f"{field} = {value}", "cannot be corrected", REMEDY)
    FIELDS[field].parse(value)


def apply_corrections(descriptors: dict[str, Descriptor], corrections: dict[str, str]) -> dict[str, Descriptor]:
    """The descriptors with the user's values in place of the estimates, marked as corrected.

    corrections : field -> the user's text, as checked by `check_correction`
    """
    found = dict(descriptors)
    for name, text in corrections.items():
        if is_tag(name):
            continue
        field = FIELDS[name]
        estimate = found.get(field.descriptor) or EMPTY[field.descriptor]  # the user may know what nothing estimated
        found[field.descriptor] = replace(estimate, **field.parse(text), corrected=True)
    return found


# -- tags -------------------------------------------------------------------------------------------------------------


def is_tag(field: str) -> bool:
    """Whether a field is a tag, ``genre/jazz``, whose value is ``yes`` or ``no``."""
    return "/" in field


def _check_tag(field: str, value: str, tagset: Tagset | None) -> None:
    group, _, tag = field.partition("/")
    known = [] if tagset is None else [one for one in tagset.groups if can_be_corrected(one)]
    if not any(one.name == group and tag in one.tags for one in known):
        raise QueryError(f"{field} = {value}", "no tag that can be corrected", OWN_REMEDY)
    if value not in (YES, NO):
        raise QueryError(f"{field} = {value}", "neither yes nor no", "Say yes or no.")


def can_be_corrected(group: TagGroup) -> bool:
    """Whether a user can say that a track has a tag of this group: it is no number."""
    return group.kind in ("exclusive", "independent")


def rivals(field: str, tagset: Tagset) -> list[str]:
    """The tags that are none any more where the user says yes to one: the others of a group of which one can be."""
    group, _, tag = field.partition("/")
    exclusive = [one for one in tagset.groups if one.name == group and one.kind == "exclusive"]
    return [f"{group}/{other}" for one in exclusive for other in one.tags if other != tag]


def apply_tag_corrections(
    tags: dict[str, list[TagProbability]], corrections: dict[str, str], tagset: Tagset
) -> dict[str, list[TagProbability]]:
    """Tags with the user's word on them: what is confirmed is sure and comes first, what is denied is unsure.

    Probabilities stay those of the model. Where a tag of an exclusive group is confirmed no other one is sure.
    """
    said = {field: value == YES for field, value in corrections.items() if is_tag(field)}
    if not said:
        return tags
    kinds = {group.name: group.kind for group in tagset.groups}
    return {name: _with_word(name, hits, said, kinds.get(name) == "exclusive") for name, hits in tags.items()}


def _with_word(group: str, hits: list[TagProbability], said: dict[str, bool], alone: bool) -> list[TagProbability]:
    word = {name.partition("/")[2]: is_so for name, is_so in said.items() if name.partition("/")[0] == group}
    if not word:
        return hits
    rest, told = alone and any(word.values()), {hit.tag for hit in hits}
    found = [replace(hit, sure=word.get(hit.tag, hit.sure and not rest)) for hit in hits]
    found += [TagProbability(tag, 1.0, True) for tag, is_so in word.items() if is_so and tag not in told]
    return sorted(found, key=lambda hit: not word.get(hit.tag, False))  # stable: the most probable first among equals
