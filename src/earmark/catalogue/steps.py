"""The tagger's outputs over time as they are kept: a tenth of their size, read for one track at a time.

Logits are rounded tag by tag, as coarsely as leaves every probability over time within `TOLERANCE`: most tags of a
track are improbable all through, and then their logits need little. What is kept of a step is its difference from the
one before, which takes few bits.

Embeddings over time are kept by their mean and the `RANK` directions in which this track
moves most, which is what tracks are compared by (`earmark.explore.alignment`); the embedding of the whole track is a
column of its own, to full precision.
"""

import io
import lzma
import zlib

import msgpack
import numpy as np
import scipy  # its parts are loaded when first used, which a search need not pay for

from earmark.tagger.model import Activations
from earmark.tagger.tagset import Tagset

TOLERANCE = 0.002  # of a probability over time
COARSEST, FINEST = 0.125, 2.0**-12  # steps that logits are rounded to
FINE = 1 / 128  # where the tagset is not known: .002 of any probability whose logit is not scaled up
RANK = 8  # chosen by agreement of tracks with their trimmed copies at 64 kbit/s, see docs/scale.md
FORMAT = b"\x02"  # first byte; one of version 1 begins with zlib's 0x78
FILTERS = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16, "lc": 0, "lp": 0, "pb": 0}]
LONGEST = 1 << 28  # bytes of one array
LARGEST = 2**30  # rounded logits beyond are cut


def pack_activations(activations: Activations, tagset: Tagset | None = None) -> bytes:
    """The activations in some 80 bytes a step.

    tagset : what makes probabilities of the logits; that of the activations by default
    """
    logits = np.nan_to_num(np.asarray(activations.logits, np.float32))
    steps = _rounding(logits, tagset or activations.tagset)
    rounded = np.clip(np.round(logits / steps), -LARGEST, LARGEST).astype(np.int32)
    mean, weights, directions = _main_directions(np.nan_to_num(np.asarray(activations.embedding, np.float32)))
    fields = {
        "times": _squeezed(_changes(np.round(np.asarray(activations.times, np.float64) * 1000).astype(np.int32))),
        "steps": steps.tobytes(), "logits": _squeezed(_changes(rounded)),
        "mean": mean.tobytes(), "weights": _packed8(weights), "directions": _packed8(directions),
    }  # fmt: skip
    return FORMAT + msgpack.packb(fields)


def unpack_activations(packed: bytes) -> Activations:
    """What `pack_activations` packed, in float32; times to a millisecond. Raises ValueError for anything else."""
    if not packed.startswith(FORMAT):
        return _unpack_npz(packed)
    fields = msgpack.unpackb(packed[1:])
    times, embedding = _embedding(fields)
    return Activations(times, _logits(fields), embedding)


def check_packed(activations: Activations) -> None:
    """Raise ValueError unless what another process has packed can be unpacked, to arrays of the same shapes.

    It takes no more memory than these do, whatever was sent.
    """
    n, dim = activations.embedding.shape
    if not activations.packed.startswith(FORMAT):
        raise ValueError("packed in another format")
    try:
        fields = msgpack.unpackb(activations.packed[1:])
        weights, directions = (_unpacked8(fields[name], 4 * n * dim) for name in ("weights", "directions"))
        found = _times(fields, 4 * n), _logits(fields, activations.logits.nbytes), weights, directions, _mean(fields)
    except (KeyError, TypeError, AttributeError, IndexError, msgpack.UnpackException) as error:
        raise ValueError(f"not packed by earmark ({type(error).__name__})") from error
    rank = len(weights)
    shapes = [(n,), activations.logits.shape, (rank, n), (rank, dim), (dim,)]
    if [array.shape for array in found] != shapes or not all(np.isfinite(array).all() for array in found):
        raise ValueError("packed in another shape")


def _logits(fields: dict, longest: int | None = None) -> np.ndarray:
    steps = np.frombuffer(fields["steps"], np.float32)
    return _added_up(fields["logits"], len(steps), longest).astype(np.float32) * steps


