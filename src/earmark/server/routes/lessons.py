"""Tags of one's own, taught by examples."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from earmark.library import Catalogue
from earmark.server import replies
from earmark.server.answers import answer, brief, encode
from earmark.server.shapes import LessonShape, Limit, Where
from earmark.server.state import StateOf, needs

router = APIRouter(tags=["lessons"])
Tag = Annotated[str, Path(min_length=1, max_length=100)]


@router.get("/lessons", response_model=replies.Lessons, **needs("read"))
async def list_lessons(request: Request, state: StateOf) -> Response:
    """Every tag and group of your own, with its examples and what it is worth."""

    def ask(catalogue: Catalogue) -> bytes:
        return encode({"items": [lesson.to_dict() for lesson in catalogue.taught()]})

    return answer(request, await state.pool.ask(ask))


@router.get("/lessons/{tag}", response_model=replies.LessonReply, **needs("read"))
async def show_lesson(request: Request, state: StateOf, tag: Tag) -> Response:
    """One tag or group of your own."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(catalogue.lesson(tag).to_dict())))


@router.put("/lessons/{tag}", response_model=replies.LessonReply, **needs("write-catalogue"))
async def teach(state: StateOf, tag: Tag, wanted: LessonShape) -> Response:
    """Teach a tag by more examples, and write it to every track."""

    def ask(catalogue: Catalogue) -> bytes:
        given = wanted.model_dump()
        return encode(catalogue.teach(tag, **given).to_dict())

    async with state.correcting:
        found = await state.pool.ask(ask)
    return Response(found, headers={"Cache-Control": "no-store"}, media_type="application/json")


@router.get("/lessons/{tag}/next", response_model=replies.Tracks, **needs("read"))
async def next_examples(
    request: Request, state: StateOf, tag: Tag, limit: Annotated[Limit, Query()] = 10, where: Where | None = None
) -> Response:
    """The tracks whose answer would teach it most."""

    def ask(catalogue: Catalogue) -> bytes:
        return encode({"items": [brief(asked.to_dict()) for asked in catalogue.teach_next(tag, limit, where)]})

    return answer(request, await state.pool.ask(ask))


@router.delete("/lessons/{tag}", status_code=204, **needs("write-catalogue"))
async def unteach(state: StateOf, tag: Tag) -> Response:
    """Forget a tag of your own, with its examples."""
    async with state.correcting:
        await state.pool.ask(lambda catalogue: catalogue.unteach(tag))
    return Response(status_code=204)
