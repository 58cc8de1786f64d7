"""An upload, written to disk piece by piece as it comes; nothing of it is taken for a path."""

import re
from pathlib import Path

from anyio import to_thread
from fastapi import Request

from earmark.errors import printable
from earmark.server.problems import Refused

SUFFIX = re.compile(r"[a-z0-9]{1,8}")
MOST_NAME = 200  # characters
MULTIPART = "multipart/"
JSON = "application/json"


async def receive_upload(request: Request, folder: Path, stem: str, name: str) -> Path:
    """Write the body of a request to ``folder/stem.suffix``; the suffix alone is taken of the client's name.

    Raises
    ------
    Refused : a form in place of the file itself, or nothing at all
    """
    if request.headers.get("content-type", "").startswith(MULTIPART):
        problem = "a form, where the body should be the file itself"
        raise Refused(415, "Content-Type", problem, "With curl: --data-binary @song.mp3")
    path, n_bytes = folder / f"{stem}.{suffix_of(name)}", 0
    with open(path, "xb") as file:
        async for piece in request.stream():
            n_bytes += len(piece)
            await to_thread.run_sync(file.write, piece)
    if not n_bytes:
        raise _nothing(shown_name(name))
    return path


def is_json(request: Request) -> bool:
    """Whether the body is said to be JSON, not a file."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


def expect_body(request: Request, name: str) -> None:
    """Raise Refused (422) where a request says itself that it has no body."""
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        raise _nothing(name)


def _nothing(name: str) -> Refused:
    return Refused(422, name, "an empty body", "Send the file as the body.")


def suffix_of(name: str) -> str:
    """The suffix by which some formats are told, ``bin`` where the name has none that could be one."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return suffix if SUFFIX.fullmatch(suffix) else "bin"


def shown_name(name: str) -> str:
    """The last part of a client's name for a file, as it may be shown."""
    return printable(re.split(r"[/\\]", name)[-1][:MOST_NAME]) or "upload"
