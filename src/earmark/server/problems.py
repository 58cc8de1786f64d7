"""Every error of the API as one shape, ``application/problem+json`` of RFC 9457, made from an `EarmarkError`.

`Refused` is an error of the request itself: who asks, from where, how much, how often.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from earmark.errors import EarmarkError, NotFound, printable

MEDIA_TYPE = "application/problem+json"
REMEDIES = {
    404: "Look into /api for the addresses that there are.",
    405: "Look into /api for the methods of this address.",
    413: "Send less.",
    500: "Please report this with the log of the server.",
}
CHECK = "Correct the request; /api describes it."
PLACE = re.compile(r"\{\w+\}")
MOST_ERRORS = 20  # that are listed of one request
log = logging.getLogger("earmark.server")


class Refused(EarmarkError):
    """A request that the server does not take, with the status that says why.

    Parameters
    ----------
    status : of HTTP
    headers : of the answer, such as ``Retry-After``
    """

    def __init__(
        self, status: int, source: object, problem: str, remedy: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(source, problem, remedy)
        self.http_status, self.headers = status, headers or {}


@contextmanager
def named_in_body() -> Iterator[None]:
    """What is not found within is named in the body (400): what the address names is there."""
    try:
        yield
    except NotFound as error:
        error.http_status = 400
        raise


def kind_of(error: EarmarkError) -> str:
    """``not-found``: the name of an error as it stands in addresses, with which the list in /api begins."""
    if isinstance(error, Refused):
        return _slug(HTTPStatus(error.http_status).phrase)
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def _slug(phrase: str) -> str:
    return phrase.lower().replace(" ", "-")


def problem_response(error: EarmarkError, instance: str = "", errors: list[dict] | None = None) -> Response:
    """The answer that reports an error.

    instance : the path that was asked for
    errors : what is wrong at which place (a JSON pointer) of the request
    """
    status = error.http_status
    body = {
        "type": f"/api#{kind_of(error)}", "title": HTTPStatus(status).phrase, "status": status,
        "detail": error.problem, "source": error.source, "remedy": error.remedy,
        **({"instance": printable(instance)} if instance else {}), **({"errors": errors} if errors else {}),
    }  # fmt: skip
    headers = dict(getattr(error, "headers", {}))
    return Response(json.dumps(body), status, {"Cache-Control": "no-store"} | headers, MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let every error of `app` have this shape, those of the framework too."""
    app.exception_handler(EarmarkError)(_of_earmark)
    app.exception_handler(RequestValidationError)(_of_validation)
    app.exception_handler(HTTPException)(_of_framework)
    app.exception_handler(Exception)(_of_fault)


async def _of_earmark(request: Request, error: EarmarkError) -> Response:
    return problem_response(error, request.url.path)


async def _of_validation(request: Request, error: RequestValidationError) -> Response:
    found = [{"pointer": _pointer(item["loc"]), "message": printable(item["msg"])} for item in error.errors()]
    first = found[0]
    refused = Refused(422, first["pointer"], first["message"], CHECK)
    return problem_response(refused, request.url.path, found[:MOST_ERRORS])


def _pointer(place: tuple) -> str:
    """``("body", "seeds", 0)`` -> ``#/body/seeds/0``."""
    return "#/" + "/".join(printable(str(part)).replace("~", "~0").replace("/", "~1") for part in place)


async def _of_framework(request: Request, error: HTTPException) -> Response:
    remedy = REMEDIES.get(error.status_code, CHECK)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request)) or headers.get("Allow", "GET")
    refused = Refused(error.status_code, request.url.path, str(error.detail), remedy, headers)
    return problem_response(refused, request.url.path)


def _methods(request: Request) -> list[str]:
    """All methods that the description has of an address; the framework knows those of one route alone."""
    paths = request.app.openapi()["paths"].items()
    same = (methods for path, methods in paths if re.fullmatch(PLACE.sub("[^/:]+", path), request.url.path))
    return sorted({method.upper() for methods in same for method in methods})


async def _of_fault(request: Request, error: Exception) -> Response:
    """What nobody foresaw: the log has it, the answer does not."""
    log.error("fault while answering %s %s", request.method, printable(request.url.path), exc_info=error)
    return problem_response(Refused(500, request.url.path, "a fault in the server", REMEDIES[500]), request.url.path)
