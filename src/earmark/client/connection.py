"""One server that is asked: questions, errors as they were raised there, and jobs that are waited for."""

import json
import os
import re
import time
from collections.abc import Iterator
from typing import Any

from earmark import errors
from earmark.errors import EarmarkError, MissingPackage, ServerError
from earmark.progress import Progress, silent

API = "/api/v1"
SECONDS = 120.0  # for an answer
MOST_TRIES = 8  # where the server is busy
LONGEST_WAIT = 30.0  # seconds between two of them
AWAY = "See whether `earmark serve` is at work there, and whether the address is right."


class Connection:
    """Speaks to one server.

    Parameters
    ----------
    address : such as ``http://music.example.org:8340``
    key : of the API
    """

    def __init__(self, address: str, key: str, seconds: float = SECONDS) -> None:
        self._httpx = _httpx()
        if not re.match(r"https?://", address):
            raise ServerError(address, "no address of a server", "Give one such as http://localhost:8340.")
        headers = {"Authorization": f"Bearer {key}", "User-Agent": "earmark"}
        self.address = address.rstrip("/")
        self._client = self._httpx.Client(base_url=self.address, headers=headers, timeout=seconds)

    def close(self) -> None:
        """Let go of the server."""
        self._client.close()

    def ask(self, method: str, path: str, **options: Any):
        """The answer, waiting where the server is busy; raises what was raised there, or ServerError."""
        for tries in range(1, MOST_TRIES + 1):
            try:
                answer = self._client.request(method, path if path.startswith(API) else API + path, **options)
            except self._httpx.HTTPError as error:
                raise ServerError(self.address, f"cannot be asked ({error or type(error).__name__})", AWAY) from error
            if answer.status_code != 429 or tries == MOST_TRIES:
                break
            time.sleep(min(LONGEST_WAIT, _seconds(answer.headers.get("Retry-After"), tries)))
        if answer.is_error:
            raise error_of(answer.status_code, answer.text, self.address)
        return answer

    def get(self, path: str, **params: Any) -> Any:
        """The decoded answer to a GET; parameters that are None are left out."""
        given = {name: value for name, value in params.items() if value is not None}
        return self.ask("GET", path, params=given).json()

    def listed(self, path: str, **params: Any) -> Iterator[dict]:
        """The entries of a list, page by page."""
        cursor = None
        while True:
            told = self.get(path, cursor=cursor, **params)
            yield from told["items"]
            cursor = told["next"]
            if cursor is None:
                return

    def post(self, path: str, body: object, **options: Any) -> Any:
        """The decoded answer to a POST of JSON."""
        return self.ask("POST", path, json=body, **options).json()

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def finished(self, job: dict, progress: Progress = silent) -> dict:
        """Wait for a job; raises what it has failed with. It is cancelled where the waiting is interrupted."""
        try:
            for job in self._news(job["links"]["self"]):  # noqa: B020
                told = job.get("progress") or {}
                if told:
                    progress(told["stage"], told["done"], told["total"], told.get("note") or "")
        except KeyboardInterrupt:
            self.ask("DELETE", job["links"]["self"])
            raise
        if job["state"] == "failed":
            raise ServerError(*(job["error"][name] for name in ("source", "problem", "remedy")))
        if job["state"] != "succeeded":
            raise ServerError(job["kind"], f"was {job['state']}", "Resume the job, or begin again.")
        return job

    def _news(self, path: str) -> Iterator[dict]:
        """The job, whenever it has changed, until it is over; the stream is opened anew where it breaks."""
        last, job = None, self.get(path)
        while True:
            yield job
            if job["state"] not in ("receiving", "queued", "running"):
                return
            headers = {"Last-Event-ID": last} if last else {}
            try:
                with self._client.stream("GET", f"{path}/events", headers=headers) as stream:
                    for line in stream.iter_lines():
                        if line.startswith("data: "):
                            job = json.loads(line.removeprefix("data: "))
                            last = str(job["seq"])
                            yield job
            except self._httpx.TransportError:
                time.sleep(1)
            job = self.get(path)

    def download(self, path: str, target: str | os.PathLike) -> None:
        """Write an answer into a file, piece by piece."""
        with self._client.stream("GET", path) as answer, open(target, "wb") as file:
            if answer.is_error:
                raise error_of(answer.status_code, answer.read().decode("utf-8", "replace"), self.address)
            for piece in answer.iter_bytes():
                file.write(piece)


def error_of(status: int, body: str, address: str) -> EarmarkError:
    """The error that an answer reports, of the kind that was raised there."""
    try:
        told = json.loads(body)
        source, problem, remedy = told["source"], told["detail"], told["remedy"]
        kind = told["type"].rpartition("#")[2]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ServerError(address, f"answered by {status}, which is no answer of earmark", AWAY)
    return KINDS.get(kind, ServerError)(source, problem, remedy)


def _kinds(kind: type[EarmarkError]) -> Iterator[type[EarmarkError]]:
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from _kinds(below)


KINDS = {re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower(): kind for kind in _kinds(EarmarkError)}
"""Name in a problem's type -> error."""


def _seconds(text: str | None, tries: int) -> float:
    return float(text) if text and text.isdigit() else float(tries)


def _httpx():
    try:
        import httpx
    except ModuleNotFoundError:
        raise MissingPackage("httpx", "is not installed", "Run `pip install 'earmark[client]'`.") from None
    return httpx
