"""What happens to tags when the sound is damaged, and to a scan when files are.

    python benchmarks/robustness.py sound ../shared/data/cc_catalogue [--model default] [--seconds 60]
    python benchmarks/robustness.py files
    python benchmarks/robustness.py mutants [--n 3000] [--workers 2]

`sound`: the same tracks after lossy codecs, a lower level, a narrow band. Of each: mean cosine between the track
embeddings before and after, mean change of a calibrated probability, how often the likeliest genre stays, and how often
the nearest other track of the folder stays the same.

`files`: six seconds in ten formats, damaged in eight ways: the seconds that are heard, and whether it is said.

`mutants`: files of 18 formats, each damaged at random by its number, given to worker processes as a scan does. Every
one must end as heard or as refused with a cause. The same numbers give the same files where the encoders are the same.
"""

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import psutil
import soxr
from sklearn.preprocessing import normalize

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.audio.marks import is_audio
from earmark.demo.files import Format, encode
from earmark.engine.limits import Limits
from earmark.engine.local import WorkerProcess
from earmark.engine.protocol import Analyse, Failed
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


def measure_sound(options: argparse.Namespace) -> None:
    """Print the table of damaged sound."""
    model = load_model(registry.model_path(options.model))
    genres = dict((group.name, part) for group, part in model.tagset.slices())["genre"]
    tracks = [load_audio(path).y for path in sorted(options.folder.rglob("*")) if path.is_file() and is_audio(path)]
    tracks = [y[: int(options.seconds * SR)] for y in tracks if np.abs(y).max() > 1e-3]
    E, P = map(np.array, zip(*(answers(model, y) for y in tracks), strict=True))
    print(f"{len(tracks)} tracks, model {model.info.id} {model.info.version}\n")
    print("| damage | cosine | change of a probability | genre stays | nearest track stays |\n|---|---|---|---|---|")
    for name, damage in DAMAGES.items():
        X, Q = map(np.array, zip(*(answers(model, damage(y)) for y in tracks), strict=True))
        cosine = (normalize(E) * normalize(X)).sum(axis=1).mean()
        stays = (P[:, genres].argmax(axis=1) == Q[:, genres].argmax(axis=1)).mean()
        alike = (nearest(E, E) == nearest(E, X)).mean()
        print(f"| {name} | {cosine:.3f} | {np.abs(P - Q).mean():.3f} | {stays:.2f} | {alike:.2f} |", flush=True)


# -- damaged files -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Coding:
    """How a file is written: suffix, container and encoder of FFmpeg, sample format, rate in Hz."""

    suffix: str
    container: str
    encoder: str
    sample_format: str
    rate: int = 44_100


CODINGS = {
    "mp3": Coding("mp3", "mp3", "libmp3lame", "fltp"),
    "flac": Coding("flac", "flac", "flac", "s16"),
    "ogg vorbis": Coding("ogg", "ogg", "vorbis", "fltp"),
    "opus": Coding("opus", "opus", "libopus", "flt", 48_000),
    "m4a aac": Coding("m4a", "ipod", "aac", "fltp"),
    "m4a alac": Coding("m4a", "ipod", "alac", "s16p"),
    "wav": Coding("wav", "wav", "pcm_s16le", "s16"),
    "aiff": Coding("aiff", "aiff", "pcm_s16be", "s16"),
    "wma": Coding("wma", "asf", "wmav2", "fltp"),
    "wavpack": Coding("wv", "wv", "wavpack", "s16p"),
    "aac": Coding("aac", "adts", "aac", "fltp"),
    "ac3": Coding("ac3", "ac3", "ac3", "fltp"),
    "mp2": Coding("mp2", "mp2", "mp2", "s16"),
    "tta": Coding("tta", "tta", "tta", "s16"),
    "w64": Coding("w64", "w64", "pcm_f32le", "flt"),
    "au": Coding("au", "au", "pcm_s16be", "s16"),
    "caf": Coding("caf", "caf", "pcm_s16be", "s16"),
    "matroska": Coding("mka", "matroska", "libopus", "flt", 48_000),
}
TEN = tuple(CODINGS)[:10]
BLOCK = 4096  # bytes
Change = Callable[[bytes, np.random.Generator], bytes]


