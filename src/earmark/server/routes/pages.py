"""What a browser opens: the way in by the token that was printed, the first page, the reference of the API."""

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
async def index() -> Response:
    """The page; which of its views is shown, the script decides by the address."""
    return HTMLResponse(_page())


@cache
def _page() -> str:
    """With every module named in its head, so that all are fetched at once and not as one is found to need another."""
    text, modules = (STATIC / "index.html").read_text(encoding="utf-8"), sorted(STATIC.glob("js/**/*.js"))
    names = [path.relative_to(STATIC).as_posix() for path in modules if path.name != "boot.js"]
    return text.replace(
        "</head>", "".join(f'<link rel="modulepreload" href="/static/{x}">\n' for x in names) + "</head>"
    )


@router.get("/api")
async def reference(request: Request) -> Response:
    """The reference of the API, made of its description; it loads nothing from elsewhere."""
    return HTMLResponse(reference_page(request.app.openapi()))


@router.get("/api/openapi.json")
async def description(request: Request) -> Response:
    """The description of the API, OpenAPI 3.1."""
    return JSONResponse(request.app.openapi())
