"""Tasks and replies as bytes: msgpack of plain values, each checked against the dataclass that it becomes part of.

A decoder that a hostile file has taken over may send anything. What arrives is data in any case, and becomes a message
only where every field has the type that its dataclass declares, every number is finite, every id an id, and every array
of the shape it should have. What a worker has no say in (path, model, tagset, tags) is not sent at all.
"""

import math
import os
import re
import struct
import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

import msgpack
import numpy as np

from earmark.analysis import TAGS, Analysis, tell_tags
from earmark.audio.earprint_head import is_track_id
from earmark.catalogue.steps import check_packed
from earmark.descriptors import DESCRIPTORS
from earmark.engine.protocol import (
    Analyse,
    Analysed,
    Failed,
    Heard,
    Identified,
    Identify,
    News,
    Opened,
    Ready,
    Reply,
    Task,
)
from earmark.tagger.model import Activations, Model

MOST_BYTES = 256 << 20  # of one message; the analysis of half an hour has 10 MB, nearly all of it arrays
MOST_HEAD = 4 << 20  # bytes of a message but for its arrays: as objects of Python they take up to sixty times that
MOST_ITEMS = 200_000  # of one list
MOST_KEYS = 200  # of one map
MOST_TEXT = 10_000  # characters
VERSION = re.compile(r"[^\s:]\S{0,199}")
DTYPES = {np.dtype(name).str for name in ("float32", "float64")}
ARRAY = 1  # msgpack's code for an array: its type, shape, and where its bytes begin behind the head
PATHS = {"path", "earprints"}  # fields that travel as the bytes of a path, which need not be Unicode
LENGTH = struct.Struct(">I")
TASKS = {kind.__name__: kind for kind in (Identify, Analyse)}
ANSWERS = {kind.__name__: kind for kind in (Ready, Opened, Heard, Identified, Analysed, Failed)}
NOT_SENT = {"path", "model_id", "model_version", "tagset", "tags"}  # fields of an Analysis that the scan knows itself


class WireError(Exception):
    """Bytes that are no message: the process that sent them is not to be trusted any more."""


# -- frames ------------------------------------------------------------------------------------------------------------


def send(stream: BinaryIO, message: Task | News | Reply) -> None:
    """Write one message, its length first; raises OSError where nobody reads any more."""
    body = encode(message)
    stream.write(LENGTH.pack(len(body)) + body)
    stream.flush()


def receive(stream: BinaryIO) -> bytes:
    """The bytes of the next message. Raises EOFError at the end, and WireError for one that is too long."""
    (n,) = LENGTH.unpack(_read_exactly(stream, LENGTH.size))
    if n > MOST_BYTES:
        raise WireError(f"a message of {n} bytes")
    return _read_exactly(stream, n)


def _read_exactly(stream: BinaryIO, n: int) -> bytes:
    found = stream.read(n)
    if len(found) < n:
        raise EOFError
    return found


# -- messages -> bytes -------------------------------------------------------------------------------------------------


def encode(message: Task | News | Reply) -> bytes:
    """The bytes of one message: a head and the bytes of its arrays. Text that is not valid Unicode is made so."""
    arrays = _Arrays()
    named = [type(message).__name__, _fields_of(message)]
    head = msgpack.packb(named, default=arrays.plain, unicode_errors="backslashreplace")
    return b"".join((LENGTH.pack(len(head)), head, *arrays.data))


class _Arrays:
    """The arrays of one message, which stand behind its head."""

    def __init__(self) -> None:
        self.data: list[bytes] = []
        self._size = 0

    def plain(self, value: Any) -> Any:
        """What msgpack does not know, in what it knows."""
        if isinstance(value, np.ndarray):
            return self._keep(value)
        if isinstance(value, frozenset):
            return sorted(value)
        if is_dataclass(value):
            return _fields_of(value)
        raise TypeError(f"{type(value).__name__} is part of no message")

    def _keep(self, array: np.ndarray) -> msgpack.ExtType:
        place = msgpack.packb([array.dtype.str, array.shape, self._size])
        self.data.append(array.tobytes())
        self._size += array.nbytes
        return msgpack.ExtType(ARRAY, place)


def _fields_of(value: Any) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in _hints(type(value))}
    return found | {name: os.fsencode(found[name]) for name in PATHS & found.keys() if found[name] is not None}


# -- bytes -> messages -------------------------------------------------------------------------------------------------


def decode_task(body: bytes) -> Task:
    """The task that a scan sent; raises WireError for anything else."""
    return _message(body, TASKS)


