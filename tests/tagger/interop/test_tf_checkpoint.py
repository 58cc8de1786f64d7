"""TensorFlow checkpoints: read back what a small writer of the same format wrote."""

import numpy as np
import pytest

from earmark.errors import FileError
from earmark.tagger.interop.tf_checkpoint import MAGIC, block_items, read_bundle, table_items, varint

TENSORS = {
    "conv/bias": np.arange(5, dtype=np.float32),
    "conv/kernel": np.arange(6, dtype=np.float32).reshape(3, 1, 2) / 7,
    "dense/kernel": np.ones((130, 2), np.float64),
    "step": np.array(7, np.int64),
}
CODES = {np.dtype(np.float32): 1, np.dtype(np.float64): 2, np.dtype(np.int64): 9}


def number(value: int) -> bytes:
    """A varint."""
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def message(*fields: tuple[int, int | bytes]) -> bytes:
    parts = []
    for key, value in fields:
        if isinstance(value, bytes):
            parts.append(number(key << 3 | 2) + number(len(value)) + value)
        elif value:
            parts.append(number(key << 3) + number(value))
    return b"".join(parts)


def block(items: list[tuple[bytes, bytes]]) -> bytes:
    """A LevelDB block with shared key prefixes and one restart point."""
    out, before = b"", b""
    for key, value in items:
        shared = next(
            (i for i, (a, b) in enumerate(zip(before, key, strict=False)) if a != b), min(len(before), len(key))
        )
        out += number(shared) + number(len(key) - shared) + number(len(value)) + key[shared:] + value
        before = key
    return out + (0).to_bytes(4, "little") + (1).to_bytes(4, "little")


def write_bundle(folder, tensors: dict[str, np.ndarray], compression: int = 0):
    """Index and data file as TensorFlow lays them out, checksums left zero."""
    data, entries = b"", [(b"", message((1, 1)))]
    for name, value in sorted(tensors.items()):
        shape = b"".join(message((2, message((1, size)))) for size in value.shape)
        place = ((2, shape), (4, len(data)), (5, value.nbytes))
        entries.append((name.encode(), message((1, CODES[value.dtype]), *place)))
        data += value.tobytes()
    first, trailer = block(entries), bytes([compression]) + b"\0" * 4
    handle = number(0) + number(len(first))
    index = block([(b"zzz", handle)])
    meta_at = len(first) + 5 + len(index) + 5
    footer = number(meta_at) + number(0) + number(len(first) + 5) + number(len(index))
    table = first + trailer + index + trailer + footer.ljust(40, b"\0") + MAGIC.to_bytes(8, "little")
    (folder / ".index").write_bytes(table)
    (folder / ".data").write_bytes(data)
    return folder / ".index", folder / ".data"


def test_every_tensor_comes_back_with_shape_and_type(tmp_path):
    read = read_bundle(*write_bundle(tmp_path, TENSORS))

    assert set(read) == set(TENSORS)
    for name, value in TENSORS.items():
        np.testing.assert_array_equal(read[name], value)
        assert read[name].dtype == value.dtype
        assert read[name].shape == value.shape


@pytest.mark.parametrize("value", [0, 1, 127, 128, 300, 2**35])
def test_varints(value):
    assert varint(b"x" + number(value), 1) == (value, 1 + len(number(value)))


def test_keys_share_prefixes():
    items = [(b"conv/bias", b"1"), (b"conv/kernel", b"2"), (b"dense", b"")]
    assert list(block_items(block(items))) == items


def test_a_compressed_block_is_refused(tmp_path):
    index, _ = write_bundle(tmp_path, TENSORS, compression=1)
    with pytest.raises(ValueError, match="compressed block"):
        list(table_items(index.read_bytes()))


def test_cut_files_are_refused(tmp_path):
    index, data = write_bundle(tmp_path, TENSORS)
    data.write_bytes(data.read_bytes()[:-4])
    with pytest.raises(FileError, match="4 bytes for 'step' of 8"):
        read_bundle(index, data)
    index.write_bytes(index.read_bytes()[:-1])
    with pytest.raises(FileError, match="not an index of a TensorFlow checkpoint"):
        read_bundle(index, data)
