"""Train the tempo network and write it as ONNX.

    python -m earmark_research.tempo --soundfonts A.sf2 B.sf2 --out rhythm.onnx

It learns from music composed by code (`music.groove`) and from written music (`music.scores`), both played by
FluidSynth, so every beat is known exactly; no recording and no label of a recording enters.
"""

import argparse
from pathlib import Path

import torch

from earmark_research.music.fluidsynth import require_soundfont
from earmark_research.music.programs import require_programs
from earmark_research.progress import PrintedProgress
from earmark_research.tempo.examples import composed_examples, written_examples
from earmark_research.tempo.network import export
from earmark_research.tempo.train import train


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--soundfonts", type=Path, nargs="+", required=True, help="General MIDI, SF2")
    parser.add_argument("--out", type=Path, required=True, help="ONNX file to write")
    parser.add_argument("--composed", type=int, default=1500, help="pieces composed by code")
    parser.add_argument("--written", type=int, default=500, help="excerpts of scores; 0 does without music21")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    torch.set_num_threads(1)
    require_programs("fluidsynth")
    soundfonts, progress = [require_soundfont(path) for path in args.soundfonts], PrintedProgress()
    composed = composed_examples(args.composed, soundfonts, progress)
    written = written_examples(args.written, soundfonts, progress) if args.written else []
    export(train(composed, written, args.steps, args.seed, progress=progress), args.out)
    print(f"wrote {args.out}")


if __name__ == "__main__":
    main()
