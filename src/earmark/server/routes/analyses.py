"""Analyses: of a sound file or earprint that is sent, and again of tracks that the catalogue holds."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from pydantic import ValidationError

from earmark.library import Catalogue
from earmark.server import replies
from earmark.server.description import file_body
from earmark.server.guard import Identity
from earmark.server.problems import named_in_body
from earmark.server.routes.jobs import RequestId, accepted, start_job
from earmark.server.shapes import AgainShape, Text
from earmark.server.state import IdentityOf, State, StateOf, expect, needs
from earmark.server.uploads import expect_body, is_json, receive_upload, shown_name
from earmark.server.work import UPLOAD

router = APIRouter(tags=["jobs"])
AGAIN = AgainShape.model_json_schema(ref_template="#/components/schemas/{model}")
del AGAIN["$defs"]  # the route of scans has described them


@router.post(
    "/analyses",
    response_model=replies.JobReply,
    status_code=202,
    **file_body(needs("analyze"), **{"application/json": {"schema": AGAIN}}),
)
async def analyse(
    request: Request,
    state: StateOf,
    identity: IdentityOf,
    name: Annotated[Text, Query(description="The file's name; formats are told by its suffix")] = "upload",
    curves: Annotated[bool, Query(description="Add each tag over time")] = False,
    request_id: RequestId = None,
) -> Response:
    """Analyse a sound file or earprint, which is the body of the request, up to 512 MiB.

    The file is deleted as soon as it was heard; what was found is kept for an hour. Nothing is used for training.

    With a body of JSON (`{"tracks": [ids]}`) the files of these tracks are heard again, and the catalogue gets what was
    found, which takes the scope `write-catalogue` too. Corrections stay.
    """
    if is_json(request):
        return await _again(request, state, identity, request_id)
    store = state.runner.store
    spec = {"name": shown_name(name), "curves": curves, "kept": False, "used_for_training": False}
    expect_body(request, spec["name"])
    if known := store.asked("analysis", spec, identity.name, request_id):
        return accepted(known)
    job = store.create("analysis", spec, identity.name, request_id, state="receiving")
    try:
        await receive_upload(request, store.folder(job), UPLOAD, name)
    except BaseException:
        store.remove(job)
        raise
    store.received(job)
    state.runner.pump()
    return accepted(job)


async def _again(request: Request, state: State, identity: Identity, request_id: str | None) -> Response:
    expect(identity, "write-catalogue")
    try:
        wanted = AgainShape.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError([one | {"loc": ("body", *one["loc"])} for one in error.errors()]) from error
    tracks = list(dict.fromkeys(wanted.tracks))

    def look(catalogue: Catalogue) -> None:
        with named_in_body():
            catalogue.shown(tracks)

    await state.pool.ask(look)
    spec = {"tracks": tracks, "options": wanted.options.model_dump()}
    return start_job(state, "reanalysis", spec, identity, request_id)
