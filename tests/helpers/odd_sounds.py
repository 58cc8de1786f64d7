"""Files that are cut, joined, or have more channels than players know, made without an encoder's help."""

import struct
from pathlib import Path

import numpy as np

PCM = bytes.fromhex("0100000000001000800000aa00389b71")  # the sub-format of an extensible wav


def pcm_wav(path: Path, x: np.ndarray, sr: int = 16_000, mask: int | None = None, size: int | None = None) -> Path:
    """16-bit wav of float32 [n_channels, n_samples]; with a channel mask, or another size of its data than the true."""
    n = len(x)
    data = (np.clip(x, -1, 1).T * 32767).astype("<i2").tobytes()
    form = struct.pack("<HHIIHH", 1 if mask is None else 0xFFFE, n, sr, sr * n * 2, n * 2, 16)
    if mask is not None:
        form += struct.pack("<HHI", 22, 16, mask) + PCM
    chunks = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    chunks += b"data" + struct.pack("<I", len(data) if size is None else size) + data
    path.write_bytes(b"RIFF" + struct.pack("<I", min(len(chunks), 0xFFFFFFFF)) + chunks)
    return path


def custom_caf(path: Path, x: np.ndarray, sr: int = 16_000) -> Path:
    """16-bit caf of float32 [8, n_samples] that lists its speakers in an order which FFmpeg calls custom."""
    data = (x.T * 32767).astype(">i2").tobytes()
    speakers = (1, 2, 3, 4, 10, 11, 5, 6)  # left, right, centre, bass, side left and right, rear left and right
    layout = struct.pack(">III", 0, 0, len(speakers)) + b"".join(struct.pack(">II12x", s, 0) for s in speakers)
    form = struct.pack(">d4sIIIII", sr, b"lpcm", 0, 2 * len(x), 1, len(x), 16)
    chunks = ((b"desc", form), (b"chan", layout), (b"data", bytes(4) + data))
    body = b"".join(name + struct.pack(">q", len(chunk)) + chunk for name, chunk in chunks)
    path.write_bytes(b"caff\0\1\0\0" + body)
    return path


def cut(path: Path, part: float) -> Path:
    """Keep only this part of a file's bytes."""
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * part)])
    return path


def joined(path: Path, *parts: Path) -> Path:
    """The files end to end, as `cat` joins them."""
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def scrambled(path: Path, start: float, end: float) -> Path:
    """Noise in place of these parts of a file's bytes."""
    data = bytearray(path.read_bytes())
    a, b = round(len(data) * start), round(len(data) * end)
    data[a:b] = np.random.default_rng(5).integers(0, 255, b - a, np.uint8).tobytes()
    path.write_bytes(data)
    return path
