"""The sound of a track: a file, whole or one range of it."""

import os
import re
from collections.abc import AsyncIterator
from email.utils import formatdate
from typing import BinaryIO

from anyio import to_thread
from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from earmark.server.problems import Refused

CHUNK = 256 * 1024  # bytes read at once
TYPES = {
    "aac": "audio/aac", "aif": "audio/aiff", "aiff": "audio/aiff", "ape": "audio/x-ape", "flac": "audio/flac",
    "m4a": "audio/mp4", "m4b": "audio/mp4", "mka": "audio/x-matroska", "mp2": "audio/mpeg", "mp3": "audio/mpeg",
    "mp4": "audio/mp4", "mpc": "audio/x-musepack", "oga": "audio/ogg", "ogg": "audio/ogg", "opus": "audio/ogg",
    "spx": "audio/ogg", "wav": "audio/wav", "webm": "audio/webm", "wma": "audio/x-ms-wma", "wv": "audio/x-wavpack",
}  # fmt: skip
OTHER = "application/octet-stream"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def sound_response(request: Request, path: str, file: BinaryIO) -> Response:
    """The whole file or the range that was asked for.

    One range is served; several, or what cannot be read as one, is answered by the whole, as the standard allows.
    """
    status = os.fstat(file.fileno())
    size, modified = status.st_size, formatdate(status.st_mtime, usegmt=True)
    etag = f'"{status.st_mtime_ns:x}-{size:x}"'
    headers = {"Accept-Ranges": "bytes", "ETag": etag, "Last-Modified": modified, "Content-Disposition": "inline"}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    fresh = request.headers.get("if-range", etag) in (etag, modified)
    part = _range_of(request.headers.get("range", ""), size) if fresh else None
    first, last = part or (0, size - 1)
    headers["Content-Length"] = str(last - first + 1)
    if part:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    kind, code = TYPES.get(path.rpartition(".")[2].lower(), OTHER), 206 if part else 200
    if request.method == "HEAD":
        return Response(None, code, headers, kind)
    return StreamingResponse(_read(file, first, last + 1), code, headers, kind)


def _range_of(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None for the whole. Raises Refused (416) for a range that the file does not have."""
    found = RANGE.fullmatch(header.strip()) if len(header) < 100 else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        first, last = max(size - int(found[2]), 0), size - 1
    else:
        first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
        if found[2] and int(found[2]) < first:
            return None
    if first >= size or last < first:
        headers = {"Content-Range": f"bytes */{size}"}
        raise Refused(416, "Range", f"the file has {size} bytes", "Ask for a part of them.", headers)
    return first, last


async def _read(file: BinaryIO, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes in pieces; no thread waits while the client takes its time."""
    with file:
        file.seek(start)
        while start < end and (piece := await to_thread.run_sync(file.read, min(CHUNK, end - start))):
            start += len(piece)
            yield piece
