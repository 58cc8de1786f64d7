"""What the routes of one server share, and where it is kept."""

import asyncio
import hashlib
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import Response
from starlette.convertors import Convertor, register_url_convertor

from earmark import settings
from earmark.errors import NotFound
from earmark.library import Catalogue
from earmark.server.answers import passing
from earmark.server.cursors import Cursors
from earmark.server.deliveries import Deliveries
from earmark.server.earprints import Earprints
from earmark.server.events import Events
from earmark.server.guard import Identity
from earmark.server.jobs import Job, JobStore, writes_into_files
from earmark.server.keys import KeyStore
from earmark.server.made import MadeFiles
from earmark.server.news import tell_of_job, tell_of_tracks
from earmark.server.outside import Outside
from earmark.server.pool import Pool
from earmark.server.problems import Refused
from earmark.server.runner import Runner
from earmark.server.sessions import Sessions
from earmark.server.signing import Signer
from earmark.server.tagplans import TagPlans
from earmark.server.webhooks import WebhookStore


class Name(Convertor[str]):
    """``{webhook_id:name}`` of a route: a part of an address that ends before what is done with it, ``:rotate``."""

    regex = "[^/:]+"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


class OwnTag(Name):
    """``{tag:own_tag}`` of a route: a tag, or ``group/tag``; what follows it is none of its name."""

    regex = "[^/]+(?:/(?!next$)[^/]+)?"


register_url_convertor("name", Name())
register_url_convertor("own_tag", OwnTag())


MOST_SOUND = 2 * 2**30  # bytes of sound that was written anew for browsers


def state_folder(catalogue: str | os.PathLike) -> Path:
    """Where keys and jobs of a catalogue's server lie: not in the catalogue, which may be copied or read-only."""
    place = os.fsencode(Catalogue(catalogue).path.absolute())
    digest = hashlib.blake2b(place, digest_size=6).hexdigest()
    return settings.SERVER.path() / f"{os.path.basename(os.fsdecode(place))}-{digest}"


@dataclass
class State:
    """The parts of one server.

    outside, media : where webhooks and media servers may lie
    writes_files : whether it may write tags into files; it is asked for when the server is started
    """

    catalogue: str | os.PathLike
    keys: KeyStore
    sessions: Sessions
    pool: Pool
    cursors: Cursors
    runner: Runner
    events: Events
    earprints: Earprints
    flacs: MadeFiles
    outside: Outside
    media: Outside
    signer: Signer
    deliveries: Deliveries
    tag_plans: TagPlans
    writes_files: bool = False
    correcting: asyncio.Lock = field(default_factory=asyncio.Lock)  # one writer of corrections at a time


def make_state(
    catalogue: str | os.PathLike,
    port: int,
    with_token: bool,
    webhook_hosts: Iterable[str] = (),
    writes_files: bool = False,
    media_hosts: Iterable[str] = (),
) -> State:
    """All parts of a server of `catalogue`; those of an earlier run are found again.

    webhook_hosts : names that webhooks may have in this machine or a private network
    writes_files : whether tags may be written into files
    media_hosts : as `webhook_hosts`, of media servers
    """
    folder = state_folder(catalogue)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    pool, outside = Pool(catalogue), Outside(webhook_hosts)
    deliveries, jobs = Deliveries(folder / "deliveries", WebhookStore(folder), outside.post), JobStore(folder / "jobs")
    for job in [] if writes_files else jobs.waiting():
        if writes_into_files(job):  # asked of a server that was allowed to
            job.state = "interrupted"
            jobs.save(job)
    runner = Runner(
        catalogue, jobs, told=lambda job: tell_of_job(deliveries, jobs, job),
        heard=lambda job: tell_of_tracks(deliveries, jobs, job),
    )  # fmt: skip
    return State(
        catalogue, KeyStore(folder), Sessions(port, with_token), pool, Cursors(_secret(folder)),
        runner, Events(), Earprints(catalogue, folder / "earprints", pool),
        MadeFiles(catalogue, folder / "sound", "flac", "flac", MOST_SOUND), outside,
        Outside(media_hosts, option="--media-host"), Signer(_secret(folder)), deliveries, TagPlans(folder),
        writes_files,
    )  # fmt: skip


def _secret(folder: Path) -> bytes:
    """Random, kept so that cursors outlive a restart."""
    path = folder / "cursors.key"
    try:
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(secrets.token_bytes(32))
    except FileExistsError:
        pass
    return path.read_bytes()


# Coroutines, though they wait for nothing: FastAPI calls a plain function in a thread, which costs a millisecond each.


async def _state(request: Request) -> State:
    return request.app.state.earmark


async def _identity(request: Request) -> Identity:
    return request.scope["earmark.identity"]


StateOf = Annotated[State, Depends(_state)]
"""An argument of a route: the server's parts."""
IdentityOf = Annotated[Identity, Depends(_identity)]
"""An argument of a route: who asks."""


def needs(scope: str) -> dict:
    """Arguments of a route that only those may ask who have a scope."""

    async def check(identity: IdentityOf) -> None:
        expect(identity, scope)

    return {"dependencies": [Depends(check)], "openapi_extra": {"x-scope": scope}}


def expect(identity: Identity, scope: str) -> None:
    """Raise Refused (403) where somebody may not do what needs this scope."""
    if not identity.may(scope):
        raise Refused(403, scope, "your key does not have this scope", "Ask for a key that has it.")


def readable_job(state: State, identity: Identity, job_id: str) -> Job:
    """A job whose result one may have: what was heard in an upload is for who sent it, and not there for others.

    Raises NotFound.
    """
    job = state.runner.store.get(job_id)
    if job.kind == "analysis" and identity.name != job.owner and not identity.may("write-catalogue"):
        raise NotFound(job_id, "no job of yours", "GET /api/v1/jobs lists those that there are.")
    return job


def expect_writing(state: State, identity: Identity) -> None:
    """Raise Refused (403) where somebody may not write into files, or nobody may on this server."""
    expect(identity, "write-files")
    if not state.writes_files:
        remedy = "Start it with `earmark serve --write-files`, or use `earmark tags` on its machine."
        raise Refused(403, "tags", "this server does not write into files", remedy)


def signed(state: State, identity: Identity, path: str, seconds: float) -> Response:
    """The answer that gives an address which needs no key."""
    url, until = state.signer.sign(path, identity.name, seconds)
    return passing({"url": url, "expires_at": until})
