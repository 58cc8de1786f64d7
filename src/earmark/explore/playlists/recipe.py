"""What a list shall be: seeds, words and a filter, rules, an order, and how much is left to chance.

As TOML, of which every line may be missing:

    like = ["Three and Two", "00d4a1"]    # tracks that it shall sound like: ids, paths or titles
    unlike = ["Boss"]
    text = "calm piano"
    where = "energy < 0.6"
    variance = 0.2                        # 0: the best fit alone; 1: nearly by chance
    seed = 7                              # another number, another list

    [rules]
    tracks = 30                           # or minutes = 90
    per_artist = 2
    per_album = 1
    gap = 3                               # others at least between two of an artist
    speech = false                        # leave out what is not sure to be music
    shortest = 60                         # seconds
    longest = 600
    not_in = ["Morning"]                  # tracks of other lists
    versions = false                      # one version of a song

    [order]
    by = "harmonic"                       # similarity, harmonic, tempo, energy, shuffle or rank
    bpm_range = 6                         # per cent within which two tempi mix
    start_bpm = 90                        # of a ramp of the tempo
    end_bpm = 130
    curve = [[0, 0.3], [0.7, 0.9], [1, 0.4]]   # of the energy: share of the list, energy 0 to 1
"""

import math
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from earmark.errors import ConfigError

MAX_TRACKS = 500
MAX_SEEDS = 20
ORDERS = ("similarity", "harmonic", "tempo", "energy", "shuffle", "rank")
SEE = "See docs/playlists.md for the form of a recipe."

Curve = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Rules:
    """What may be in a list, see the module; None: no rule."""

    tracks: int | None = None
    minutes: float | None = None
    per_artist: int | None = None
    per_album: int | None = None
    gap: int = 0
    speech: bool = True
    shortest: float | None = None
    longest: float | None = None
    not_in: tuple[str, ...] = ()
    versions: bool = False


@dataclass(frozen=True)
class Order:
    """In which order the tracks stand, see the module."""

    by: str = "similarity"
    bpm_range: float = 6.0
    start_bpm: float | None = None
    end_bpm: float | None = None
    curve: Curve = ()


@dataclass(frozen=True)
class Recipe:
    """What a list shall be, see the module."""

    like: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    text: str = ""
    where: str = ""
    variance: float = 0.0
    seed: int = 0
    rules: Rules = field(default_factory=Rules)
    order: Order = field(default_factory=Order)

    def to_dict(self) -> dict[str, Any]:
        """As JSON: all that is not left at its default."""
        found = _differing(self, Recipe())
        parts = {"rules": _differing(self.rules, Rules()), "order": _differing(self.order, Order())}
        return found | {name: part for name, part in parts.items() if part}


def _differing(values: Any, defaults: Any) -> dict[str, Any]:
    plain = (entry.name for entry in fields(values) if entry.name not in ("rules", "order"))
    return {name: value for name in plain if (value := getattr(values, name)) != getattr(defaults, name)}


# -- what each key may be ---------------------------------------------------------------------------------------------

Check = tuple[Callable[[Any], bool], str]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _number(low: float, high: float) -> Check:
    return lambda value: _is_number(value) and low <= value <= high, f"a number from {low:g} to {high:g}"


def _whole(low: int, high: int) -> Check:
    fits = lambda value: _is_number(value) and isinstance(value, int) and low <= value <= high  # noqa: E731
    return fits, f"a whole number from {low} to {high}"


def _is_texts(value: Any, most: int = 1000) -> bool:
    return isinstance(value, list | tuple) and len(value) <= most and all(isinstance(x, str) and x for x in value)


def _is_curve(value: Any) -> bool:
    if not isinstance(value, list | tuple) or len(value) < 2:
        return False
    if not all(isinstance(point, list | tuple) and len(point) == 2 and all(map(_is_number, point)) for point in value):
        return False
    across = [x for x, _ in value]
    return all(0 <= x <= 1 and 0 <= y <= 1 for x, y in value) and across == sorted(set(across))


TEXT: Check = (lambda value: isinstance(value, str), "a text")
FLAG: Check = (lambda value: isinstance(value, bool), "true or false")
SEEDS: Check = (lambda value: _is_texts(value, MAX_SEEDS), f"a list of at most {MAX_SEEDS} tracks")
KEYS: dict[str, dict[str, Check]] = {
    "": {
        "like": SEEDS, "unlike": SEEDS, "text": TEXT, "where": TEXT,
        "variance": _number(0, 1), "seed": _whole(0, 2**31),
    },
    "rules": {
        "tracks": _whole(1, MAX_TRACKS), "minutes": _number(1, 6000), "per_artist": _whole(1, MAX_TRACKS),
        "per_album": _whole(1, MAX_TRACKS), "gap": _whole(0, MAX_TRACKS), "speech": FLAG,
        "shortest": _number(0, 1e6), "longest": _number(0, 1e6),
        "not_in": (_is_texts, "a list of names of playlists"), "versions": FLAG,
    },
    "order": {
        "by": (lambda value: value in ORDERS, f"one of {', '.join(ORDERS)}"), "bpm_range": _number(0, 50),
        "start_bpm": _number(20, 400), "end_bpm": _number(20, 400),
        "curve": (_is_curve, "a list of points [share of the list, energy], both 0 to 1, the shares rising"),
    },
}  # fmt: skip
"""Table -> key -> what its value must be, in code and in words."""


