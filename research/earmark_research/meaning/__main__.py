"""Fit the map of search by meaning: ``python -m earmark_research.meaning --help``."""

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np

from earmark.explore.meaning.concepts import concepts
from earmark.explore.meaning.encoder import load_encoder
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import model_path
from earmark_research.meaning.sounds import Reference, Space, fit_space, hear_all, reference_files
from earmark_research.meaning.texts import fit_texts, read_examples, telling

LICENCE = "CC-BY-SA-4.0 (text_map, text_mean and telling, learnt from MusicCaps captions); the rest Apache-2.0"


def main(words: list[str] | None = None) -> None:
    """Read captions, hear the reference, write the map."""
    parser = argparse.ArgumentParser(prog="python -m earmark_research.meaning", description=__doc__)
    parser.add_argument("--captions", type=Path, required=True, help="musiccaps.csv, with caption and aspects")
    parser.add_argument("--reference", type=Path, nargs="+", required=True, help="manifests of music")
    parser.add_argument("--heard", type=Path, help="npz of what was heard of the reference; made where it is missing")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args(words)
    model = load_model(model_path("default"))
    space = fit_space(_reference(model, args), model.tagset.names())
    examples, encoder = read_examples(args.captions), load_encoder()
    mean, text_map = fit_texts(encoder.encode(examples.texts).astype(np.float64), examples)
    texts = {"text_mean": mean, "text_map": text_map, "telling": telling(examples)}
    write_map(args.out, model, encoder.id, space, texts)
    print(f"{args.out}: {args.out.stat().st_size:,} bytes, {len(examples.texts):,} texts, {len(concepts())} concepts")


def _reference(model: Model, args: argparse.Namespace) -> Reference:
    if args.heard and args.heard.is_file():
        with np.load(args.heard, allow_pickle=False) as stored:
            return Reference(stored["embedding"], stored["logits"])
    found = hear_all(model, reference_files(args.reference))
    if args.heard:
        np.savez(args.heard, embedding=found.embedding, logits=found.logits)
    return found


def write_map(out: Path, model: Model, encoder: str, space: Space, texts: dict[str, np.ndarray]) -> None:
    """The file that `earmark.explore.meaning.soundmap.load_map` reads; large arrays in half precision."""
    arrays = asdict(space) | texts
    stored = {name: value.astype(np.float16 if value.ndim == 2 else np.float32) for name, value in arrays.items()}
    about = {"model_id": model.info.id, "model_version": model.info.version.split("-")[0], "encoder": encoder,
             "concepts": list(concepts()), "tags": model.tagset.names(), "licence": LICENCE}  # fmt: skip
    np.savez_compressed(out, **{name: np.array(value) for name, value in about.items()}, **stored)


if __name__ == "__main__":
    main()
