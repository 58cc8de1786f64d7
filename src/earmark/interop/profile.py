"""Profiles: which fields a program reads, and how it wants them spelt."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from earmark.errors import ConfigError
from earmark.interop.fields import CHOICES, FIELDS, GROUPS

OWN_MEANING = "all of it exactly, in tags of our own: `EARMARK_*`"
NOTATIONS = ("standard", "camelot", "openkey")
MODES = ("fill-empty", "add", "replace")
GATES = {"tempo_confidence": 0.5, "tempo_octave_confidence": 0.8, "key_confidence": 0.6}
"""What an estimate must reach to be written; a correction by the user always does."""
MOST = {"genre": 1, "style": 2, "mood": 3, "grouping": 2}
"""Values that are written of one field at most."""


@dataclass(frozen=True)
class Profile:
    """What is written, and how.

    Attributes
    ----------
    name : for the plan
    fields : names of `earmark.interop.fields.FIELDS`
    notation : of keys: ``standard`` (Am, F#m, Bb), ``camelot`` (8A) or ``openkey`` (1m)
    bpm_decimals : 0 to 2; MP4 holds whole numbers only
    most : field -> values at most
    gates : estimate -> what it must reach

    Raises
    ------
    ConfigError : a field, notation, gate or number that there is not
    """

    name: str
    fields: tuple[str, ...]
    notation: str = "standard"
    bpm_decimals: int = 0
    most: Mapping[str, int] = field(default_factory=dict)
    gates: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "fields", _known_fields(self.name, self.fields))
        _check_one(f"{self.name}: notation", self.notation, NOTATIONS)
        _check_one(f"{self.name}: bpm_decimals", self.bpm_decimals, (0, 1, 2))
        object.__setattr__(self, "most", MOST | _numbers(f"{self.name}: most", self.most, MOST))
        object.__setattr__(self, "gates", GATES | _numbers(f"{self.name}: gates", self.gates, GATES))


def _known_fields(name: str, wanted: object) -> tuple[str, ...]:
    if not isinstance(wanted, list | tuple) or not all(isinstance(one, str) for one in wanted):
        raise ConfigError(f"{name}: fields", "not a list of names", f"There are: {', '.join(CHOICES)}.")
    found = set()
    for one in wanted:
        if one not in FIELDS:
            _check_one(f"{name}: fields", one, CHOICES)
        found |= set(GROUPS.get(one, (one,)))
    return tuple(one for one in FIELDS if one in found)


def _check_one(source: str, value: object, choices: Iterable) -> None:
    if value not in choices or isinstance(value, bool):
        raise ConfigError(source, f"no such value: {value}", f"There are: {', '.join(map(str, choices))}.")


def _numbers(source: str, values: object, known: Mapping[str, float]) -> dict[str, float]:
    if not isinstance(values, Mapping):
        raise ConfigError(source, "not a table", f"Give numbers for {', '.join(known)}.")
    for name, value in values.items():
        _check_one(source, name, known)
        if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
            raise ConfigError(f"{source}.{name}", f"not a number from 0: {value}", "Give a number.")
    return dict(values)


PROFILES = {
    one.name: one
    for one in (
        Profile("navidrome", ("bpm", "key", "mood", "genre", "grouping", "gain", "own")),
        Profile("rekordbox", ("bpm", "key", "genre", "energy", "comment", "own"), bpm_decimals=2),
        Profile("beets", ("bpm", "key", "genre", "mood", "style", "grouping", "gain", "own")),
        Profile("picard", ("bpm", "key", "genre", "mood", "gain", "own")),
    )
}
"""Name -> the profiles that come with earmark."""


def choices() -> dict:
    """All that may be asked for, as JSON: profiles with their fields, fields with what they are, modes, gates."""
    parts = {name for group, names in GROUPS.items() for name in names if name != group}
    shown = [name for name in CHOICES if name not in parts]
    return {
        "profiles": [_told(one, shown) for one in PROFILES.values()],
        "fields": [{"name": x, "meaning": OWN_MEANING if x == "own" else FIELDS[x].meaning} for x in shown],
        "modes": list(MODES),
        "notations": list(NOTATIONS),
        "gates": dict(GATES),
    }


def _told(profile: Profile, shown: Iterable[str]) -> dict:
    fields = [x for x in shown if set(GROUPS.get(x, (x,))) <= set(profile.fields)]
    return {"name": profile.name, "fields": fields, "notation": profile.notation, "bpm_decimals": profile.bpm_decimals}


def load_profile(name: str) -> Profile:
    """A profile by its name, or from a TOML file with the attributes of `Profile`; raises ConfigError."""
    if name in PROFILES:
        return PROFILES[name]
    if not name.endswith(".toml"):
        raise ConfigError(name, "no such profile", f"There are: {', '.join(PROFILES)}; or name a .toml file.")
    try:
        values = tomllib.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigError(name, f"cannot be read as TOML ({error})", "Mend the file.") from error
    for key in values:
        _check_one(name, key, [one.name for one in fields(Profile)])
    return Profile(**{"name": Path(name).stem, "fields": CHOICES} | values)


def adjusted(
    profile: Profile, fields: Iterable[str] = (), notation: str | None = None, gates: Mapping[str, float] | None = None
) -> Profile:
    """The profile with other fields, another notation or other gates, where they are given; raises ConfigError."""
    return replace(
        profile,
        fields=tuple(fields) or profile.fields,
        notation=notation or profile.notation,
        gates={**profile.gates, **(gates or {})},
    )
