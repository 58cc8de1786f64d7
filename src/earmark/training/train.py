"""One training from a recipe and a manifest to a folder that the runtime can use: what `earmark train` runs."""

from pathlib import Path

from earmark.data.read import read_manifest
from earmark.data.targets import TargetKind, read_targets
from earmark.errors import ConfigError, FileError
from earmark.tagger.tagset import TagGroup
from earmark.training.outputs import RunOptions, Trained
from earmark.training.recipe import Recipe
from earmark.training.train_audio import train_audio
from earmark.training.train_probe import train_probe
from earmark.training.train_series import train_series


def train(
    recipe: Recipe,
    data: str | Path,
    columns: list[str],
    out: str | Path,
    run: RunOptions,
    kind: TargetKind | None = None,
) -> Trained:
    """Train from a manifest; goes on where `out` holds an interrupted training of the same kind.

    Parameters
    ----------
    data : a manifest, or a folder as `read_manifest` takes it
    columns : what is learned, as for `read_targets`
    kind : of the targets; guessed from the columns where None

    Raises
    ------
    ConfigError : a setting of the recipe or of the run is impossible
    DataError : manifest, targets or an older training in `out` do not fit, before training begins; or the loss is no
        number any more
    FileError : `out` is a file
    ModelError : the backbone of a probe cannot be used, or the model file differs from what was trained
    """
    out = Path(out)
    if out.exists() and not out.is_dir():
        raise FileError(out, "is a file", "Give a folder to write to.")
    if recipe.family == "series":
        return train_series(recipe, data, _only_column(columns), out, run)
    manifest = read_manifest(data)
    targets = read_targets(manifest, columns, kind)
    name = columns[0] if len(columns) == 1 and targets.kind == "exclusive" else "tags"
    group = TagGroup(name, targets.names, targets.kind)
    train_family = train_probe if recipe.family == "probe" else train_audio
    return train_family(recipe, manifest, targets, group, out, run)


def _only_column(columns: list[str]) -> str:
    if len(columns) != 1:
        raise ConfigError(",".join(columns), "the Million Song networks learn one column", "Give one --target.")
    return columns[0]
