"""Does a tag survive what happens to files? The same tracks after lossy codecs, a lower level, a narrow band.

    python benchmarks/robustness.py ../shared/data/cc_catalogue [--model default] [--seconds 60]

Of each damage: mean cosine between the track embeddings before and after, mean change of a calibrated probability, how
often the likeliest genre stays, and how often the nearest other track of the folder stays the same.
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soxr
from sklearn.preprocessing import normalize

from earmark.audio.decode import is_audio, load_audio
from earmark.audio.features import log_mel
from earmark.demo.files import Format, encode
from earmark.tagger import registry
from earmark.tagger.model import Model, load_model

SR = 16_000
Damage = Callable[[np.ndarray], np.ndarray]  # mono at 16 kHz -> the same, damaged


def through(codec: Format) -> Damage:
    """Encoded and decoded again."""

    def damage(y: np.ndarray) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"x.{codec.suffix}"
            encode(np.repeat(soxr.resample(y, SR, 44_100)[:, None], 2, axis=1), path, codec)
            return load_audio(path).y

    return damage


DAMAGES: dict[str, Damage] = {
    "MP3, 128 kb/s": through(Format("mp3", "mp3", ("libmp3lame",), bit_rate=128_000)),
    "MP3, 48 kb/s": through(Format("mp3", "mp3", ("libmp3lame",), bit_rate=48_000)),
    "Opus, 24 kb/s": through(Format("opus", "opus", ("libopus",), rate=48_000, bit_rate=24_000)),
    "12 dB softer": lambda y: y / 4,
    "nothing above 4 kHz": lambda y: soxr.resample(soxr.resample(y, SR, 8000), 8000, SR),
    "3 % faster": lambda y: soxr.resample(y, 1.03 * SR, SR),
}


def answers(model: Model, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Embedding [dim] and calibrated probabilities [n_tags] of a track."""
    heard = model.run(log_mel(np.asarray(y, np.float32), model.info.features))
    return heard.embedding.mean(axis=0), model.tagset.probabilities(heard.track_logits())


def nearest(E: np.ndarray, X: np.ndarray) -> np.ndarray:
    """For each row of X its most alike row of E, itself left out, by cosine."""
    cosine = normalize(X) @ normalize(E).T
    np.fill_diagonal(cosine, -1)
    return cosine.argmax(axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", default="default")
    parser.add_argument("--seconds", type=float, default=60)
    args = parser.parse_args()
    model = load_model(registry.model_path(args.model))
    genres = dict((group.name, part) for group, part in model.tagset.slices())["genre"]
    tracks = [load_audio(path).y for path in sorted(args.folder.rglob("*")) if path.is_file() and is_audio(path)]
    tracks = [y[: int(args.seconds * SR)] for y in tracks if np.abs(y).max() > 1e-3]
    E, P = map(np.array, zip(*(answers(model, y) for y in tracks), strict=True))
    print(f"{len(tracks)} tracks, model {model.info.id} {model.info.version}\n")
    print("| damage | cosine | change of a probability | genre stays | nearest track stays |\n|---|---|---|---|---|")
    for name, damage in DAMAGES.items():
        X, Q = map(np.array, zip(*(answers(model, damage(y)) for y in tracks), strict=True))
        cosine = (normalize(E) * normalize(X)).sum(axis=1).mean()
        stays = (P[:, genres].argmax(axis=1) == Q[:, genres].argmax(axis=1)).mean()
        alike = (nearest(E, E) == nearest(E, X)).mean()
        print(f"| {name} | {cosine:.3f} | {np.abs(P - Q).mean():.3f} | {stays:.2f} | {alike:.2f} |", flush=True)


if __name__ == "__main__":
    main()
