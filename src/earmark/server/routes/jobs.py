"""Long work: scans and exports; each a job that can be watched, paused, resumed and cancelled."""

import json
import os
from importlib.util import find_spec
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request
from fastapi.responses import FileResponse, Response

from earmark.errors import MissingPackage, NotFound
from earmark.library import Catalogue
from earmark.server import replies
from earmark.server.answers import NOT_STORED, answer, encode, passing
from earmark.server.description import files
from earmark.server.guard import API
from earmark.server.jobs import Job, writes_into_files
from earmark.server.lists import PartOf, paged
from earmark.server.problems import Refused
from earmark.server.shapes import ExportShape, JobChange, ScanOptionsShape, ScanShape, SignShape
from earmark.server.state import IdentityOf, State, StateOf, expect, expect_writing, needs, readable_job, signed
from earmark.server.work import RESULT

router = APIRouter(tags=["jobs"])
JobId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]
RequestId = Annotated[str | None, Header(alias="Idempotency-Key", max_length=200)]
CATEGORIES = {
    "csv": "text/csv", "jsonl": "application/x-ndjson", "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "jams": "application/zip",
}  # fmt: skip
RESULTS = files(*CATEGORIES.values())
RESULTS["responses"][200]["content"]["application/json"] = {"schema": {}}  # what a job tells depends on its kind
STREAM = {"responses": {200: {"content": {"text/event-stream": {}}, "description": "Events of the kind `job`."}}}
WATCHES = ("queued", "running", "paused", "interrupted")  # states of a watch that is not over for good
NO_TRACK = "track_id = ''"
FORGOTTEN = {204: {"description": "It was over, and is forgotten."}}


def accepted(job: Job) -> Response:
    """The answer that tells of a job that was begun or changed."""
    return passing(job.to_dict(), 202, {"Location": f"{API}/jobs/{job.id}"})


def start_job(state: State, kind: str, spec: dict, identity, request_id: str | None) -> Response:
    """Begin a job, or tell of the one that the same request began before."""
    store = state.runner.store
    job = store.asked(kind, spec, identity.name, request_id) or store.create(kind, spec, identity.name, request_id)
    state.runner.pump()
    return accepted(job)


@router.post("/scans", response_model=replies.JobReply, status_code=202, **needs("write-catalogue"))
async def scan(state: StateOf, identity: IdentityOf, wanted: ScanShape, request_id: RequestId = None) -> Response:
    """Bring the catalogue up to date with its folders; other folders take the scope `admin`.

    With `watch` it goes on, and scans again what changes, until the job is paused or cancelled; also over restarts.
    """
    if wanted.watch:
        return _start_watch(state, identity, wanted)
    model, roots = await state.pool.ask(_known)
    folders = [os.path.expanduser(folder) for folder in wanted.folders] or roots
    if not folders:
        raise Refused(422, "folders", "nothing was scanned yet", "Name the folders.")
    if not set(folders) <= set(roots):
        expect(identity, "admin")
    spec = {"folders": folders, "model": wanted.model or model, "options": wanted.options.model_dump()}
    if wanted.model not in (None, model):
        expect(identity, "admin")
    return start_job(state, "scan", spec, identity, request_id)


@router.post("/failures:retry", response_model=replies.JobReply, status_code=202, **needs("write-catalogue"))
async def retry(state: StateOf, identity: IdentityOf, request_id: RequestId = None) -> Response:
    """Try every file again that failed, with whatever else is new in the folders; a scan."""
    wanted = ScanShape(options=ScanOptionsShape(retry=True))
    return await scan(state, identity, wanted, request_id)


def _start_watch(state: State, identity, wanted: ScanShape) -> Response:
    """The one watch of a server: one that there is goes on."""
    if wanted.folders or wanted.model:
        problem = "a watch follows all folders of the catalogue, with its model"
        raise Refused(422, "watch", problem, "Scan other ones first, then watch without naming them.")
    expect_watchfiles()
    job = begin_watch(state, identity.name, wanted)
    state.runner.pump()
    return accepted(job)


def expect_watchfiles() -> None:
    """Raise MissingPackage where the extra `earmark[watch]` is not installed."""
    if find_spec("watchfiles") is None:
        raise MissingPackage("watchfiles", "is not installed", "Run `pip install 'earmark[watch]'`.")


def begin_watch(state: State, owner: str, wanted: ScanShape, may_resume: bool = True) -> Job:
    """The watch of a server, which goes on or is begun; may_resume : also where somebody has paused it."""
    store = state.runner.store
    known = next((job for job in store.all() if job.kind == "watch" and job.state in WATCHES), None)
    if known is None:
        spec = {"settle": wanted.settle, "poll": wanted.poll, "options": wanted.options.model_dump()}
        known = store.create("watch", spec, owner)
    elif known.is_over and (may_resume or known.state != "paused"):
        known.state = "queued"
        store.save(known)
    return known


