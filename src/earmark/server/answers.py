"""Answers: JSON as bytes, with an ETag by which a browser need not be told the same twice."""

import hashlib
import io
import json

import numpy as np
from fastapi import Request
from fastapi.responses import Response

from earmark.server.problems import Refused


def encode(value: object) -> bytes:
    """A value as JSON; numbers that are none become an error, so that no answer is broken JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


OCTETS = "application/octet-stream"


def as_npy(values: np.ndarray) -> bytes:
    """An array as the file that ``numpy.load`` reads, without anything pickled."""
    out = io.BytesIO()
    np.save(out, values, allow_pickle=False)
    return out.getvalue()


def etag_of(body: bytes) -> str:
    """A strong ETag: equal for equal bytes."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def answer(
    request: Request, body: bytes, media_type: str = "application/json", headers: dict[str, str] | None = None
) -> Response:
    """The body with its ETag, or 304 where the client has it already."""
    etag = etag_of(body)
    headers = {"ETag": etag} | (headers or {})
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, media_type)


NOT_STORED = {"Cache-Control": "no-store"}


def passing(value: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A value as JSON that nobody keeps: it holds a secret, or is another one in a moment."""
    return Response(encode(value), status, NOT_STORED | (headers or {}), "application/json")


def expect_match(request: Request, *bodies: bytes) -> None:
    """Raise Refused (412) where the client changes another state than one of these shows."""
    wanted = request.headers.get("if-match")
    if wanted is not None and not any(matches(wanted, etag_of(body)) for body in bodies):
        raise Refused(412, "If-Match", "it was changed meanwhile", "Read it again, then change it.")


def matches(header: str | None, etag: str) -> bool:
    """Whether an ``If-Match`` or ``If-None-Match`` names this ETag."""
    if header is None:
        return False
    return header.strip() == "*" or etag in (part.strip().removeprefix("W/") for part in header.split(","))


LONG = ("beats", "downbeats")


def brief(track: dict) -> dict:
    """The JSON object of a track as lists have it: without its beats and sections, which are most of it."""
    found = {name: value for name, value in track.items() if name != "structure"}
    if "tempo" in found:
        found["tempo"] = {name: value for name, value in found["tempo"].items() if name not in LONG}
    return found


NUMBERS = ("similarity", "relevance", "score", "by", "chance", "concepts", "parts", "passages", "versions")


def chosen_fields(item: dict, fields: list[str] | None) -> dict:
    """Some fields of the JSON object of a track, with its id and what the question found; `brief` without a choice."""
    if fields is None:
        return brief(item)
    return {"track_id": item["track_id"]} | {name: item[name] for name in (*fields, *NUMBERS) if name in item}
