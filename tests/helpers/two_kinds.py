"""A folder of two kinds of music, low and high, each piece by an artist of its own, and a catalogue of it."""

from pathlib import Path

from earmark.catalogue.store import Store
from earmark.engine.scan import scan
from earmark.tagger.model import load_model
from fake_executor import FakeExecutor
from sounds import chord, write_sound
from tiny_model import write_tiny_model

ROOTS = {"Low": lambda i: 80 + 2.0 * i, "High": lambda i: 900 + 20.0 * i}


def write_kinds(folder: Path, numbers) -> Path:
    """``low 3.flac``, titled ``Low 3``, by ``Band Low 3``, of the genre ``Deep; Low``; and so for high."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, root in ROOTS.items():
        for i in numbers:
            tags = {"title": f"{kind} {i}", "artist": f"Band {kind} {i}", "genre": f"Deep; {kind}"}
            write_sound(folder / f"{kind.lower()} {i}.flac", chord(1.1, root=root(i), gain=0.2), tags=tags)
    return folder


def scan_kinds(root: Path, seed: int = 0, **info) -> Store:
    """Scan music/ into catalogue/ with a tiny model of this seed; `info` replaces fields of its ModelInfo."""
    model = load_model(write_tiny_model(root / f"tiny{seed}.onnx", seed=seed, **info))
    store = Store(root / "catalogue", create=True)
    scan(store, [root / "music"], model, str(model.path), executor=FakeExecutor(model))
    return Store(root / "catalogue")


def titles(kind: str, numbers) -> list[str]:
    """``Low 0``, ``Low 1`` ..."""
    return [f"{kind} {i}" for i in numbers]