def _known(catalogue: Catalogue) -> tuple[str, list[str]]:
    """Model and folders of the last scan; before the first, none."""
    if not catalogue.path.exists():
        return "default", []
    model = catalogue.model()
    return model.name if model else "default", catalogue.roots()


@router.post("/exports", response_model=replies.JobReply, status_code=202, **needs("read"))
async def export(state: StateOf, identity: IdentityOf, wanted: ExportShape, request_id: RequestId = None) -> Response:
    """Write the tracks that fit into a file, which the job's `result` is."""
    if wanted.fields and wanted.format in ("jsonl", "jams"):
        raise Refused(422, "#/body/fields", f"{wanted.format} has no columns to choose", "Leave them out.")

    def look(catalogue: Catalogue) -> None:
        catalogue.filter(wanted.where, wanted.filter)  # raises QueryError
        if wanted.fields:
            catalogue.columns(wanted.fields, NO_TRACK)  # so does a field that is none

    await state.pool.ask(look)
    return start_job(state, "export", wanted.model_dump(), identity, request_id)


@router.get("/jobs", response_model=replies.Jobs, **needs("read"))
async def list_jobs(request: Request, state: StateOf, part: PartOf) -> Response:
    """All jobs, the newest first."""
    store = state.runner.store
    store.sweep()
    return paged(request, state, part, store.all(), _newest_first, headers=NOT_STORED)


def _newest_first(job: Job) -> tuple:
    return -job.created_at, job.id


@router.get("/jobs/{job_id}", response_model=replies.JobReply, **needs("read"))
async def show_job(state: StateOf, job_id: JobId) -> Response:
    """How far a job is."""
    return passing(state.runner.store.get(job_id).to_dict())


@router.patch("/jobs/{job_id}", response_model=replies.JobReply, status_code=202, **needs("read"))
async def change_job(state: StateOf, identity: IdentityOf, job_id: JobId, wanted: JobChange) -> Response:
    """Pause a job (`{"state": "paused"}`) or let it go on (`{"state": "queued"}`); a scan goes on where it was."""
    job = state.runner.store.get(job_id)
    _expect_owner(identity, job)
    if writes_into_files(job) and wanted.state == "queued":
        expect_writing(state, identity)
    if wanted.state == "paused":
        state.runner.stop(job, "paused")
    else:
        state.runner.resume(job)
    return accepted(job)


@router.delete("/jobs/{job_id}", response_model=replies.JobReply, status_code=202, responses=FORGOTTEN, **needs("read"))
async def end_job(state: StateOf, identity: IdentityOf, job_id: JobId) -> Response:
    """Cancel a job, a scan after the file at hand; one that is over is forgotten, with its result."""
    job = state.runner.store.get(job_id)
    _expect_owner(identity, job)
    if job.is_over and job.state not in ("paused", "interrupted"):
        state.runner.store.remove(job)
        return Response(status_code=204)
    state.runner.stop(job, "cancelled")
    return accepted(job)


def _expect_owner(identity, job: Job) -> None:
    """A job is changed by who asked for it, and by those who may scan."""
    if identity.name != job.owner:
        expect(identity, "write-catalogue")


@router.get("/jobs/{job_id}/events", response_class=Response, **STREAM, **needs("read"))
async def events(
    state: StateOf, job_id: JobId, last: Annotated[str | None, Header(alias="Last-Event-ID")] = None
) -> Response:
    """News of a job as server-sent events, each the whole job; the stream ends with it."""
    return state.events.response(state.runner.store.get(job_id), last)


@router.get("/jobs/{job_id}/result", response_class=Response, **RESULTS, **needs("read"))
async def result(request: Request, state: StateOf, identity: IdentityOf, job_id: JobId) -> Response:
    """What came of a job: the analysis or the report of a scan or of tags as JSON, or the file of an export."""
    job = readable_job(state, identity, job_id)
    if job.state != "succeeded":
        raise NotFound(job_id, f"has no result: {job.kind}, {job.state}", "Wait until it has succeeded.")
    folder = state.runner.store.folder(job)
    if (folder / f"{RESULT}.json").is_file():
        return answer(request, encode(json.loads((folder / f"{RESULT}.json").read_text(encoding="utf-8"))))
    if job.kind != "export":
        return answer(request, encode(job.result))
    form = job.spec["format"]
    path = folder / job.result["file"]
    return FileResponse(path, media_type=CATEGORIES[form], filename=f"earmark{path.suffix}")


@router.post("/jobs/{job_id}/result:sign", response_model=replies.SignedReply, **needs("read"))
async def sign_result(state: StateOf, identity: IdentityOf, job_id: JobId, wanted: SignShape) -> Response:
    """An address of what came of a job that needs no key, for a download; it ends with the key that asks."""
    readable_job(state, identity, job_id)
    return signed(state, identity, f"{API}/jobs/{job_id}/result", wanted.seconds)
