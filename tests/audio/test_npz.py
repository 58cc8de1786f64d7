"""Archives that are not what numpy writes, or more than is wanted."""

import io
import zipfile

import numpy as np
import pytest

from earmark.audio import npz
from earmark.audio.npz import DAMAGE, NpzReader


def archive(**arrays) -> io.BytesIO:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file


def test_what_numpy_writes_comes_back(rng):
    rows = rng.integers(0, 255, (5, 7)).astype(np.uint8)
    reader = NpzReader(archive(rows=rows, columns=rows.T, word=np.array("wörd")))

    assert "rows" in reader
    assert "none" not in reader
    assert reader.shape("rows", np.uint8) == (5, 7)
    np.testing.assert_array_equal(reader.array("rows", np.uint8), rows)
    np.testing.assert_array_equal(reader.array("columns", np.uint8), rows.T)
    assert reader.text("word", 10) == "wörd"


def test_a_text_that_is_too_long_or_none_is_refused():
    reader = NpzReader(archive(long=np.array("x" * 11), many=np.array(["a", "b"]), number=np.array(5)))
    for name in ("long", "many", "number"):
        with pytest.raises(ValueError, match=f"{name} is .*, not one text of at most 10 characters"):
            reader.text(name, 10)


def test_a_member_that_is_missing_is_a_lookup_error():
    with pytest.raises(LookupError):
        NpzReader(archive(a=np.zeros(2))).shape("b", float)


def zipped(members: list[tuple[str, bytes]], **options) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", **options) as out:
        for name, data in members:
            out.writestr(name, data)
    return file


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_too_many_members_and_equal_ones_are_refused():
    with pytest.raises(ValueError, match="40 members, of which 40"):
        NpzReader(zipped([(f"{i}.npy", b"") for i in range(40)]))
    with pytest.raises(ValueError, match="2 members, of which 1"):
        NpzReader(zipped([("a.npy", b""), ("a.npy", b"")]))


def test_a_long_directory_is_not_read():
    with pytest.raises(ValueError, match="its directory is [0-9]+ bytes long"):
        NpzReader(zipped([(f"{i}.npy", b"") for i in range(5000)]))


def test_other_compressions_comments_and_other_ends_are_refused():
    with pytest.raises(ValueError, match="compressed by method 12"):
        NpzReader(zipped([("a.npy", b"x")], compression=zipfile.ZIP_BZIP2)).shape("a", float)
    commented = zipped([("a.npy", b"x")])
    with zipfile.ZipFile(commented, "a") as out:
        out.comment = b"hello"
    for file in (commented, io.BytesIO(b""), io.BytesIO(bytes(100)), io.BytesIO(npz.END_64 + bytes(16) + npz.END)):
        with pytest.raises(ValueError, match="does not end as such an archive"):
            NpzReader(file)


@pytest.mark.parametrize(
    "header",
    [
        b"\x93NUMPY\x03\x00\x0a\x00\x00\x00{'descr': 1",
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff{}",
        b"\x93NUMPY\x01\x00\x90\x01" + b"(" * 400,
        b"\x93NUMPY\x01\x00\x90\x01" + b"-" * 399 + b"1",
        b"\x93NUMPY\x01\x00\xff\xff" + b" " * 65_535,
        b"\x93NUMPY",
        b"",
    ],
)
def test_headers_that_are_none_are_damage(header):
    with pytest.raises(DAMAGE):
        NpzReader(zipped([("a.npy", header)])).shape("a", float)
