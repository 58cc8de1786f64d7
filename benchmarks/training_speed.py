"""How long S2's CNN takes: 300 clips of 15 s, 100 epochs of the recipe `deepsound-cnn`. Bar: 10 minutes on 2 cores.

    python benchmarks/training_speed.py [--epochs 100] [--threads 2] [--accelerator auto]

The spectrograms are noise of the right shape: the time does not depend on what is in them.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.batches import Clips, shuffle_rows
from earmark.training.checkpoint import checkpoint_header
from earmark.training.fit import fit
from earmark.training.networks import build_network
from earmark.training.objective import Objective
from earmark.training.recipe import read_recipe

N_CLIPS, SECONDS, N_CLASSES = 300, 15.0, 10


def measure(epochs: int, accelerator: str) -> tuple[float, float]:
    """Seconds on the clock and seconds of processor time."""
    recipe = read_recipe("deepsound-cnn", {"train.epochs": epochs})
    cfg = recipe.features
    frames = round(SECONDS * cfg.frame_rate)
    rng = np.random.default_rng(0)
    spectrograms = rng.standard_normal((N_CLIPS, frames, cfg.n_mels)).astype(np.float16)
    y = np.eye(N_CLASSES, dtype=np.float32)[np.arange(N_CLIPS) % N_CLASSES]
    network = build_network(recipe.network, cfg.n_mels, N_CLASSES, recipe.options)
    clips = Clips(spectrograms, y, cfg, frames, network.patch_frames, network.min_frames)
    tags = Tagset((TagGroup("genre", tuple(f"g{k}" for k in range(N_CLASSES)), "exclusive"),))
    info = ModelInfo("speed", "1", tags, cfg)
    header = checkpoint_header(recipe.network, cfg.n_mels, N_CLASSES, recipe.options, info, {})
    clock, processor = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        order = shuffle_rows(np.arange(N_CLIPS))
        fit(network, Objective.of("exclusive", y), clips, order, np.zeros(0, int), recipe.train, Path(folder), header,
            accelerator)  # fmt: skip
    return time.perf_counter() - clock, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--accelerator", default="auto")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    clock, processor = measure(args.epochs, args.accelerator)
    print(f"{args.epochs} epochs, {args.threads} threads: {clock:.1f} s ({processor:.1f} s of processor time)")
    print(f"100 epochs at this rate: {clock * 100 / args.epochs / 60:.1f} min ({processor / args.epochs * 100:.0f} s)")


if __name__ == "__main__":
    main()
