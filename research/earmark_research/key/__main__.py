"""Train the key networks on music composed by code, then fit three numbers on labelled clips.

    python -m earmark_research.key --out src/earmark/assets/key_head.npz \\
        --data ../shared/data/gtzan_partial --held-out held_out.csv

No labelled clip enters the training of the networks. Fitted on the clips are only the weights of the networks and of
the hand-set profiles, and what is added for minor keys. With --held-out the same is fitted on nine tenths of the
artists, and the keys of the others' clips are written, which `benchmarks/harmony.py` reads.
"""

import argparse
from pathlib import Path

import torch

from earmark_research.key.blend import blend_on
from earmark_research.key.examples import composed_examples
from earmark_research.key.network import save
from earmark_research.key.train import train_networks
from earmark_research.progress import PrintedProgress


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with tracks.csv and key_lerch labels")
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--songs", type=int, default=3000)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--nets", type=int, default=3)
    args = parser.parse_args()
    torch.set_num_threads(1)
    progress = PrintedProgress()
    networks = train_networks(composed_examples(args.songs, progress=progress), args.nets, args.steps, progress)
    save(networks, blend_on(args.data, networks, args.held_out), args.out)
    print(f"wrote {args.out}")


if __name__ == "__main__":
    main()
