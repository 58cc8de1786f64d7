"""Recipes: short TOML files that name a network, its front end and how it is trained."""

import tomllib
from dataclasses import asdict, dataclass, field, fields
from importlib.resources import files
from pathlib import Path

from earmark.audio.config import FeatureConfig
from earmark.data.series import SeriesSettings
from earmark.errors import ConfigError
from earmark.training.augment import Augmentation
from earmark.training.fit import FitSettings
from earmark.training.networks import AUDIO_NETWORKS, SERIES_NETWORKS
from earmark.training.probe import ProbeSettings
from earmark.training.sampling import parse_balance


@dataclass(frozen=True)
class Recipe:
    """A network, its front end, and how it is trained.

    Attributes
    ----------
    name : of the file, without .toml
    network : ``probe``, or a name of `earmark.training.networks`
    options : the network's own settings
    features : the front end of an audio network; a probe has that of its backbone
    crop_seconds : length of a training example of an audio network
    balance : how often the classes are drawn within the training part, as `earmark.training.sampling.parse_balance`
    train, augment : of a network
    probe : of a probe
    series : how the Million Song Dataset is read; for the ``msd_*`` networks only
    """

    name: str
    network: str
    options: dict = field(default_factory=dict)
    features: FeatureConfig = field(default_factory=FeatureConfig)
    crop_seconds: float = 4.0
    balance: str = "none"
    train: FitSettings = field(default_factory=FitSettings)
    augment: Augmentation = field(default_factory=Augmentation)
    probe: ProbeSettings = field(default_factory=ProbeSettings)
    series: SeriesSettings = field(default_factory=SeriesSettings)

    @property
    def family(self) -> str:
        """``probe``, ``audio`` or ``series``: which part of `earmark.training` trains it."""
        if self.network == "probe":
            return "probe"
        return "audio" if self.network in AUDIO_NETWORKS else "series"

    def to_dict(self) -> dict:
        """Plain values, as they travel in a checkpoint."""
        return asdict(self)


SECTIONS = {
    "features": FeatureConfig,
    "train": FitSettings,
    "augment": Augmentation,
    "probe": ProbeSettings,
    "series": SeriesSettings,
}


def read_recipe(name_or_path: str | Path, changes: dict | None = None) -> Recipe:
    """Read a packaged recipe by name, or a TOML file by path.

    Parameters
    ----------
    changes : settings to replace, e.g. ``{"train.epochs": 5, "network.width": 32}``

    Raises
    ------
    ConfigError : no such recipe, not TOML, or an unknown or impossible setting, with the ones there are
    """
    path = _find(str(name_or_path))
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path.name, f"not TOML ({error})", "See docs/training.md for a recipe's form.") from error
    for key, value in (changes or {}).items():
        _put(values, key, value)
    return recipe_from(values, path.name.removesuffix(".toml"))


def parse_changes(texts: list[str]) -> dict:
    """``["train.epochs=5"]`` -> ``{"train.epochs": 5}``, for `read_recipe`; values are TOML, bare words are text.

    Raises ConfigError for a text without ``=``.
    """
    changes = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f"--set {text}", "no value", "Write TABLE.NAME=VALUE, such as train.epochs=5.")
        try:
            changes[key.strip()] = tomllib.loads(f"x = {value}")["x"]
        except tomllib.TOMLDecodeError:
            changes[key.strip()] = value.strip()
    return changes


def recipe_from(values: dict, name: str) -> Recipe:
    """Build a recipe from the tables of its TOML; raises ConfigError as `read_recipe`."""
    values = {key: dict(table) if isinstance(table, dict) else table for key, table in values.items()}
    options = values.pop("network", {})
    if not isinstance(options, dict) or "name" not in options:
        raise ConfigError(f"recipe {name}", "no [network] with a name", 'Write `[network]` and `name = "fcn"`.')
    network = options.pop("name")
    known = ("probe", *AUDIO_NETWORKS, *SERIES_NETWORKS)
    if network not in known:
        raise ConfigError(f"recipe {name}", f"no network {network!r}", f"There are {', '.join(known)}.")
    sections = {key: _section(name, key, cls, values.pop(key, {})) for key, cls in SECTIONS.items()}
    top = values.pop("data", {})
    _refuse_unknown(f"recipe {name}", values, ("network", "data", *SECTIONS))
    _refuse_unknown(f"recipe {name} [data]", top, ("crop_seconds", "balance"))
    recipe = Recipe(name, network, options, **sections, **top)
    parse_balance(recipe.balance)
    if not recipe.crop_seconds > 0:
        raise ConfigError(f"recipe {name} [data]", f"crop_seconds {recipe.crop_seconds}", "Give a length above 0.")
    return recipe


def recipe_names() -> list[str]:
    """The packaged recipes."""
    return sorted(entry.name.removesuffix(".toml") for entry in _folder().iterdir() if entry.name.endswith(".toml"))


def to_toml(recipe: Recipe) -> str:
    """The recipe as it was used, every setting written out; `read_recipe` reads it back."""
    tables = {"network": {"name": recipe.network} | recipe.options}
    tables |= {"data": {"crop_seconds": recipe.crop_seconds, "balance": recipe.balance}}
    tables |= {key: asdict(getattr(recipe, key)) for key in SECTIONS}
    lines = []
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {_toml_value(value)}" for key, value in table.items()), ""]
    return "\n".join(lines)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml_value, value)) + "]"
    return repr(value)


def _folder():
    return files("earmark") / "recipes"


def _find(name: str):
    if name.endswith(".toml") or Path(name).is_file():
        if not Path(name).is_file():
            raise ConfigError(name, "no such recipe file", f"Packaged ones: {', '.join(recipe_names())}.")
        return Path(name)
    entry = _folder() / f"{name}.toml"
    if not entry.is_file():
        raise ConfigError(name, "no such recipe", f"There are {', '.join(recipe_names())}, or give a TOML file.")
    return entry


def _put(values: dict, key: str, value: object) -> None:
    table, _, name = key.partition(".")
    if not name:
        raise ConfigError(key, "not a setting", "Write TABLE.NAME=VALUE, such as train.epochs=5.")
    values.setdefault(table, {})[name] = value


def _section(recipe: str, key: str, cls: type, table: dict):
    source = f"recipe {recipe} [{key}]"
    known = {entry.name: entry.type for entry in fields(cls)}
    _refuse_unknown(source, table, tuple(known))
    for name, value in table.items():
        wanted = known[name]
        fits = {int: (int,), float: (int, float), str: (str,), bool: (bool,)}.get(wanted)
        if fits and (not isinstance(value, fits) or (isinstance(value, bool) and wanted is not bool)):
            raise ConfigError(source, f"{name} = {value!r} is not {wanted.__name__}", "Correct the recipe.")
    table = {name: tuple(value) if isinstance(value, list) else value for name, value in table.items()}
    return cls(**table)


def _refuse_unknown(source: str, table: dict, known: tuple[str, ...]) -> None:
    if unknown := sorted(set(table) - set(known)):
        raise ConfigError(source, f"unknown settings {', '.join(unknown)}", f"There are {', '.join(known)}.")
