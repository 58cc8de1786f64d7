"""Keys and sessions: who may do what."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from earmark.server import replies
from earmark.server.answers import NOT_STORED, passing
from earmark.server.guard import API
from earmark.server.lists import PartOf, paged
from earmark.server.sessions import LIFETIME
from earmark.server.shapes import KeyShape
from earmark.server.state import IdentityOf, State, StateOf, needs

router = APIRouter(tags=["keys"])


@router.get("/keys", response_model=replies.AccessKeys, **needs("admin"))
def list_keys(request: Request, state: StateOf, part: PartOf) -> Response:
    """All keys, the oldest first, without anything that could be used as one."""
    keys = state.keys.all().values()
    return paged(request, state, part, keys, lambda key: (key.created_at, key.id), headers=NOT_STORED)


@router.post("/keys", response_model=replies.NewAccessKey, status_code=201, **needs("admin"))
def create_key(state: StateOf, wanted: KeyShape) -> Response:
    """A new key; its text is in this answer and nowhere else."""
    key, text = state.keys.create(wanted.name, tuple(wanted.scopes), wanted.days)
    return passing(key.to_dict() | {"key": text}, 201, {"Location": f"{API}/keys/{key.id}"})


@router.delete("/keys/{key_id}", status_code=204, **needs("admin"))
def revoke_key(state: StateOf, key_id: Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")]) -> Response:
    """Let a key be none any more, at once."""
    state.keys.revoke(key_id)
    return Response(status_code=204)


@router.get("/session", response_model=replies.SessionReply, **needs("read"))
async def session(identity: IdentityOf) -> Response:
    """Who asks, and what they may do."""
    return passing({"name": identity.name, "scopes": sorted(identity.scopes)})


@router.post("/session", response_model=replies.SessionReply, status_code=201, **needs("read"))
async def open_session(request: Request, state: StateOf, identity: IdentityOf) -> Response:
    """Make a cookie of a key, for a browser: it may do what the key may, and holds for a week."""
    response = passing({"name": identity.name, "scopes": sorted(identity.scopes)}, 201)
    return with_cookie(request, state, response, state.sessions.open(tuple(identity.scopes)))


@router.delete("/session", status_code=204, **needs("read"))
async def close_session(request: Request, state: StateOf) -> Response:
    """Let the cookie be none any more."""
    state.sessions.close(request.cookies.get(state.sessions.cookie, ""))
    response = Response(status_code=204)
    response.delete_cookie(state.sessions.cookie, path="/", httponly=True, samesite="strict")
    return response


def with_cookie(request: Request, state: State, response: Response, value: str) -> Response:
    """The answer with a session's cookie, which no script can read and no other site sends along."""
    response.set_cookie(
        state.sessions.cookie, value, max_age=int(LIFETIME), path="/", httponly=True, samesite="strict",
        secure=request.url.scheme == "https",
    )  # fmt: skip
    return response
