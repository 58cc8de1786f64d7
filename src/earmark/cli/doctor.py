"""``earmark doctor``: what is installed, which codecs, which model, and how fast this machine is."""

import os
import platform
import sys
import time
from pathlib import Path

import typer

from earmark.cli.options import JsonOption, ModelOption, load
from earmark.cli.render import print_json

FORMATS = {
    "mp3": "mp3float", "flac": "flac", "ogg vorbis": "vorbis", "opus": "opus", "m4a/aac": "aac", "m4a/alac": "alac",
    "wav": "pcm_s16le", "aiff": "pcm_s16be", "wma": "wmav2", "ape": "ape", "wavpack": "wavpack",
}  # fmt: skip
PACKAGES = ("av", "numpy", "scipy", "onnxruntime", "pylance", "pyarrow", "mutagen", "typer", "rich")
TEST_SECONDS = 60.0


def register(app: typer.Typer) -> None:
    app.command()(doctor)


def doctor(model: ModelOption = "default", as_json: JsonOption = False) -> None:
    """Say what is installed and how fast this machine decodes and tags; exit 1 if something is missing."""
    report = {"system": _system(), "packages": _packages(), "codecs": _codecs(), "training": _training()}
    report["model"] = _model(model)
    report["speed"] = _speed(model)
    if as_json:
        print_json(report)
    else:
        _print(report)
    if not all(report["codecs"].values()) or not all(report["packages"].values()):
        raise typer.Exit(1)


def _system() -> dict:
    return {
        "earmark": _version("earmark"),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "executable": sys.executable,
    }


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _packages() -> dict:
    return {package: _version(package) for package in PACKAGES}


def _training() -> str:
    torch = _version("torch")
    return f"torch {torch}" if torch else "not installed: pip install 'earmark[train]'"


def _codecs() -> dict:
    import av

    return {name: codec in av.codecs_available for name, codec in FORMATS.items()}


def _model(name: str) -> dict:
    loaded = load(name)
    info = loaded.info
    return {
        "name": name,
        "id": info.id,
        "version": info.version,
        "path": str(loaded.path),
        "bytes": loaded.path.stat().st_size,
        "tags": len(info.tagset),
    }


def _speed(model: str) -> dict:
    """Seconds of sound a second on one core: decoding alone, and the whole analysis."""
    import tempfile

    from earmark.analysis import analyze
    from earmark.audio.decode import load_audio

    loaded = load(model)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "noise.flac"
        _write_noise(path)
        decode = _fastest(lambda: load_audio(path))
        whole = _fastest(lambda: analyze(path, loaded))
    return {
        "format": f"flac, {TEST_SECONDS:.0f} s, 44.1 kHz stereo",
        "decode_x_real_time": round(TEST_SECONDS / decode),
        "analyze_x_real_time": round(TEST_SECONDS / whole),
        "analyze_to_decode": round(whole / decode, 2),
    }


def _write_noise(path: Path) -> None:
    """A minute of noise: what it sounds like does not matter for the time it takes."""
    import av
    import numpy as np

    noise = np.random.default_rng(0).integers(-8000, 8000, (1, 2 * int(44_100 * TEST_SECONDS)), np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("flac", rate=44_100, layout="stereo")
        frame = av.AudioFrame.from_ndarray(noise, "s16", "stereo")
        frame.rate = 44_100
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)


def _fastest(work, times: int = 3) -> float:
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def _print(report: dict) -> None:
    for part, values in report.items():
        typer.secho(part, bold=True)
        for name, value in values.items() if isinstance(values, dict) else [("", values)]:
            typer.echo(f"  {name:<20} {_in_words(value)}")


def _in_words(value) -> str:
    if value is None or value is False:
        return "MISSING"
    return "yes" if value is True else str(value)
