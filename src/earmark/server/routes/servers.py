"""Media servers: named with their secrets, tried, and given playlists."""

import asyncio
from dataclasses import replace
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from earmark.errors import ConfigError, EarmarkError, NotFound, printable
from earmark.library import Catalogue, KnownServer, add_server, known_servers, remove_server
from earmark.server import replies
from earmark.server.answers import NOT_STORED, passing
from earmark.server.guard import API, Identity
from earmark.server.lists import PartOf, paged
from earmark.server.problems import Refused, named_in_body
from earmark.server.routes.jobs import RequestId, start_job
from earmark.server.shapes import PushShape, ServerChange, ServerShape
from earmark.server.state import IdentityOf, State, StateOf, needs

router = APIRouter(prefix="/servers", tags=["servers"])
ServerId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="12 hexadecimal digits")]
MOST = 50  # servers
MOST_SHOWN = 200  # characters of what a server calls itself
TRIALS = asyncio.Semaphore(2)  # servers that are tried at once
GONE = {204: {"description": "It is forgotten, with its secret."}}


def _told(server: KnownServer) -> dict:
    return {"id": server.id} | server.to_dict() | {"public": server.public}


def _json(server: KnownServer, status: int = 200, headers: dict | None = None) -> Response:
    return passing(_told(server), status, headers)


def _server(server_id: str) -> KnownServer:
    """Raises NotFound."""
    found = next((server for server in known_servers().values() if server.id == server_id), None)
    if found is None:
        raise NotFound(server_id, "no media server of this id", "GET /api/v1/servers lists those that there are.")
    return found


@router.get("", response_model=replies.Servers, **needs("read"))
def list_servers(request: Request, state: StateOf, part: PartOf) -> Response:
    """All media servers that this machine knows, by name, without their secrets; also those of `earmark servers`."""
    known = known_servers().values()
    return paged(request, state, part, known, lambda server: (server.name.casefold(), server.id), _told, NOT_STORED)


@router.post("", response_model=replies.ServerReply, status_code=201, **needs("admin"))
def create_server(state: StateOf, identity: IdentityOf, wanted: ServerShape) -> Response:
    """Name a media server. Its secret is kept on this machine and in no answer. It is not asked anything yet.

    One in this machine or a private network is refused, unless the server was started with `--media-host`, or the
    browser was let in by the address that it has printed.
    """
    known = known_servers()
    if wanted.name in known:
        raise Refused(409, wanted.name, "there is a media server of this name", "Change it, or take another name.")
    if len(known) >= MOST:
        raise Refused(409, "servers", f"there are {MOST} already", "Delete one first.")
    public = _must_be_public(state, identity, wanted.url)
    made = KnownServer(wanted.name, wanted.kind, wanted.url, wanted.user, tuple(wanted.roots), wanted.secret, public)
    add_server(made)
    return _json(made, 201, {"Location": f"{API}/servers/{made.id}"})


def _must_be_public(state: State, identity: Identity, url: str) -> bool:
    """Whether an address must lie in the internet; raises Refused (422) for what is none, or does not by its looks."""
    if identity.at_console:
        return False
    try:
        return not state.media.allows(state.media.check(url).hostname)
    except ConfigError as error:
        raise Refused(422, error.source, error.problem, error.remedy) from error


@router.get("/{server_id:name}", response_model=replies.ServerReply, **needs("read"))
def show_server(server_id: ServerId) -> Response:
    """One media server, without its secret."""
    return _json(_server(server_id))


@router.patch("/{server_id:name}", response_model=replies.ServerReply, **needs("admin"))
def change_server(state: StateOf, identity: IdentityOf, server_id: ServerId, wanted: ServerChange) -> Response:
    """Change address, user, secret or maps of folders; a secret stays with the address that it was given for."""
    known, values = _server(server_id), wanted.model_dump(exclude_none=True)
    if values.get("url", known.url) != known.url:
        if "secret" not in values:
            raise Refused(422, "#/body/secret", "another address needs the secret again", "Send it along.")
        values["public"] = _must_be_public(state, identity, values["url"])
    changed = replace(known, **values | ({"roots": tuple(values["roots"])} if "roots" in values else {}))
    add_server(changed)
    return _json(changed)


@router.delete("/{server_id:name}", status_code=204, responses=GONE, **needs("admin"))
def delete_server(server_id: ServerId) -> Response:
    """Forget a media server and its secret. Its playlists stay."""
    remove_server(_server(server_id).name)
    return Response(status_code=204)


@router.post("/{server_id:name}:test", response_model=replies.ServerTest, **needs("admin"))
async def try_server(server_id: ServerId) -> Response:
    """Ask a media server whether it is there and lets us in."""
    server = _server(server_id)
    if TRIALS.locked():
        raise Refused(429, "servers", "others are being tried", "Ask again in a while.", {"Retry-After": "5"})
    async with TRIALS:
        found = await to_thread.run_sync(_tried, server)
    return passing(found)


def _tried(server: KnownServer) -> dict:
    try:
        says = printable(server.connect().check()[:MOST_SHOWN])
    except EarmarkError as error:
        return {"ok": False, "says": None, "problem": error.problem, "remedy": error.remedy}
    return {"ok": True, "says": says, "problem": None, "remedy": None}


@router.post("/{server_id:name}:match", response_model=replies.JobReply, status_code=202, **needs("write-catalogue"))
async def match_playlist(
    state: StateOf, identity: IdentityOf, server_id: ServerId, wanted: PushShape, request_id: RequestId = None
) -> Response:
    """Find out which tracks of a playlist a media server has; a job, whose result names each song and what is missing.

    Tracks are found by MusicBrainz id, ISRC, path, or artist, title and length. Nothing is written.
    """
    return await _begin(state, identity, server_id, wanted.playlist, True, request_id)


@router.post("/{server_id:name}:push", response_model=replies.JobReply, status_code=202, **needs("write-catalogue"))
async def push_playlist(
    state: StateOf, identity: IdentityOf, server_id: ServerId, wanted: PushShape, request_id: RequestId = None
) -> Response:
    """Make a playlist on a media server, of those tracks that it has; one of the same name is replaced there."""
    return await _begin(state, identity, server_id, wanted.playlist, False, request_id)


async def _begin(
    state: State, identity: Identity, server_id: str, playlist: str, dry_run: bool, request_id: str | None
) -> Response:
    server = _server(server_id)

    def look(catalogue: Catalogue) -> str:
        with named_in_body():  # it is the server that the address names
            return catalogue.playlist(playlist).id

    spec = {"server": server.name, "playlist": await state.pool.ask(look), "dry_run": dry_run}
    return start_job(state, "push", spec, identity, request_id)
