"""Names of models -> model files: the bundled one, those in the user's model folder, and any path."""

import os
from importlib.resources import files
from pathlib import Path

from earmark import settings
from earmark.errors import ModelError

DEFAULT = "default"
MODEL_FILE = "model.onnx"  # in the folder that `earmark train` writes


def bundled() -> Path:
    """The model file in the package."""
    return Path(str(files("earmark") / "assets" / "starter.onnx"))


def names() -> dict[str, Path]:
    """Name -> model file: ``default``, and those in the user's model folder (``EARMARK_MODELS``) by their stems."""
    added = {path.stem: path for path in sorted(settings.MODELS.path().glob("*.onnx"))}
    return {DEFAULT: bundled()} | added


def model_path(name: str | os.PathLike) -> Path:
    """The model file that a name, an ONNX file or a folder stands for.

    Parameters
    ----------
    name : ``default``, a name in the user's model folder, a file, or a folder that ``earmark train`` wrote

    Raises
    ------
    ModelError : none of these; the message lists the names there are
    """
    known = names()
    if os.fspath(name) in known:
        return known[os.fspath(name)]
    path = Path(name)
    if (path / MODEL_FILE).is_file():
        return path / MODEL_FILE
    if path.is_file():
        return path
    remedy = f"The names are {', '.join(known)}; or give an ONNX file, or a folder written by `earmark train`."
    raise ModelError(name, "no such model", remedy)
