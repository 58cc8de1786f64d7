"""Is the same recording known again, and nothing else? Tracks against their own damaged copies and against each other.

    python benchmarks/duplicates.py FOLDER [FOLDER ...] [--seconds 90] [--every 1] [--cache FILE.npz]

Every track is encoded, trimmed, turned down, limited and equalised. A pair of a track and a copy of it is one to find;
a pair of two different tracks, copies included, is one to leave alone. Prints recall for each damage, the precision of
all pairs, and the pairs that agree most of those to leave alone. Tracks below 4 s are left out. All are given one
tempo, so that nothing is told apart by tempo here.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.signal import butter, sosfilt

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.audio.marks import is_audio
from earmark.catalogue.steps import pack_activations, unpack_activations
from earmark.demo.files import Format
from earmark.explore.alignment import agreement
from earmark.explore.songs import AGREES, NEAR, SAME, SAME_AGREES, Song, needed_agreement, song_of
from earmark.tagger import registry
from earmark.tagger.model import Activations, Model, load_model
from robustness import SR, through


def remaster(y: np.ndarray) -> np.ndarray:
    """Brighter, bass raised, compressed and limited, as a loud reissue."""
    bass = sosfilt(butter(2, 150, "low", fs=SR, output="sos"), y)
    treble = sosfilt(butter(2, 3000, "high", fs=SR, output="sos"), y)
    mixed = y + 0.6 * bass + 0.8 * treble
    return np.tanh(3 * mixed / max(np.abs(mixed).max(), 1e-9)).astype(np.float32) * 0.9


DAMAGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "MP3, 64 kb/s": through(Format("mp3", "mp3", ("libmp3lame",), bit_rate=64_000)),
    "MP3, 128 kb/s": through(Format("mp3", "mp3", ("libmp3lame",), bit_rate=128_000)),
    "MP3, 320 kb/s": through(Format("mp3", "mp3", ("libmp3lame",), bit_rate=320_000)),
    "Vorbis, 128 kb/s": through(
        Format("ogg", "ogg", ("libvorbis", "vorbis"), bit_rate=128_000, options=(("strict", "experimental"),))
    ),
    "Opus, 48 kb/s": through(Format("opus", "opus", ("libopus",), rate=48_000, bit_rate=48_000)),
    "0.75 s off the start": lambda y: y[int(0.75 * SR) :],
    "1.3 s off the start, 1 s off the end": lambda y: y[int(1.3 * SR) : -SR],
    "3 s of silence before": lambda y: np.pad(y, (int(2.8 * SR), 0)),
    "8 dB softer": lambda y: 0.4 * y,
    "remaster": remaster,
    "remaster, 2.2 s off, MP3 128": lambda y: DAMAGES["MP3, 128 kb/s"](remaster(y[int(2.2 * SR) :])),
}


def heard(model: Model, y: np.ndarray) -> bytes:
    """The activations as the catalogue keeps them."""
    return pack_activations(model.run(log_mel(np.asarray(y, np.float32), model.info.features)))


def tracks(folders: list[Path], every: int) -> list[Path]:
    """Every so-many-th audio file."""
    paths = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file() and is_audio(path)]
    return paths[::every]


@dataclass
class Heard:
    """One track or copy."""

    track: str
    damage: str
    activations: Activations
    song: Song

    def agrees(self, other: "Heard") -> tuple[bool, float, float]:
        """Whether they are taken for one recording; cosine and agreement."""
        cosine = float(self.song.vector @ other.song.vector)
        found = agreement(self.activations, other.activations)
        needed = needed_agreement(self.song, other.song)
        return needed is not None and found >= needed, cosine, found


def listen(paths: list[Path], model: Model, seconds: float) -> dict[str, np.ndarray]:
    """``track TAB damage`` -> packed activations, of all tracks that sound and last 4 s."""
    found = {}
    for path in paths:
        y = load_audio(path).y[: int(seconds * SR)]
        if len(y) < 4 * SR or np.abs(y).max() < 1e-3:
            continue
        for name, damage in {"": lambda y: y, **DAMAGES}.items():
            found[f"{path.parent.name}/{path.stem}\t{name}"] = np.frombuffer(heard(model, damage(y)), np.uint8)
        print(path.name, flush=True)
    return found


def kept(cache: Path | None, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """From the cache, where it is there; else made and written to it."""
    if cache is not None and cache.exists():
        with np.load(cache) as file:
            return {str(name): file[str(i)] for i, name in enumerate(file["names"])}
    found = make()
    if cache is not None:
        np.savez(cache, **{str(i): v for i, v in enumerate(found.values())}, names=np.array(list(found)))
    return found


def as_heard(name: str, packed: np.ndarray) -> Heard:
    """What was kept, unpacked."""
    track, damage = name.split("\t")
    activations = unpack_activations(packed.tobytes())
    about = {"track_id": name, "duration": activations.times[-1], "artist": "", "title": ""}
    return Heard(track, damage, activations, song_of(about, activations.track_embedding()))


def report(everything: list[Heard]) -> None:
    """The table of the damages, and what was taken wrongly."""
    originals = [one for one in everything if not one.damage]
    print(f"{len(originals)} tracks; near {NEAR}, agrees {AGREES}; same {SAME}, agrees {SAME_AGREES}\n")
    print("| copy | found | least and median cosine | least and median agreement |\n|---|---|---|---|")
    found = 0
    for damage in DAMAGES:
        copies = {one.track: one for one in everything if one.damage == damage}
        results = [one.agrees(copies[one.track]) for one in originals]
        taken, cosines, agreements = map(np.array, zip(*results, strict=True))
        found += taken.sum()
        spread = [f"{x.min():.3f}, {np.median(x):.3f}" for x in (cosines, agreements)]
        print(f"| {damage} | {taken.sum()} of {len(taken)} | {spread[0]} | {spread[1]} |")
    pairs = [(a, b) for a in originals for b in everything if a.track < b.track and needed_agreement(a.song, b.song)]
    n_others = sum(a.track < b.track for a in originals for b in everything)
    worst = sorted(((*a.agrees(b), a.track, b.track, b.damage) for a, b in pairs), key=lambda x: -x[2])
    wrong = sum(x[0] for x in worst)
    print(f"\n{n_others} pairs of two tracks, {len(pairs)} of them near, {wrong} taken for one recording")
    print(f"recall {found / len(originals) / len(DAMAGES):.4f}, precision {found / max(found + wrong, 1):.4f}")
    for taken, cosine, agreed, *names in worst[:10]:
        print(f"  {'TAKEN ' if taken else ''}cosine {cosine:.3f}, agreement {agreed:.3f}: {names}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--cache", type=Path)
    args = parser.parse_args()
    model = load_model(registry.model_path("default"))
    found = kept(args.cache, lambda: listen(tracks(args.folders, args.every), model, args.seconds))
    report([as_heard(name, packed) for name, packed in found.items()])


if __name__ == "__main__":
    main()
