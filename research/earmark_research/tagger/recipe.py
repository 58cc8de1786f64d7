"""A recipe file, read: what the cache holds, what is kept aside, the network and its stages."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from earmark_research.tagger.fit import FitConfig
from earmark_research.tagger.network import BranchConfig, StarterConfig
from earmark_research.tagger.plan import Plan
from earmark_research.tagger.stages import Stage

RECIPE = Path(__file__).with_name("starter.toml")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of audio in the cache: patches of a file at most, and how many it must have."""

    name: str
    patches: int
    at_least: int = 1


@dataclass(frozen=True, slots=True)
class Synthetic:
    """n sounds that code makes from a seed and that are no music."""

    name: str
    n: int
    seed: int


@dataclass(frozen=True, slots=True)
class Mix:
    """Blocks of patches of the folders `over` with some of `under` beneath; `mastered` as in `build.cache_mixes`."""

    name: str
    over: Sequence[str]
    under: Sequence[str]
    blocks: int
    mastered: bool = False


@dataclass(frozen=True)
class Recipe:
    """A whole recipe file; sources that the cache has not are left out of `plan` and `stages`."""

    version: str
    plan: Plan
    folders: list[Folder]
    synthetic: list[Synthetic]
    mixes: list[Mix]
    stages: list[Stage]
    network: StarterConfig

    @classmethod
    def read(cls, path: Path, cache: Path) -> "Recipe":
        """Raises OSError, tomllib.TOMLDecodeError, KeyError or TypeError where the file is no recipe."""
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        stages = [read_stage(stage, cache) for stage in values["stage"]]
        sources = tuple(dict.fromkeys(source for stage in stages for source in stage.sources))
        return cls(
            values["version"],
            Plan(sources, **{key: tuple(value) for key, value in values["plan"].items()}),
            [Folder(**part) for part in values["folder"]],
            [Synthetic(**part) for part in values["synthetic"]],
            [Mix(**part) for part in values["mix"]],
            stages,
            read_network(values["network"]),
        )


def read_network(values: dict) -> StarterConfig:
    """The ``[network]`` of a recipe."""
    return StarterConfig(
        {name: BranchConfig(**part | {"filters": tuple(part["filters"])}) for name, part in values.items()}
    )


def read_stage(values: dict, cache: Path) -> Stage:
    """One ``[[stage]]`` of a recipe, without the sources that the folder `cache` has not."""
    settings = {key: value for key, value in values.items() if key not in ("name", "draw", "after")}
    present = {source: share for source, share in values["draw"].items() if (cache / source).is_dir()}
    return Stage(values["name"], tuple(present), tuple(present.values()), FitConfig(**settings), values.get("after"))
