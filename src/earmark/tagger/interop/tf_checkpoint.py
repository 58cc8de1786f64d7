"""TensorFlow V2 checkpoints ("bundles"), read with NumPy alone.

A bundle is an ``.index`` file, a LevelDB table from tensor name to a small protobuf (dtype, shape, place), and one
``.data`` file with the raw little-endian numbers.

Sources: tensorflow/core/util/tensor_bundle, tensorflow/core/protobuf/tensor_bundle.proto, LevelDB's table_format.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.errors import FileError

MAGIC = 0xDB4775248B80FB57  # the last eight bytes of a LevelDB table
FOOTER = 48  # bytes
DTYPES = {1: "<f4", 2: "<f8", 3: "<i4", 9: "<i8", 10: "?"}  # of tensorflow/core/framework/types.proto
REMEDY = "Download the checkpoint again."


@dataclass(frozen=True, slots=True)
class Entry:
    """Where one tensor lies in the data file.

    Attributes
    ----------
    dtype, shape : of the tensor
    offset, size : bytes
    """

    dtype: np.dtype
    shape: tuple[int, ...]
    offset: int
    size: int


def read_bundle(index: str | Path, data: str | Path) -> dict[str, np.ndarray]:
    """Every tensor of a checkpoint that was written in one shard.

    Parameters
    ----------
    index, data : the ``.index`` file and the ``.data-00000-of-00001`` file

    Returns
    -------
    Tensor name -> array of its shape and dtype, read-only

    Raises
    ------
    FileError : the files are no such checkpoint, are compressed, or are cut short
    """
    index, data = Path(index), Path(data)
    try:
        table = dict(table_items(index.read_bytes()))
        entries = {key.decode(): parse_entry(value) for key, value in table.items() if key}
    except (IndexError, KeyError, ValueError) as error:
        raise FileError(index, f"not an index of a TensorFlow checkpoint ({error})", REMEDY) from error
    raw = data.read_bytes()
    return {name: _tensor(raw, entry, name, data) for name, entry in entries.items()}


def _tensor(raw: bytes, entry: Entry, name: str, source: Path) -> np.ndarray:
    block = raw[entry.offset : entry.offset + entry.size]
    expected = int(np.prod(entry.shape, dtype=np.int64)) * entry.dtype.itemsize
    if len(block) != expected:
        raise FileError(source, f"{len(block)} bytes for {name!r} of {expected}", REMEDY)
    return np.frombuffer(block, entry.dtype).reshape(entry.shape)


def table_items(table: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Keys and values of an uncompressed LevelDB table, in order; raises ValueError where it is none."""
    footer = table[-FOOTER:]
    if len(table) < FOOTER or int.from_bytes(footer[-8:], "little") != MAGIC:
        raise ValueError("no table ends with this")
    _, at = varint(footer, 0)  # the meta-index block: offset, size
    _, at = varint(footer, at)
    for _, handle in block_items(_block(table, footer[at:])):
        yield from block_items(_block(table, handle))


def _block(table: bytes, handle: bytes) -> bytes:
    offset, at = varint(handle, 0)
    size, _ = varint(handle, at)
    if table[offset + size] != 0:
        raise ValueError("a compressed block")
    return table[offset : offset + size]


def block_items(block: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Entries of one block: each key is stored as the number of bytes it shares with the one before, and the rest."""
    n_restarts = int.from_bytes(block[-4:], "little")
    end, at, key = len(block) - 4 * (n_restarts + 1), 0, b""
    while at < end:
        shared, at = varint(block, at)
        unshared, at = varint(block, at)
        length, at = varint(block, at)
        key = key[:shared] + block[at : at + unshared]
        at += unshared
        yield key, block[at : at + length]
        at += length


def varint(data: bytes, at: int) -> tuple[int, int]:
    """The base-128 integer at byte `at`, and where the next field begins."""
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and raw values of a protobuf message; raises ValueError for a wire type that it cannot have."""
    at = 0
    while at < len(message):
        tag, at = varint(message, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(message, at)
        elif kind == 2:
            length, at = varint(message, at)
            value, at = message[at : at + length], at + length
        elif kind in (1, 5):
            width = 8 if kind == 1 else 4
            value, at = int.from_bytes(message[at : at + width], "little"), at + width
        else:
            raise ValueError(f"protobuf wire type {kind}")
        yield tag >> 3, value


def parse_entry(message: bytes) -> Entry:
    """Read a BundleEntryProto: 1 dtype, 2 shape, 3 shard, 4 offset, 5 size; zeros are left out.

    Raises
    ------
    ValueError : the checkpoint has more than one shard
    KeyError : a dtype that is not in DTYPES
    """
    found: dict = dict(fields(message))
    if found.get(3, 0) != 0:
        raise ValueError("more than one shard")
    return Entry(np.dtype(DTYPES[found[1]]), _shape(found.get(2, b"")), found.get(4, 0), found.get(5, 0))


def _shape(message: bytes) -> tuple[int, ...]:
    """TensorShapeProto: repeated field 2, each with its size in field 1."""
    return tuple(dict(fields(dim)).get(1, 0) for number, dim in fields(message) if number == 2)