def decode_answer(body: bytes, task: Task | None, model: Model) -> News | Reply:
    """What a worker sent.

    Parameters
    ----------
    task : that it was given; None where it is only to say that it is ready
    model : that it works with

    Raises
    ------
    WireError : no such message, or one that does not answer the task
    """
    answer = _message(body, ANSWERS, lambda values: _analysis(values, task, model))
    if task is None or isinstance(answer, Ready):
        return _expected(answer, task is None and isinstance(answer, Ready))
    asked = (Identified,) if isinstance(task, Identify) else (Analysed, Opened, Heard)
    _expected(answer, isinstance(answer, (Failed, *asked)))
    if answer.path != task.path:
        raise WireError("a message about another file")
    return answer


def _expected(answer: News | Reply, fits: bool) -> News | Reply:
    if not fits:
        raise WireError(f"{type(answer).__name__} at the wrong moment")
    return answer


def _message(body: bytes, kinds: dict[str, type], analysis: Callable[[Any], Analysis] | None = None) -> Any:
    match _plain_values(body):
        case [str(name), dict(values)] if name in kinds:
            if name == Analysed.__name__ and "analysis" in values:
                values["analysis"] = analysis(values["analysis"])
            return _build(kinds[name], values, name)
    raise WireError("no message of a known kind")


def _plain_values(body: bytes) -> Any:
    """Lists, maps, text, numbers and arrays, bounded in number; whatever else the bytes are is a WireError."""
    n = LENGTH.size + int.from_bytes(body[: LENGTH.size])
    if n - LENGTH.size > MOST_HEAD or n > len(body):
        raise WireError("a head of the wrong length")
    data, bounds = memoryview(body)[n:], {"max_array_len": MOST_ITEMS, "max_map_len": MOST_KEYS}
    try:
        return msgpack.unpackb(body[LENGTH.size : n], ext_hook=lambda code, place: _array(code, place, data), **bounds)
    except (ValueError, TypeError, RecursionError, msgpack.UnpackException) as error:
        raise WireError(f"no message ({type(error).__name__})") from None


def _array(code: int, place: bytes, data: memoryview) -> np.ndarray:
    """A finite array of an allowed type, which lies in `data` as a whole."""
    match msgpack.unpackb(place) if code == ARRAY else None:
        case [str(dtype), list(shape), int(start)] if dtype in DTYPES and len(shape) <= 3:
            if all(type(n) is int and 0 <= n <= MOST_BYTES for n in (*shape, start)):
                size = math.prod(shape) * np.dtype(dtype).itemsize
                if start + size <= len(data):
                    return _finite(np.frombuffer(data[start : start + size], dtype).reshape(shape))
    raise WireError("no array of an allowed kind")


def _finite(array: np.ndarray) -> np.ndarray:
    if not np.isfinite(array).all():
        raise WireError("an array with numbers that are not finite")
    return array


def _analysis(values: Any, task: Task | None, model: Model) -> Analysis:
    """The analysis that these fields are of, completed by what only the scan has a say in."""
    if not isinstance(task, Analyse):
        raise WireError("an analysis that nobody asked for")
    found = _build_fields(Analysis, values, "analysis", {"descriptors": _descriptors})
    versions, activations = found["versions"], found["activations"]
    if not (found["descriptors"].keys() <= versions.keys() <= task.parts):
        raise WireError("parts that nobody asked for")
    if not all(map(VERSION.fullmatch, versions.values())) or (TAGS in versions) != (activations is not None):
        raise WireError("versions that do not fit")
    tags: dict = {}
    if activations is not None:
        found["activations"] = replace(_checked(activations, len(model.tagset)), tagset=model.tagset)
        tags = tell_tags(found["activations"], model.tagset, found["analysed"], found["silent"])
    own = {"path": task.path, "model_id": model.info.id, "model_version": model.info.version}
    return Analysis(**own, tagset=model.tagset, tags=tags, **found)


def _checked(activations: Activations, n_tags: int) -> Activations:
    """Raises WireError unless all three arrays are float32 and have the same steps, one at least."""
    arrays = activations.times, activations.logits, activations.embedding
    n, shapes = len(activations.times), [array.shape for array in arrays]
    fits = shapes[:2] == [(n,), (n, n_tags)] and len(shapes[2]) == 2 and shapes[2][0] == n and min(n, shapes[2][1]) > 0
    if not fits or {array.dtype for array in arrays} != {np.dtype("float32")}:
        raise WireError("activations of another shape")
    if activations.packed is not None:
        try:
            check_packed(activations)
        except ValueError as error:
            raise WireError(f"activations that are {error}") from None
    return activations


