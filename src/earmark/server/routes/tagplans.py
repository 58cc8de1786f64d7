"""Plans of tags: what would be written into files, looked at page by page, then done and undone as jobs."""

from datetime import datetime
from importlib.util import find_spec
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from earmark.errors import MissingPackage
from earmark.library import Catalogue, tag_choices
from earmark.server import replies
from earmark.server.answers import answer, encode
from earmark.server.guard import API
from earmark.server.lists import PartOf, link_to, paged
from earmark.server.problems import Refused
from earmark.server.routes.jobs import RequestId, start_job
from earmark.server.shapes import ApplyShape, Cursor, TagPlanShape
from earmark.server.state import IdentityOf, State, StateOf, expect_writing, needs

router = APIRouter(tags=["tags in files"])
PlanId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="12 hexadecimal digits")]
GONE = {204: {"description": "It is forgotten; what it has written stays, and can be undone by `earmark tags undo`."}}


@router.get("/tag-profiles", response_model=replies.TagChoices, **needs("read"))
async def tag_profiles(request: Request, state: StateOf) -> Response:
    """What a plan of tags may be asked with, and whether this server writes into files (`--write-files`)."""
    return answer(request, encode(tag_choices() | {"writes": state.writes_files}))


@router.get("/tag-plans", response_model=replies.TagPlans, **needs("read"))
async def list_tag_plans(request: Request, state: StateOf, part: PartOf) -> Response:
    """All plans, the newest first, in numbers."""
    written = await state.pool.ask(_written)
    plans = state.tag_plans.all()
    return paged(request, state, part, plans, _newest_first, lambda about: _told(about, written))


def _newest_first(about: dict) -> tuple:
    return -datetime.fromisoformat(about["made"]).timestamp(), about["id"]


def _written(catalogue: Catalogue) -> dict[str, int]:
    return catalogue.tags_written()


def _told(about: dict, written: dict[str, int]) -> dict:
    own = f"{API}/tag-plans/{about['id']}"
    return about | {"written": written.get(about["id"], 0), "links": {"self": own}}


@router.post("/tag-plans", response_model=replies.JobReply, status_code=202, **needs("write-files"))
async def make_tag_plan(
    state: StateOf, identity: IdentityOf, wanted: TagPlanShape, request_id: RequestId = None
) -> Response:
    """Find out what would be written into the files of some tracks; the `result` of the job is the plan.

    No file is changed. Only what is sure is planned: tags above their threshold, tempo and key from the `gates` on.
    Files outside of the catalogue's folders are refused.
    """
    _expect_mutagen()
    if wanted.tracks is not None and (wanted.q or wanted.where or wanted.filter is not None):
        raise Refused(400, "tracks", "stand beside a question", "Give either ids of tracks or a question.")
    await state.pool.ask(lambda catalogue: catalogue.filter(wanted.where, wanted.filter))
    spec = {"act": "plan"} | wanted.model_dump() | {"gates": wanted.gates.model_dump(exclude_none=True)}
    return start_job(state, "tags", spec, identity, request_id)


def _expect_mutagen() -> None:
    if find_spec("mutagen") is None:
        raise MissingPackage("mutagen", "is not installed", "Run `pip install 'earmark[tag]'` where the server is.")


@router.get("/tag-plans/{plan_id:name}", response_model=replies.TagPlanReply, **needs("read"))
async def show_tag_plan(
    request: Request,
    state: StateOf,
    plan_id: PlanId,
    rows: Annotated[Literal["files", "refused"], Query(description="Files that change, or that are refused")] = "files",
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    cursor: Cursor | None = None,
) -> Response:
    """A plan and a page of its files: every tag that changes, its values now (`old`) and those to come (`new`)."""
    asked = [plan_id, rows]
    start = state.cursors.read(asked, cursor) if cursor else 0

    def read(catalogue: Catalogue) -> dict:
        items, after = state.tag_plans.page(plan_id, rows, start, limit)
        told = _told(state.tag_plans.about(plan_id), _written(catalogue))
        return told | {"items": items, "next": None if after is None else state.cursors.write(asked, after)}

    told = await state.pool.ask(read)
    return answer(request, encode(told), headers=link_to(request, told["next"]))


@router.delete("/tag-plans/{plan_id:name}", status_code=204, responses=GONE, **needs("write-files"))
async def drop_tag_plan(state: StateOf, plan_id: PlanId) -> Response:
    """Forget a plan."""
    state.tag_plans.drop(plan_id)
    return Response(status_code=204)


@router.post(
    "/tag-plans/{plan_id:name}:apply", response_model=replies.JobReply, status_code=202, **needs("write-files")
)
async def apply_tag_plan(
    state: StateOf, identity: IdentityOf, plan_id: PlanId, wanted: ApplyShape, request_id: RequestId = None
) -> Response:
    """Write the tags of a plan, as a job whose result counts files and names those that were refused.

    A file takes its new form whole or not at all, and its sound stays the same. A job that was ended early goes on when
    it is resumed, or when the plan is applied again.
    """
    return _begin(state, identity, {"act": "apply", "plan": plan_id} | wanted.model_dump(), request_id)


@router.post("/tag-plans/{plan_id:name}:undo", response_model=replies.JobReply, status_code=202, **needs("write-files"))
async def undo_tag_plan(
    state: StateOf, identity: IdentityOf, plan_id: PlanId, request_id: RequestId = None
) -> Response:
    """Bring every file that a plan has changed back to the bytes that it had, as a job; changed ones are refused."""
    return _begin(state, identity, {"act": "undo", "plan": plan_id}, request_id)


def _begin(state: State, identity, spec: dict, request_id: str | None) -> Response:
    state.tag_plans.about(spec["plan"])
    expect_writing(state, identity)
    _expect_mutagen()
    return start_job(state, "tags", spec, identity, request_id)
