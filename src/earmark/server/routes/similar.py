"""What sounds alike, and what is there twice."""

import asyncio
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from earmark.library import Catalogue, Seed, read_heard
from earmark.server import replies
from earmark.server.answers import answer, chosen_fields, encode
from earmark.server.guard import Identity
from earmark.server.lists import PartOf, paged
from earmark.server.problems import Refused
from earmark.server.routes.tracks import Count, TrackIdPath
from earmark.server.shapes import KeyText, Limit, SeedShape, SimilarTo, Where
from earmark.server.state import IdentityOf, State, StateOf, needs, readable_job
from earmark.server.work import HEARD

router = APIRouter(tags=["similar"])
LIKE = r"^([0-9a-f]{20}|[0-9a-f]{16})$"  # ids of tracks and of jobs
_counting = asyncio.Semaphore(1)


@router.post("/similar", response_model=replies.Tracks, **needs("search"))
async def similar(request: Request, state: StateOf, identity: IdentityOf, wanted: SimilarTo) -> Response:
    """Tracks that sound like the seeds, and unlike those whose weight is below 0, best first.

    A seed is a track, or the job of a finished analysis of an upload, whole or a window of it. By `weights` the sound,
    rhythm, harmony, mood, instruments, energy and lyrics count more or less. A song comes once, unless `versions`.
    """
    return await _answered(request, state, identity, wanted)


@router.get("/tracks/{track_id}/similar", response_model=replies.Tracks, **needs("search"))
async def similar_to_track(
    request: Request,
    state: StateOf,
    identity: IdentityOf,
    track_id: TrackIdPath,
    limit: Annotated[Limit, Query()] = 10,
    where: Where | None = None,
    compatible: KeyText | None = None,
    versions: bool = False,
    per_artist: Count = None,
    per_album: Count = None,
) -> Response:
    """Tracks that sound like one track, best first."""
    wanted = SimilarTo(
        seeds=[SeedShape(track=track_id)], limit=limit, where=where, compatible=compatible, versions=versions,
        per_artist=per_artist, per_album=per_album,
    )  # fmt: skip
    return await _answered(request, state, identity, wanted)


async def _answered(request: Request, state: State, identity: Identity, wanted: SimilarTo) -> Response:
    variety = (wanted.versions, wanted.per_artist, wanted.per_album)
    weights = wanted.weights and wanted.weights.model_dump()
    sounds = [(_sound_of(state, identity, seed), seed.weight, seed.start, seed.end) for seed in wanted.seeds]

    def ask(catalogue: Catalogue) -> bytes:
        seeds = [Seed(read_heard(of) if isinstance(of, Path) else of, *rest) for of, *rest in sounds]
        where = catalogue.filter(wanted.where, wanted.filter, wanted.compatible)
        hits = catalogue.similar(seeds, wanted.limit, where, None, *variety, weights, wanted.diversity, wanted.explain)
        return encode({"items": [chosen_fields(hit.to_dict(), wanted.fields) for hit in hits]})

    return answer(request, await state.pool.ask(ask))


@router.get("/tracks/{track_id}/why", response_model=replies.LikeReply, **needs("search"))
async def why_like(
    request: Request,
    state: StateOf,
    identity: IdentityOf,
    track_id: TrackIdPath,
    like: Annotated[str, Query(pattern=LIKE, description="A track, or the job of a finished analysis of an upload")],
    start: Annotated[
        float | None, Query(ge=0, description="Seconds: only this window of the track is compared")
    ] = None,
    end: Annotated[float | None, Query(gt=0)] = None,
) -> Response:
    """Why a track is like another, or like other passages of itself: part by part, and passages of both side by side.

    `start` and `end` of a passage are of the other track, `seed_start` and `seed_end` of this one. Why a track has a
    tag is told by `evidence`.
    """
    heard = None if len(like) == len(track_id) else _heard_file(state, identity, like)

    def ask(catalogue: Catalogue) -> bytes:
        other = like if heard is None else read_heard(heard)
        return encode(catalogue.why(track_id, like=other, start=start, end=end).to_dict())

    return answer(request, await state.pool.ask(ask))


def _sound_of(state: State, identity: Identity, seed: SeedShape) -> str | Path:
    """The id of a track, or the file of what was heard of an upload."""
    return seed.track or _heard_file(state, identity, seed.analysis)


def _heard_file(state: State, identity: Identity, job_id: str) -> Path:
    job = readable_job(state, identity, job_id)
    if job.kind != "analysis" or job.state != "succeeded":
        raise Refused(409, job_id, f"no finished analysis: {job.kind}, {job.state}", "Wait until it has succeeded.")
    return state.runner.store.folder(job) / HEARD


@router.get("/duplicates", response_model=replies.Groups, **needs("read"))
async def duplicates(request: Request, state: StateOf, part: PartOf) -> Response:
    """Every song that is there more than once, the better file first."""
    async with _counting:  # it compares all with all
        found = await state.pool.ask(lambda catalogue: catalogue.duplicates())
    return paged(request, state, part, found, lambda group: (group.kind, group.copies[0].path))