def write_coded(folder: Path, name: str, seconds: float) -> Path:
    """A chord that swells over hiss, in stereo with tags, in one of `CODINGS`."""
    coding = CODINGS[name]
    t = np.arange(int(seconds * coding.rate)) / coding.rate
    chord = sum(np.sin(2 * np.pi * f * t) for f in (220.0, 277.2, 329.6)) * (0.1 + 0.05 * np.sin(2 * np.pi * t))
    chord += np.random.default_rng(0).normal(0, 0.02, len(t))  # as music has: tones alone make files of a few pages
    frame = av.AudioFrame.from_ndarray(np.stack([chord, 0.8 * chord]).astype(np.float32), "fltp", "stereo")
    frame.rate, frame.pts, frame.time_base = coding.rate, 0, Fraction(1, coding.rate)
    path = folder / f"{name.replace(' ', '-')}.{coding.suffix}"
    with av.open(str(path), "w", format=coding.container) as out:
        out.metadata.update({"title": name, "artist": "Sines", "album": "Chords"})
        stream = out.add_stream(coding.encoder, rate=coding.rate, layout="stereo")
        stream.bit_rate = 128_000
        stream.codec_context.options = {"strict": "experimental"}  # for FFmpeg's own Vorbis
        resampler = av.AudioResampler(
            coding.sample_format, "stereo", coding.rate, frame_size=stream.codec_context.frame_size or 1024
        )
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux([packet for packet in stream.encode(None) if packet.size or coding.container == "flac"])
    return path


def block(data: bytes, rng: np.random.Generator, most: int = BLOCK) -> tuple[int, int]:
    """Where a block of at most `most` bytes begins and ends, anywhere in the file."""
    start = int(rng.integers(0, len(data)))
    return start, min(len(data), start + int(rng.integers(1, most + 1)))


def noise(rng: np.random.Generator, n: int) -> bytes:
    """Random bytes."""
    return rng.integers(0, 256, n, np.uint8).tobytes()


def flip(data: bytes, rng: np.random.Generator) -> bytes:
    """Up to 20 bits, anywhere."""
    changed = bytearray(data)
    for at in rng.integers(0, len(data), int(rng.integers(1, 21))):
        changed[at] ^= 1 << int(rng.integers(0, 8))
    return bytes(changed)


