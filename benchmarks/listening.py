"""Tags of tracks that a listener can check, and of sounds that are no music: the tables of the model card.

    python benchmarks/listening.py --data ../shared/data [--model default] [--noise DIR] [--diagram FILE.svg]

Prints Markdown; `--diagram` draws the calibration in the metadata of the model file. A genre with `?` is below its
threshold. `--noise` names a folder of recordings that are no music, of which the first few are added.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.evaluation.plots import BLUE, QUIET, VERMILION, figure, styled, svg
from earmark.tagger import registry
from earmark.tagger.model import Model, load_model
from earmark.tagger.tags import TagProbability, rank_tags
from earmark_research.music import negatives

SECONDS = 10
SHOWN = ("mood", "instrument", "voice", "era", "character")


def ranked_tags(model: Model, y: np.ndarray) -> dict[str, list[TagProbability]]:
    """Group -> tags, most probable first, of a mono signal at the model's rate."""
    return rank_tags(model.tagset, model.run(log_mel(y, model.info.features)))


def named(tags: dict[str, list[TagProbability]]) -> str:
    """The tags that are named, most probable first."""
    sure = [hit for group in SHOWN for hit in tags.get(group, []) if hit.sure]
    return ", ".join(f"{hit.tag} {hit.probability:.2f}" for hit in sorted(sure, key=lambda hit: -hit.probability))


def genre(tags: dict[str, list[TagProbability]]) -> str:
    """The likeliest genre, `?` where the model is not sure."""
    first = tags["genre"][0]
    return f"{first.tag} {first.probability:.2f}{'' if first.sure else '?'}"


def catalogue_table(model: Model, folder: Path) -> list[str]:
    """One row a track of ``cc_catalogue``, with its author's own description."""
    rows = ["| track | the author says | genre | named | energy, valence, danceability |", "|---|---|---|---|---|"]
    with (folder / "tracks.csv").open(encoding="utf-8", newline="") as file:
        for track in csv.DictReader(file):
            tags = ranked_tags(model, load_audio(folder / track["path"]).y)
            value = {hit.tag: hit.probability for hit in tags["scale"]}
            said = " ".join(track[key] for key in ("genre", "feel", "instruments") if track[key])
            scales = ", ".join(f"{value[name]:.2f}" for name in ("energy", "valence", "danceability"))
            rows.append(f"| {track['title'] or track['path']} | {said} | {genre(tags)} | {named(tags)} | {scales} |")
    return rows


def no_music(folder: Path | None) -> dict[str, np.ndarray]:
    """Name -> mono signal at 16 kHz."""
    rng, n = np.random.default_rng(2024), SECONDS * 16_000
    sounds = {
        "silence": np.zeros(n),
        "white noise": 0.1 * rng.standard_normal(n),
        "sine tone, 440 Hz": 0.5 * np.sin(2 * np.pi * 440 * np.arange(n) / 16_000),
        "applause (synthetic)": 0.2 * negatives.applause(rng, n),
        "birdsong (synthetic)": 0.3 * negatives.birdsong(rng, n),
        "babble (synthetic)": 0.3 * negatives.babble(rng, n),
    }
    files = sorted(path for path in folder.rglob("*") if path.is_file())[:4] if folder else []
    return sounds | {path.name: load_audio(path).y for path in files}


def no_music_table(model: Model, sounds: dict[str, np.ndarray]) -> list[str]:
    """One row a sound: whether it is taken for music, and what would be said of it."""
    rows = ["| sound | music | likeliest genre | named |", "|---|---|---|---|"]
    for name, y in sounds.items():
        tags = ranked_tags(model, np.asarray(y, np.float32))
        rows.append(f"| {name} | {tags['content'][0].probability:.2f} | {genre(tags)} | {named(tags) or 'nothing'} |")
    return rows


@styled
def diagram(model: Model) -> str:
    """Reliability of each group on held-out tracks, side by side: SVG."""
    groups = model.info.metrics["reliability"]
    made, axes = figure(1.9 * len(groups), 2.3, 1, len(groups), sharey=True)
    for axis, (name, bins) in zip(axes[0], groups.items(), strict=True):
        axis.plot([0, 1], [0, 1], color=QUIET, lw=0.8, ls=":")
        axis.plot(bins["said"], bins["held"], color=BLUE, lw=1.2)
        axis.scatter(bins["said"], bins["held"], 4 + 60 * np.array(bins["count"]) / max(bins["count"]), color=VERMILION)
        axis.set(title=name, xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal", xticks=[0, 0.5, 1])
    axes[0, 0].set(ylabel="share that was right")
    made.supxlabel("probability that was said (larger marks: more answers)", fontsize=8.5)
    return svg(made, "Reliability diagrams of the groups of tags")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--model", default="default")
    parser.add_argument("--noise", type=Path)
    parser.add_argument("--diagram", type=Path)
    args = parser.parse_args()
    model = load_model(registry.model_path(args.model))
    print("\n".join(catalogue_table(model, args.data / "cc_catalogue")), end="\n\n")
    print("\n".join(no_music_table(model, no_music(args.noise))))
    if args.diagram:
        args.diagram.write_text(diagram(model) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
