"""The application: routes, errors and their description, without a socket."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from earmark import __version__
from earmark.server import description, problems
from earmark.server.guard import API, Guard
from earmark.server.routes import (
    analyses,
    catalogue,
    find,
    jobs,
    keys,
    lessons,
    map,
    media,
    navidrome,
    opensubsonic,
    pages,
    playlists,
    servers,
    similar,
    tagplans,
    tracks,
    webhooks,
)
from earmark.server.state import State

STATIC = Path(__file__).with_name("static")
ABOUT = (
    "Everything that the command line of earmark does. Send `Authorization: Bearer KEY`; every error is "
    "`application/problem+json`. By example: docs/api.md."
)


def make_app(state: State, hosts: Iterable[str] = (), with_opensubsonic: bool = False) -> ASGIApp:
    """The guarded application of a server's parts; hosts : see `Guard`."""
    app = make_api(state)
    if with_opensubsonic:
        app.include_router(opensubsonic.router)
    return Guard(app, state.keys, state.sessions, hosts, state.signer, state.pool.quota)


def make_api(state: State) -> FastAPI:
    """The application inside the guard."""
    app = FastAPI(
        title="earmark", version=__version__, description=ABOUT, openapi_url=None, docs_url=None, redoc_url=None,
        lifespan=_lifespan, redirect_slashes=False, generate_unique_id_function=lambda route: route.name,
    )  # fmt: skip
    app.state.earmark = state
    problems.install(app)
    for room in (
        catalogue, tracks, similar, media, lessons, jobs, analyses, keys, webhooks, navidrome, find, playlists, map,
        tagplans, servers,
    ):  # fmt: skip
        app.include_router(room.router, prefix=API)
    app.include_router(pages.router)
    app.mount("/static", GZipMiddleware(StaticFiles(directory=STATIC)), name="static")
    described = app.openapi
    app.openapi = lambda: app.openapi_schema or description.completed(described())
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    state = app.state.earmark
    state.runner.start()
    telling = asyncio.get_running_loop().create_task(state.deliveries.run())
    yield
    await state.runner.close()
    telling.cancel()