def field(data: bytes, rng: np.random.Generator) -> bytes:
    """A number in the header replaced by one that is extreme."""
    changed, at = bytearray(data), int(rng.integers(0, min(len(data) - 8, 600)))
    extreme = (b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", noise(rng, 4), b"\0\0\0\1")
    changed[at : at + 4] = extreme[int(rng.integers(0, len(extreme)))]
    return bytes(changed)


def truncate(data: bytes, rng: np.random.Generator) -> bytes:
    """The end missing."""
    return data[: int(rng.integers(1, len(data)))]


def zero(data: bytes, rng: np.random.Generator) -> bytes:
    """A block of zeros."""
    start, stop = block(data, rng)
    return data[:start] + bytes(stop - start) + data[stop:]


def scramble(data: bytes, rng: np.random.Generator) -> bytes:
    """A block of noise."""
    start, stop = block(data, rng)
    return data[:start] + noise(rng, stop - start) + data[stop:]


def remove(data: bytes, rng: np.random.Generator) -> bytes:
    """A block missing."""
    start, stop = block(data, rng)
    return data[:start] + data[stop:]


def repeat(data: bytes, rng: np.random.Generator) -> bytes:
    """A block twice."""
    start, stop = block(data, rng)
    return data[:stop] + data[start:]


def insert(data: bytes, rng: np.random.Generator) -> bytes:
    """A block of noise between."""
    start, stop = block(data, rng)
    return data[:start] + noise(rng, stop - start) + data[start:]


def swap(data: bytes, rng: np.random.Generator) -> bytes:
    """Two halves in the wrong order."""
    at = int(rng.integers(1, len(data)))
    return data[at:] + data[:at]


CHANGES: dict[str, Change] = {
    change.__name__: change for change in (flip, field, truncate, zero, scramble, remove, repeat, insert, swap)
}


class Mutants:
    """Damaged files by number: the format, the kind of damage and all that is random follow from the number alone."""

    def __init__(self, folder: Path, seconds: float = 3.0) -> None:
        self._folder = folder
        self._whole = {name: write_coded(folder, name, seconds).read_bytes() for name in CODINGS}

    def write(self, number: int) -> tuple[Path, str, str]:
        """Write one; returns its path, its format and the kind of damage."""
        names, changes, rng = tuple(CODINGS), tuple(CHANGES), np.random.default_rng(number)
        name = names[number % len(names)]
        kind = changes[number // len(names) % len(changes)]
        path = self._folder / f"{number:05d}_{kind}.{CODINGS[name].suffix}"
        path.write_bytes(CHANGES[kind](self._whole[name], rng))
        return path, name, kind


@dataclass(frozen=True)
class Outcome:
    """What became of one file: the seconds heard, or why there are none; and what it took."""

    heard: float | None
    warned: bool
    problem: str
    took: float
    peak: int


def hear(worker: WorkerProcess, path: Path) -> Outcome:
    """Give one file to a worker, as a scan does."""
    began = time.monotonic()
    reply = worker.ask(Analyse(str(path), frozenset({"loudness"})))
    took = time.monotonic() - began
    process = worker._process
    peak = psutil.Process(process.pid).memory_info().rss if process is not None and process.poll() is None else 0
    if isinstance(reply, Failed):
        return Outcome(None, False, reply.problem, took, peak)
    return Outcome(reply.analysis.duration, bool(reply.analysis.warnings), "", took, peak)


def measure_files(options: argparse.Namespace) -> None:
    """Print the table of ten formats and eight damages."""
    del options
    damages: dict[str, Change] = {
        "last 40 % missing": lambda data, rng: data[: len(data) * 6 // 10],
        "first 2 kB missing": lambda data, rng: data[2048:],
        "1 kB of zeros in the middle": lambda data, rng: at_middle(data, bytes(1024)),
        "1 kB of noise in the middle": lambda data, rng: at_middle(data, noise(rng, 1024)),
        "20 bits flipped": flip,
        "a tenth cut out": lambda data, rng: data[: len(data) * 5 // 10] + data[len(data) * 6 // 10 :],
        "64 kB of noise behind": lambda data, rng: data + noise(rng, 65_536),
        "64 kB of noise before": lambda data, rng: noise(rng, 65_536) + data,
    }
    print("| | " + " | ".join(damages) + " |\n|" + "---|" * (len(damages) + 1))
    with tempfile.TemporaryDirectory() as folder, started_worker() as worker:
        for name in TEN:
            whole = write_coded(Path(folder), name, 6.0)
            cells = []
            for number, damage in enumerate(damages.values()):
                path = whole.with_stem(f"damaged-{number}")
                path.write_bytes(damage(whole.read_bytes(), np.random.default_rng(number)))
                outcome = hear(worker, path)
                cells.append("refused" if outcome.heard is None else f"{outcome.heard:.1f}" + "!" * outcome.warned)
            print(f"| {name} | " + " | ".join(cells) + " |", flush=True)


def at_middle(data: bytes, piece: bytes) -> bytes:
    """The piece in place of what is in the middle."""
    start = len(data) // 2
    return data[:start] + piece + data[start + len(piece) :]


@contextmanager
def started_worker() -> Iterator[WorkerProcess]:
    """A worker with the default model and limits."""
    worker = WorkerProcess(
        load_model(registry.model_path("fast" if "fast" in registry.names() else "default")), Limits()
    )
    try:
        yield worker
    finally:
        worker.close()


def measure_mutants(options: argparse.Namespace) -> None:
    """Print the table of mutants, a line a format."""
    found: dict[str, list[Outcome]] = {name: [] for name in CODINGS}
    with tempfile.TemporaryDirectory() as folder:
        mutants = Mutants(Path(folder))

        def share(first: int) -> None:
            with started_worker() as worker:
                for number in range(first, options.n, options.workers):
                    path, name, _ = mutants.write(number)
                    found[name].append(hear(worker, path))
                    path.unlink()

        with ThreadPoolExecutor(options.workers) as pool:
            list(pool.map(share, range(options.workers)))
    print(f"{options.n} mutants\n")
    print("| format | heard | heard, with a warning | refused | crashed or stopped | slowest, s | largest worker, MB |")
    print("|---|---|---|---|---|---|---|")
    for name, outcomes in (*found.items(), ("all", [outcome for some in found.values() for outcome in some])):
        print(f"| {name} | " + " | ".join(map(str, summary(outcomes))) + " |")
    for problem, n in Counter(o.problem for some in found.values() for o in some if o.problem).most_common(30):
        print(f"{n:5d}  {problem}")


def summary(outcomes: list[Outcome]) -> tuple:
    """The figures of one line."""
    ended = [o for o in outcomes if any(word in o.problem for word in ("crashed", "hung", "needed more", "killed"))]
    refused = sum(o.heard is None for o in outcomes) - len(ended)
    warned = sum(o.warned for o in outcomes)
    heard = len(outcomes) - refused - len(ended) - warned
    slowest, peak = max(o.took for o in outcomes), max(o.peak for o in outcomes) / 1e6
    return heard, warned, refused, len(ended), f"{slowest:.1f}", f"{peak:.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_subparsers(required=True)
    sound = kinds.add_parser("sound")
    sound.add_argument("folder", type=Path)
    sound.add_argument("--model", default="default")
    sound.add_argument("--seconds", type=float, default=60)
    sound.set_defaults(measure=measure_sound)
    kinds.add_parser("files").set_defaults(measure=measure_files)
    mutants = kinds.add_parser("mutants")
    mutants.add_argument("--n", type=int, default=3000)
    mutants.add_argument("--workers", type=int, default=2)
    mutants.set_defaults(measure=measure_mutants)
    options = parser.parse_args()
    options.measure(options)


if __name__ == "__main__":
    main()
