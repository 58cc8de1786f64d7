"""Arrays of an ``.npz`` file that nobody vouches for: what they claim to be is read before they are.

numpy believes an archive: it makes an array of whatever size a header names, and looks at every member. Here the end
of the archive, its directory and the header of an array are bounded, and read in this order; only then is an array
made, of the size that both the directory and its own header say.
"""

import math
import struct
import tokenize
import zipfile
import zlib
from typing import BinaryIO

import numpy as np

MAX_MEMBERS = 32
MAX_DIRECTORY = 16_384  # bytes of the list of members
MAX_HEADER = 1024  # characters of the header of one array
END_SIZE = 22  # bytes of the record at the end of a zip file that has no comment
END, END_64 = b"PK\x05\x06", b"PK\x06\x07"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

DAMAGE = (OSError, ValueError, LookupError, TypeError, ArithmeticError, EOFError, MemoryError, RuntimeError,
          zipfile.BadZipFile, zlib.error, struct.error, SyntaxError, tokenize.TokenError)  # fmt: skip
"""What reading a damaged archive may raise, the errors of `zipfile` and of numpy's reader of headers included."""


class NpzReader:
    """The arrays of an archive by name, each looked at before it is read.

    Raises one of `DAMAGE` for anything that is not as `numpy.savez` writes it; ValueError for what is too much.
    """

    def __init__(self, file: BinaryIO) -> None:
        _check_end(file)
        self._archive = zipfile.ZipFile(file)
        members = self._archive.infolist()
        names = [member.filename for member in members]
        if len(members) > MAX_MEMBERS or len(set(names)) < len(names):
            raise ValueError(f"it has {len(members)} members, of which {len(set(names))} are different")
        self._members = {member.filename.removesuffix(".npy"): member for member in members}

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def shape(self, name: str, dtype: type) -> tuple[int, ...]:
        """The shape of an array of that type; nothing of it is read. Raises KeyError where there is none."""
        with self._open(name) as member:
            return self._header(name, member, np.dtype(dtype))[1]

    def array(self, name: str, dtype: type) -> np.ndarray:
        """The array, read-only; ask for its `shape` first, and read it only if that is no more than is wanted."""
        with self._open(name) as member:
            found, shape, by_columns = self._header(name, member, np.dtype(dtype))
            data = member.read(found.itemsize * math.prod(shape))
        flat = np.frombuffer(data, found)
        return flat.reshape(shape[::-1]).T if by_columns else flat.reshape(shape)

    def text(self, name: str, longest: int) -> str:
        """A single text of at most so many characters."""
        with self._open(name) as member:
            found, shape, _ = self._header(name, member, None)
            if found.kind != "U" or shape != () or found.itemsize > 4 * longest:
                raise ValueError(f"{name} is {found} {shape}, not one text of at most {longest} characters")
            return str(np.frombuffer(member.read(found.itemsize), found)[0])

    def _open(self, name: str) -> zipfile.ZipExtFile:
        member = self._members[name]
        if member.compress_type not in METHODS:
            raise ValueError(f"{name} is compressed by method {member.compress_type}")
        return self._archive.open(member)

    def _header(self, name: str, member: BinaryIO, dtype: np.dtype | None) -> tuple[np.dtype, tuple[int, ...], bool]:
        """(type, shape, whether by columns) of an array, whose size is that of the rest of its member."""
        version = np.lib.format.read_magic(member)
        if version not in READERS:
            raise ValueError(f"{name} has an array header of version {version}")
        shape, by_columns, found = READERS[version](member, max_header_size=MAX_HEADER)
        left = self._members[name].file_size - member.tell()
        if found.hasobject or (dtype is not None and found != dtype):
            raise ValueError(f"{name} is of type {found}")
        if any(n < 0 for n in shape) or found.itemsize * math.prod(shape) != left:
            raise ValueError(f"{name} is {found} {shape} in {left} bytes")
        return found, shape, by_columns


READERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


def _check_end(file: BinaryIO) -> None:
    """Raise ValueError unless the file ends as a small zip archive: a longer directory would be read as a whole."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - END_SIZE - 20))
    tail = file.read()
    end = tail[-END_SIZE:]
    if len(end) < END_SIZE or end[:4] != END or end[-2:] != b"\0\0" or tail[:4] == END_64:
        raise ValueError("it does not end as such an archive")
    directory = struct.unpack("<I", end[12:16])[0]
    if directory > MAX_DIRECTORY:
        raise ValueError(f"its directory is {directory} bytes long")
