"""The pieces as real files of seven formats, with tags and a manifest; nothing is made twice."""

import csv
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

from earmark.demo.pieces import ALBUM, PIECES, YEAR, Piece
from earmark.demo.synth import SR
from earmark.files import whole_file

MANIFEST = "tracks.csv"
RECORD = ".earmark-demo.json"  # digest of each file as written, and of the code that wrote it
COLUMNS = (
    "path", "title", "artist", "genre", "mood", "tempo_bpm", "metre", "key", "instruments", "song", "split",
)  # fmt: skip


@dataclass(frozen=True)
class Format:
    """How a kind of file is encoded, by FFmpeg's names.

    Attributes
    ----------
    suffix : of the file's name, without the dot
    container : the muxer
    encoders : the first of them that this FFmpeg has is taken
    rate : Hz
    bit_rate : bits a second; 0 leaves it to the encoder
    options, muxing : (name, value) for the encoder and for the muxer
    """

    suffix: str
    container: str
    encoders: tuple[str, ...]
    rate: int = SR
    bit_rate: int = 0
    options: tuple[tuple[str, str], ...] = ()
    muxing: tuple[tuple[str, str], ...] = ()


FORMATS = (
    Format("flac", "flac", ("flac",)),
    Format("mp3", "mp3", ("libmp3lame",), bit_rate=192_000, options=(("compression_level", "7"),)),
    # FFmpeg's own Vorbis encoder calls itself experimental; PyAV's wheels have no other.
    Format("ogg", "ogg", ("libvorbis", "vorbis"), bit_rate=192_000, options=(("strict", "experimental"),)),
    Format("m4a", "ipod", ("aac",), bit_rate=160_000),
    Format("wav", "wav", ("pcm_s16le",)),
    Format("opus", "opus", ("libopus",), rate=48_000, bit_rate=128_000),
    Format("aiff", "aiff", ("pcm_s16be",), muxing=(("write_id3v2", "1"),)),  # aiff's own chunks hold a title alone
)


def format_of(piece: Piece) -> Format:
    """The format a piece is written in, by its place in `PIECES`; flac where this FFmpeg cannot encode that."""
    wanted = FORMATS[PIECES.index(piece) % len(FORMATS)]
    return wanted if _encoder(wanted) else FORMATS[0]


def write(folder: str | os.PathLike, render: Callable[[Piece], np.ndarray]) -> list[Path]:
    """Write every piece and the manifest into `folder`, made if missing; returns the paths in the order of `PIECES`.

    Files of an earlier call are kept if they are unharmed and neither the pieces nor the synthesis have changed since.
    Raises OSError where the folder cannot be written to.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    code, written = _code_digest(), _read_record(folder)
    kept = written["files"] if written["code"] == code else {}
    paths, digests = [], {}
    for piece in PIECES:
        path = folder / f"{piece.name}.{format_of(piece).suffix}"
        if not path.is_file() or kept.get(path.name) != _digest(path):
            _write_piece(piece, render(piece), path)
        paths.append(path)
        digests[path.name] = _digest(path)
    _write_manifest(folder, paths)
    (folder / RECORD).write_text(json.dumps({"code": code, "files": digests}, indent=1), encoding="utf-8")
    return paths


def _write_piece(piece: Piece, y: np.ndarray, path: Path) -> None:
    """Encode under another name first, so that an interrupted run leaves no half file that looks whole."""
    with whole_file(path) as draft:
        encode(y, draft, format_of(piece), _tags(piece))


def encode(y: np.ndarray, path: Path, form: Format, tags: Mapping[str, str] | None = None) -> None:
    """Encode stereo float32 [n_samples, 2] at `SR` Hz into one file, with `tags` by FFmpeg's names."""
    with av.open(str(path), "w", format=form.container, options=dict(form.muxing)) as container:
        container.metadata.update(tags or {})
        encoder = _encoder(form)
        stream = container.add_stream(encoder, rate=form.rate, layout="stereo", options=dict(form.options))
        if form.bit_rate:
            stream.bit_rate = form.bit_rate
        sample = _sample_format(encoder)
        resampler = av.AudioResampler(sample, "stereo", form.rate)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(y.reshape(1, -1)), "flt", "stereo")
        frame.sample_rate = SR
        fifo = av.AudioFifo()
        for part in (*resampler.resample(frame), *resampler.resample(None)):
            part.pts = None
            fifo.write(part)
        _drain(fifo, stream, container, form)


def _drain(fifo: av.AudioFifo, stream: av.AudioStream, container, form: Format) -> None:
    """Hand the samples on in frames of the length that the encoder wants; the last may be shorter."""
    stream.codec_context.open()
    size, at = stream.codec_context.frame_size or 4096, 0
    while True:
        frame = fifo.read(size) or fifo.read(0, partial=True)
        if frame is None:
            break
        frame.pts, frame.sample_rate = at, form.rate
        at += frame.samples
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def _encoder(form: Format) -> str | None:
    for name in form.encoders:
        try:
            av.codec.Codec(name, "w")
        except ValueError:  # av.codec.UnknownCodecError
            continue
        return name
    return None


def _sample_format(encoder: str) -> str:
    """16 bits where the encoder takes them, else the first format it names."""
    names = [form.name for form in av.codec.Codec(encoder, "w").audio_formats]
    return "s16" if "s16" in names else names[0]


def _tags(piece: Piece) -> dict[str, str]:
    """Title, artist, album, year and genre by FFmpeg's names: each container has its own kind of tags for them."""
    return {
        "title": piece.title, "artist": piece.artist, "album": ALBUM, "date": str(YEAR), "genre": piece.genre,
    }  # fmt: skip


def _write_manifest(folder: Path, paths: list[Path]) -> None:
    with open(folder / MANIFEST, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for piece, path in zip(PIECES, paths, strict=True):
            writer.writerow((
                path.name, piece.title, piece.artist, piece.genre, piece.mood, f"{piece.bpm:g}", piece.metre, piece.key,
                "|".join(piece.instruments), piece.name, piece.split,
            ))  # fmt: skip


def _code_digest() -> str:
    """Of this package's own text: a changed note or filter makes the files anew."""
    digest = hashlib.blake2b(digest_size=10)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _digest(path: Path) -> str:
    return hashlib.blake2b(path.read_bytes(), digest_size=10).hexdigest()


def _read_record(folder: Path) -> dict:
    """What an earlier call wrote down; empty where there was none or it is damaged."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {"code": str(record["code"]), "files": dict(record["files"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {"code": "", "files": {}}
