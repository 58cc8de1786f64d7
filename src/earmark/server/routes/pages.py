"""What a browser opens: the way in by the token that was printed, the first page, the reference of the API."""

import os
import re
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from earmark.server.keys import SCOPES
from earmark.server.problems import Refused
from earmark.server.reference import reference_page
from earmark.server.routes.keys import with_cookie
from earmark.server.state import StateOf

router = APIRouter(include_in_schema=False)
STATIC = Path(__file__).parents[1] / "static"
IMPORT = re.compile(r'^import .*?from "(.+?)";', re.MULTILINE)


@router.get("/enter")
async def enter(request: Request, state: StateOf, token: str = "") -> Response:
    """Let a browser in by the token that the server printed, once."""
    value = state.sessions.redeem(token, SCOPES)
    if value is None:
        remedy = "Start the server again for a new one, or make a key with `earmark keys create`."
        raise Refused(401, "token", "not the token that was printed, or used already", remedy)
    return with_cookie(request, state, RedirectResponse("/", 303, {"Cache-Control": "no-store"}), value)


@router.get("/")
@router.get("/tracks")
@router.get("/tracks/{rest}")
@router.get("/similar")
@router.get("/map")
@router.get("/playlists")
@router.get("/playlists/{rest}")
@router.get("/write")
@router.get("/write/{rest}")
@router.get("/jobs")
@router.get("/settings")
@router.get("/analysis/{rest}")
async def index(request: Request, rest: str = "") -> Response:
    """The page; which of its views is shown, the script decides by the address."""
    name = request.url.path.split("/")[1] or "start"
    return HTMLResponse(_page("track" if name == "tracks" and rest else name))


@cache
def _page(view: str) -> str:
    """With the modules of a view named in its head, so that all are fetched at once and not one after another."""
    text, names = (STATIC / "index.html").read_text(encoding="utf-8"), modules_of(view)
    return text.replace(
        "</head>", "".join(f'<link rel="modulepreload" href="/static/{x}">\n' for x in names) + "</head>"
    )


def modules_of(view: str) -> list[str]:
    """The modules that the shell and a view import, and those that these do, as paths below ``static``."""
    left, found = ["js/app.js", f"js/pages/{view}.js"], set()
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            named = IMPORT.findall((STATIC / name).read_text(encoding="utf-8"))
            left += [os.path.normpath(f"{os.path.dirname(name)}/{other}").replace(os.sep, "/") for other in named]
    return sorted(found)


@router.get("/api")
async def reference(request: Request) -> Response:
    """The reference of the API, made of its description; it loads nothing from elsewhere."""
    return HTMLResponse(reference_page(request.app.openapi()))


@router.get("/api/openapi.json")
async def description(request: Request) -> Response:
    """The description of the API, OpenAPI 3.1."""
    return JSONResponse(request.app.openapi())
