"""What is installed, which codecs there are, and how fast this machine decodes and analyses."""

import platform
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import av
import numpy as np

from earmark.analysis import analyze
from earmark.audio.decode import load_audio
from earmark.settings import cores
from earmark.tagger.model import Model

CODECS = {
    "mp3": "mp3float", "flac": "flac", "ogg vorbis": "vorbis", "opus": "opus", "m4a/aac": "aac", "m4a/alac": "alac",
    "wav": "pcm_s16le", "aiff": "pcm_s16be", "wma": "wmav2", "ape": "ape", "wavpack": "wavpack",
}  # fmt: skip
PACKAGES = ("av", "numpy", "scipy", "onnxruntime", "pylance", "pyarrow", "lark", "typer", "rich")
TEST_SECONDS = 60.0
SR = 44_100  # Hz, of the sound that is timed


def diagnose(name: str, model: Model) -> dict:
    """A report for people and machines: ``system``, ``packages``, ``codecs``, ``training``, ``model``, ``speed``.

    What is missing is None among the packages and False among the codecs.
    """
    return {
        "system": _system(),
        "packages": {package: _version(package) for package in PACKAGES},
        "codecs": {label: codec in av.codecs_available for label, codec in CODECS.items()},
        "training": f"torch {_version('torch')}"
        if _version("torch")
        else "not installed: pip install 'earmark[train]'",
        "model": _model(name, model),
        "speed": _speed(model),
    }


def _system() -> dict:
    return {
        "earmark": _version("earmark"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": cores(),
        "executable": sys.executable,
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _model(name: str, model: Model) -> dict:
    return {
        "name": name,
        "id": model.info.id,
        "version": model.info.version,
        "path": str(model.path),
        "bytes": model.size,
        "tags": len(model.info.tagset),
    }


def _speed(model: Model) -> dict:
    """Seconds of sound a second on one core: decoding alone, and the whole analysis."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.flac"
        _write_noise(path)
        decode = _fastest(lambda: load_audio(path))
        whole = _fastest(lambda: analyze(path, model))
    return {
        "format": f"flac, {TEST_SECONDS:.0f} s, 44.1 kHz stereo",
        "decode_x_real_time": round(TEST_SECONDS / decode),
        "analyze_x_real_time": round(TEST_SECONDS / whole),
        "analyze_to_decode": round(whole / decode, 2),
    }


def _write_noise(path: Path) -> None:
    """A minute of noise: what it sounds like does not matter for the time it takes."""
    noise = np.random.default_rng(0).integers(-8000, 8000, (1, 2 * int(SR * TEST_SECONDS)), np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=SR, layout="stereo")
        frame = av.AudioFrame.from_ndarray(noise, "s16", "stereo")
        frame.rate = SR
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def _fastest(work: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest of several runs."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)
