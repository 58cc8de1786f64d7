"""One command from folders of audio to the bundled model file and the head of the accurate profile.

    python -m earmark.training.starter --cache DIR --data ../shared/data --teachers ../shared/teachers \
        --music DIR [--music2 DIR] [--noise DIR] [--held-noise DIR] --out DIR

The cache is filled first (resumable; 0.1 s of CPU a patch of 3 s), then the network is trained (resumable), then both
files are written. `--data` holds the folders ``emotify`` and ``gtzan_partial`` with their tracks.csv.
"""

import argparse
import json
import tomllib
from pathlib import Path

import torch

from earmark.training.starter import corpus, finish, pipeline
from earmark.training.starter.fit import FitConfig
from earmark.training.starter.network import StarterConfig

RECIPE = Path(__file__).with_name("starter.toml")


def fill_cache(args: argparse.Namespace) -> None:
    """Decode, cut and ask the teachers, source by source; prints the files that could not be used."""
    teachers = corpus.Teachers(args.teachers)
    everything = 10_000  # patches of a track
    jobs = [
        ("gtzan", args.data / "gtzan_partial", everything),
        ("emotify", args.data / "emotify", 10),
        ("cc", args.data / "cc_catalogue", everything),
        ("music", args.music, 12),
        ("music2", args.music2, 6),
        ("nonmusic", args.noise, 2),
        ("noise_held", args.held_noise, 2),
    ]
    for source, folder, at_most in jobs:
        if folder is None:
            continue
        for name, problem in corpus.build(folder, args.cache / source, teachers, at_most):
            print(f"left out: {name}: {problem}")
    corpus.build_synthetic(args.cache / "nonmusic_synth", teachers, n=200, seed=0)
    corpus.build_synthetic(args.cache / "synth_held", teachers, n=120, seed=777)


def configs(recipe: Path, cache: Path) -> tuple[str, pipeline.Plan, list[FitConfig], StarterConfig]:
    """Version and settings of a recipe file; sources that the cache has not are left out."""
    values = tomllib.loads(recipe.read_text(encoding="utf-8"))
    plan = {key: tuple(value) for key, value in values["plan"].items()}
    there = [(s, w) for s, w in zip(plan["sources"], plan["share"], strict=True) if (cache / s).is_dir()]
    plan["sources"], plan["share"] = (tuple(part) for part in zip(*there, strict=True))
    network = {key: tuple(v) if isinstance(v, list) else v for key, v in values["network"].items()}
    stages = [FitConfig(**stage) for stage in values["stage"]]
    return values["version"], pipeline.Plan(**plan), stages, StarterConfig(**network)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("cache", "data", "teachers", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("music", "music2", "noise", "held-noise"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    fill_cache(args)
    args.out.mkdir(parents=True, exist_ok=True)
    version, plan, stages, net_cfg = configs(args.recipe, args.cache)
    network = pipeline.train(args.cache, args.data, plan, stages, net_cfg, args.out)
    infos = [
        finish.finish_student(network, args.cache, args.data, plan, version, args.out / "starter.onnx"),
        finish.finish_accurate(args.cache, args.data, plan, version, args.out / "accurate_head.npz"),
    ]
    for info in infos:
        print(info.id, json.dumps(info.metrics, indent=1))


if __name__ == "__main__":
    main()