def _descriptors(values: Any, where: str) -> dict[str, Any]:
    """Name -> descriptor; each name has its own dataclass, that which its module's ``from_dict`` returns."""
    if not isinstance(values, dict) or not values.keys() <= DESCRIPTORS.keys():
        raise WireError(f"{where}: unknown names")
    return {name: _build(_returned(DESCRIPTORS[name].from_dict), value, name) for name, value in values.items()}


@lru_cache(maxsize=64)
def _returned(function: Callable) -> type:
    return get_type_hints(function)["return"]


# -- plain values -> what a type hint says -----------------------------------------------------------------------------


@lru_cache(maxsize=64)
def _hints(kind: type) -> dict[str, Any]:
    """Field -> type, of the fields of a dataclass that are sent."""
    hints = get_type_hints(kind)
    skipped = NOT_SENT if kind in (Analysis, Activations) else ()
    return {field.name: hints[field.name] for field in fields(kind) if field.name not in skipped}


def _build(hint: Any, value: Any, where: str) -> Any:
    """The plain value as what `hint` says, exactly; raises WireError that says `where` it is something else."""
    if hint in SCALARS:
        return SCALARS[hint](value, where)
    if hint is np.ndarray or (is_dataclass(hint) and isinstance(value, hint)):  # built before
        _require(isinstance(value, hint), where)
        return value
    if is_dataclass(hint):
        return hint(**_build_fields(hint, value, where))
    return _build_generic(get_origin(hint), get_args(hint), value, where)


def _build_generic(origin: Any, arguments: tuple, value: Any, where: str) -> Any:
    if origin in (Union, types.UnionType):
        return _one_of(arguments, value, where)
    if origin is tuple:
        return _tuple(arguments, value, where)
    if origin is frozenset:
        return frozenset(_tuple((*arguments, ...), value, where))
    if origin is dict:
        _require(isinstance(value, dict), where)
        return {_text(key, where): _build(arguments[1], item, where) for key, item in value.items()}
    if origin is Literal:
        _require(value in arguments, where)
        return value
    raise TypeError(f"{where}: fields of type {origin or arguments} cannot be sent")


def _require(fits: bool, where: str) -> None:
    if not fits:
        raise WireError(f"{where} of another type")


def _build_fields(kind: type, values: Any, where: str, own: dict[str, Callable] | None = None) -> dict[str, Any]:
    """All fields of a dataclass, no more and no fewer; own : field -> what builds it in place of its hint."""
    hints = _hints(kind)
    _require(isinstance(values, dict) and values.keys() == hints.keys(), where)
    found = {}
    for name, hint in hints.items():
        at, value = f"{where}.{name}", values[name]
        build = (own or {}).get(name) or FIELDS.get(name)
        found[name] = build(value, at) if build and value is not None else _build(hint, value, at)
    return found


def _one_of(hints: tuple, value: Any, where: str) -> Any:
    for hint in hints:
        try:
            return _build(hint, value, where)
        except WireError as error:
            refusal = error
    raise refusal


def _tuple(arguments: tuple, value: Any, where: str) -> tuple:
    _require(isinstance(value, list), where)
    if arguments[-1] is not ...:
        _require(len(value) == len(arguments), where)
        return tuple(_build(hint, item, where) for hint, item in zip(arguments, value, strict=True))
    if arguments[0] is float:  # curves are long
        _require(set(map(type, value)) <= {float, int} and math.isfinite(sum(value)), where)
        return tuple(value)
    return tuple(_build(arguments[0], item, where) for item in value)


def _text(value: Any, where: str) -> str:
    _require(type(value) is str and len(value) <= MOST_TEXT, where)
    return value


def _int(value: Any, where: str) -> int:
    _require(type(value) is int and -(2**63) <= value < 2**63, where)
    return value


def _float(value: Any, where: str) -> float:
    _require(type(value) in (float, int) and abs(value) < math.inf, where)  # NaN is not below infinity either
    return value


def _bool(value: Any, where: str) -> bool:
    _require(type(value) is bool, where)
    return value


def _bytes(value: Any, where: str) -> bytes:
    _require(type(value) is bytes and len(value) <= MOST_TEXT, where)
    return value


def _none(value: Any, where: str) -> None:
    _require(value is None, where)


def _track_id(value: Any, where: str) -> str:
    _require(is_track_id(value), where)
    return value


def _packed(value: Any, where: str) -> bytes:
    _require(type(value) is bytes, where)  # no longer than a head; what it unpacks to is bounded too
    return value


def _path(value: Any, where: str) -> str:
    return os.fsdecode(_bytes(value, where))


SCALARS = {str: _text, int: _int, float: _float, bool: _bool, bytes: _bytes, type(None): _none}
FIELDS = {"track_id": _track_id, "path": _path, "earprints": _path, "packed": _packed}
"""Fields that are more than their type, wherever they stand."""
