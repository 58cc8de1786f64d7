"""Training a network of S3 on the Million Song part; its model file takes series and lyrics, not sound."""

from pathlib import Path

import torch

from earmark.data.series import LYRICS_FILE, LyricsCode, read_songs, save_lyrics_code, series_inputs
from earmark.data.splits import split_of
from earmark.tagger.tagset import TagGroup
from earmark.training.batches import Arrays
from earmark.training.checkpoint import passport
from earmark.training.export import export_series
from earmark.training.fit import fit
from earmark.training.networks import build_network
from earmark.training.outputs import (
    MODEL_FILE,
    RunOptions,
    Trained,
    begin,
    check_split,
    finished,
    info_of,
    objective_of,
    order_of,
    settings_of,
)
from earmark.training.recipe import Recipe


def train_series(recipe: Recipe, data: str | Path, column: str, out: Path, run: RunOptions) -> Trained:
    """Train a network of S3; its model file takes series and lyrics, so it cannot analyse sound."""
    songs, manifest, targets = read_songs(data, column, recipe.series.min_songs)
    split = split_of(manifest, targets, recipe.train.seed)
    check_split(targets, split)
    code = LyricsCode.of(songs, recipe.series.lyrics, split.train)
    objective = objective_of(recipe, targets, split)
    examples = Arrays(series_inputs(songs, code, recipe.series.use), targets.values)
    n_lyrics = examples.inputs[1].shape[1]
    torch.manual_seed(recipe.train.seed)
    network = build_network(recipe.network, n_lyrics, len(targets.names), recipe.options)
    info = info_of(recipe, manifest, TagGroup(column, targets.names, "exclusive"))
    carried = passport(recipe.network, n_lyrics, len(targets.names), recipe.options, info, settings_of(recipe, split))
    begin(out, recipe, manifest, split, run, carried)
    network, history = fit(
        network, objective, examples, order_of(recipe, targets, split), split.valid, recipe.train, out, carried,
        run.accelerator, run.progress,
    )  # fmt: skip
    info = finished(info, recipe, manifest, network, objective, examples, targets, split)
    save_lyrics_code(code, songs.words, recipe.series.use, out / LYRICS_FILE)
    difference = export_series(network, info, examples.inputs, out / MODEL_FILE)
    run.log(f"model file and network agree to {difference:.1e}")
    return Trained(out / MODEL_FILE, info.metrics, split, history)
