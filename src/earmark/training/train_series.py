"""Training a series network on the Million Song Dataset; its model file takes series and lyrics, not sound."""

from pathlib import Path

import torch

from earmark.data.series import LYRICS_FILE, LyricsCode, read_songs, save_lyrics_code, series_inputs
from earmark.data.splits import split_of
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup
from earmark.training.batches import Arrays
from earmark.training.export import export_series
from earmark.training.networks import build_network
from earmark.training.outputs import RunOptions, Trained, check_split, describe_model
from earmark.training.recipe import Recipe
from earmark.training.train_network import NetworkTask, make_objective, train_network


def train_series(recipe: Recipe, data: str | Path, column: str, out: Path, run: RunOptions) -> Trained:
    """Train a series network; its model file cannot analyse sound.

    Parameters
    ----------
    data : the compact form of the Million Song Dataset
    column : as for `earmark.data.series.labelled_songs`

    Raises
    ------
    DataError : the data cannot be read, too few songs or classes, another training in `out`, a loss that is no number
    """
    songs, manifest, targets = read_songs(data, column, recipe.series.min_songs)
    split = split_of(manifest, targets, recipe.train.seed)
    check_split(targets, split)
    code = LyricsCode.of(songs, recipe.series.lyrics, split.train)
    examples = Arrays(series_inputs(songs, code, recipe.series.use), targets.values)
    n_lyrics = examples.inputs[1].shape[1]
    torch.manual_seed(recipe.train.seed)
    network = build_network(recipe.network, n_lyrics, len(targets.names), recipe.options)
    info = describe_model(recipe, manifest, TagGroup(column, targets.names, "exclusive"))
    objective = make_objective(recipe, targets, split)
    task = NetworkTask(recipe, manifest, targets, split, network, n_lyrics, objective, examples, info)

    def export(network: torch.nn.Module, info: ModelInfo, path: Path) -> float:
        save_lyrics_code(code, songs.words, recipe.series.use, path.parent / LYRICS_FILE)
        return export_series(network, info, examples.inputs, path)

    return train_network(task, out, run, export)
