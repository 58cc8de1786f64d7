"""Names of models -> model files: those in the package, those in the user's model folder, and any path."""

import os
from importlib.resources import files
from pathlib import Path

from earmark import settings
from earmark.errors import ModelError

DEFAULT, FAST, ACCURATE = "default", "fast", "accurate"
BUNDLED = {DEFAULT: "default.json", FAST: "fast.onnx", ACCURATE: "accurate.onnx"}
"""Name -> file in the package."""
MODEL_FILE = "model.onnx"  # in the folder that `earmark train` writes


def bundled(name: str = DEFAULT) -> Path:
    """The model file of that name in the package; `name` is of BUNDLED."""
    return Path(str(files("earmark") / "assets" / BUNDLED[name]))


def names() -> dict[str, Path]:
    """Name -> model file: those of BUNDLED, and those in the user's model folder (``EARMARK_MODELS``) by their stems.

    A file of that folder that has the name of a bundled model is passed over: older versions built ``accurate`` there.
    """
    added = {path.stem: path for path in sorted(settings.MODELS.path().glob("*.onnx"))}
    bundles = {name: bundled(name) for name in BUNDLED}
    return bundles | {name: path for name, path in added.items() if name not in bundles}


def model_path(name: str | os.PathLike) -> Path:
    """The model file that a name, an ONNX file or a folder stands for.

    Parameters
    ----------
    name : of BUNDLED, a name in the user's model folder, a file, or a folder that ``earmark train`` wrote

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