def unpack_embedding(packed: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Times [n] and embedding [n, dim] of what `pack_activations` packed: a tenth of the work of all of it."""
    if not packed.startswith(FORMAT):
        found = _unpack_npz(packed)
        return found.times, found.embedding
    return _embedding(msgpack.unpackb(packed[1:]))


def unpack_movement(packed: bytes) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Times [n], weights [n, r] and directions [r, dim]: weights by directions are the embedding, less its mean.

    Directions are None where the weights are the embedding itself: up to version 4 of a catalogue.
    """
    if not packed.startswith(FORMAT):
        found = _unpack_npz(packed)
        return found.times, found.embedding, None
    fields = msgpack.unpackb(packed[1:])
    return _times(fields), _unpacked8(fields["weights"]).T, _unpacked8(fields["directions"])


def _embedding(fields: dict) -> tuple[np.ndarray, np.ndarray]:
    weights, directions = (_unpacked8(fields[name]) for name in ("weights", "directions"))
    return _times(fields), weights.T @ directions + _mean(fields)


def _mean(fields: dict) -> np.ndarray:
    return np.frombuffer(fields["mean"], np.float32)


def _times(fields: dict, longest: int | None = None) -> np.ndarray:
    return (_added_up(fields["times"], 1, longest)[:, 0] / np.float32(1000)).astype(np.float32)


# -- logits -----------------------------------------------------------------------------------------------------------


def _rounding(logits: np.ndarray, tagset: Tagset | None) -> np.ndarray:
    """What each tag's logits are rounded to multiples of: float32 [n_tags]."""
    if tagset is None:
        return np.full(logits.shape[1], FINE, np.float32)
    exact, steps = tagset.probabilities(logits), np.full(logits.shape[1], COARSEST, np.float32)
    while True:
        found = tagset.probabilities(np.round(logits / steps) * steps)
        wrong = _finer(np.abs(found - exact).max(axis=0) > TOLERANCE, tagset) & (steps > FINEST)
        if not wrong.any():
            return steps
        steps[wrong] /= np.float32(2**0.5)


def _finer(wrong: np.ndarray, tagset: Tagset) -> np.ndarray:
    """The tags that need a finer step, where these probabilities are wrong: of an exclusive group, all."""
    for group, part in tagset.slices():
        if group.kind == "exclusive":
            wrong[part] = wrong[part].any()
    return wrong


def _changes(values: np.ndarray) -> bytes:
    """Differences along the first axis, column after column, small ones of either sign as small numbers."""
    changes = np.diff(np.atleast_2d(values.T), prepend=0)
    folded = np.ascontiguousarray((changes << 1) ^ (changes >> 31), "<u4")
    return folded.view(np.uint8).reshape(-1, 4).T.tobytes()  # all low bytes first: the high ones are mostly zero


def _added_up(squeezed: bytes, n_columns: int, longest: int | None = None) -> np.ndarray:
    """The values of `_changes`, int32 [n, n_columns]."""
    folded = (
        np.frombuffer(_restored(squeezed, longest), np.uint8).reshape(4, -1).T.copy().view("<u4").reshape(n_columns, -1)
    )
    changes = (folded >> 1).astype(np.int32) ^ -(folded & 1).astype(np.int32)
    return np.cumsum(changes, axis=1, dtype=np.int32).T


# -- embeddings -------------------------------------------------------------------------------------------------------


def _main_directions(embedding: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean [dim], weights [rank, n], directions [rank, dim]; directions by weights are the rest of it, nearly."""
    mean = embedding.mean(axis=0)
    x = embedding - mean
    flat = len(x) < x.shape[1]  # the smaller of the two products has the same directions, at a tenth of the time
    products = x @ x.T if flat else x.T @ x
    n = len(products)
    _, vectors = scipy.linalg.eigh(products, subset_by_index=(max(n - RANK, 0), n - 1), check_finite=False)
    if not flat:
        return mean, (x @ vectors).T, vectors.T
    directions = vectors.T @ x
    lengths = np.linalg.norm(directions, axis=1, keepdims=True) + 1e-12
    return mean, vectors.T * lengths, directions / lengths


def _packed8(rows: np.ndarray) -> dict:
    """Rows in 8 bits, each to its own scale."""
    scale = (np.abs(rows).max(axis=1, initial=0) / 127 + 1e-12).astype(np.float32)
    return {"scale": scale.tobytes(), "rows": _squeezed(np.round(rows / scale[:, None]).astype(np.int8).tobytes())}


def _unpacked8(fields: dict, longest: int | None = None) -> np.ndarray:
    scale = np.frombuffer(fields["scale"], np.float32)[:, None]
    return np.frombuffer(_restored(fields["rows"], longest), np.int8).reshape(len(scale), -1) * scale


# -- bytes ------------------------------------------------------------------------------------------------------------


def _squeezed(data: bytes) -> bytes:
    return lzma.compress(data, lzma.FORMAT_RAW, filters=FILTERS)


def _restored(squeezed: bytes, longest: int | None) -> bytes:
    """Raises ValueError for what was not squeezed, or is longer."""
    try:
        reader = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=FILTERS)
        data = reader.decompress(squeezed, longest or LONGEST)
    except lzma.LZMAError as error:
        raise ValueError(str(error)) from error
    if not reader.eof:
        raise ValueError("cut off, or too long")
    return data


def _unpack_npz(packed: bytes) -> Activations:
    """Of catalogues up to version 4: a deflated npz in half precision."""
    with np.load(io.BytesIO(zlib.decompress(packed)), allow_pickle=False) as file:
        return Activations(file["times"], file["logits"].astype(np.float32), file["embedding"].astype(np.float32))