def recipe_from(values: dict[str, Any], source: str = "recipe", text: str = "") -> Recipe:
    """The recipe of decoded TOML or JSON.

    Parameters
    ----------
    source : what errors name
    text : the TOML that the values are of, for the number of a line

    Raises
    ------
    ConfigError : an unknown key, or a value that cannot be, by key and line
    """
    if not isinstance(values, dict):
        raise ConfigError(source, "is no object", SEE)
    tables = {"": {key: value for key, value in values.items() if key not in ("rules", "order")}}
    tables |= {name: values.get(name, {}) for name in ("rules", "order")}
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise _wrong(source, text, "", table, "is no table", f"Write [{table}] on a line of its own.")
        for key, value in entries.items():
            _check(source, text, table, key, value)
    plain, rules, order = ({key: _hashed(value) for key, value in entries.items()} for entries in tables.values())
    found = Recipe(rules=Rules(**rules), order=Order(**order), **plain)
    _check_whole(found, source, text)
    return found


def _check(source: str, text: str, table: str, key: str, value: Any) -> None:
    known = KEYS[table]
    if key not in known:
        there = [*known, *(() if table else ("[rules]", "[order]"))]
        raise _wrong(source, text, table, key, "is not known", f"There are {', '.join(there)}.")
    fits, wanted = known[key]
    if not fits(value):
        raise _wrong(source, text, table, key, f"= {value!r} is not {wanted}", SEE)


def _check_whole(recipe: Recipe, source: str, text: str) -> None:
    """What only several keys together tell."""
    rules, order = recipe.rules, recipe.order
    if rules.tracks is not None and rules.minutes is not None:
        raise _wrong(source, text, "rules", "minutes", "and tracks are both given", "Give one of them.")
    if rules.shortest is not None and rules.longest is not None and rules.shortest > rules.longest:
        raise _wrong(source, text, "rules", "shortest", "is more than longest", "Give them the other way around.")
    if order.by == "energy" and not order.curve:
        raise _wrong(source, text, "order", "by", "= 'energy' needs a curve", "Add curve = [[0, 0.3], [1, 0.9]].")
    for key, by in (("curve", "energy"), ("start_bpm", "tempo"), ("end_bpm", "tempo")):
        if getattr(order, key) and order.by != by:
            raise _wrong(source, text, "order", key, f"is for by = '{by}' alone", f"Add by = '{by}' or leave it out.")
    if recipe.unlike and not recipe.like:
        raise _wrong(source, text, "", "unlike", "needs something to sound like", "Add like = [...].")


def _wrong(source: str, text: str, table: str, key: str, problem: str, remedy: str) -> ConfigError:
    line = line_of(text, table, key)
    where = f"{source}, line {line}" if line else source
    return ConfigError(where, f"{f'{table}.' if table else ''}{key} {problem}", remedy)


def line_of(text: str, table: str, key: str) -> int | None:
    """The line of a TOML text on which a key of a table stands, or the table itself; None where it is not found."""
    now = ""
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[+\s*([^\]]+?)\s*\]", line):
            now = head[1]
            if table == "" and now == key:
                return number
        name = re.match(r"\s*([\w\"'.-]+?)\s*=", line)
        full = f"{now}.{name[1]}" if name and now else name[1] if name else None
        if full is not None and full.replace('"', "").replace("'", "") == (f"{table}.{key}" if table else key):
            return number
    return None


def _hashed(value: Any) -> Any:
    return tuple(map(_hashed, value)) if isinstance(value, list | tuple) else value


# -- files ------------------------------------------------------------------------------------------------------------


def read_recipe(path: Path) -> dict[str, Any]:
    """The values of a TOML file, checked; raises ConfigError that names key and line."""
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(path, f"cannot be read ({error.strerror})", "Name a recipe, a TOML file.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, f"not TOML ({error})", SEE) from error
    recipe_from(values, path.name, text)
    return values


def with_changes(values: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Decoded values with others in their place, by ``rules.tracks`` and the like; what is None or () changes nothing.

    Examples
    --------
    >>> with_changes({"rules": {"tracks": 30, "gap": 2}}, {"rules.tracks": 10, "seed": 3, "text": None})
    {'rules': {'tracks': 10, 'gap': 2}, 'seed': 3}
    """
    found = {key: dict(value) if isinstance(value, dict) else value for key, value in values.items()}
    for key, value in changes.items():
        if value is None or value == ():
            continue
        table, _, name = key.rpartition(".")
        (found.setdefault(table, {}) if table else found)[name] = value
    return found


def to_toml(recipe: Recipe) -> str:
    """The recipe as TOML that `read_recipe` reads."""
    values = recipe.to_dict()
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if not isinstance(value, dict)]
    for name in ("rules", "order"):
        if table := values.get(name):
            lines += ["", f"[{name}]", *(f"{key} = {_toml(value)}" for key, value in table.items())]
    return "\n".join(lines).strip() + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = re.sub(r"[\x00-\x1f\x7f]", lambda c: f"\\u{ord(c[0]):04x}", re.sub(r'(["\\])', r"\\\1", value))
        return f'"{escaped}"'
    return f"[{', '.join(map(_toml, value))}]" if isinstance(value, tuple) else repr(value)


def as_given(recipe: "Recipe | Mapping[str, Any] | str | os.PathLike") -> Recipe:
    """A recipe, decoded values of one, or the path of its TOML, as a recipe; raises ConfigError."""
    if isinstance(recipe, Recipe):
        return recipe_from({**asdict(recipe), "rules": _set(recipe.rules), "order": _set(recipe.order)})
    return recipe_from(dict(recipe) if isinstance(recipe, Mapping) else read_recipe(Path(recipe)))


def _set(part: Rules | Order) -> dict[str, Any]:
    return _differing(part, type(part)())
