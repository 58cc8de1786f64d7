"""Tags of one's own, taught by examples."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from earmark.library import Catalogue, Lesson
from earmark.server import replies
from earmark.server.answers import NOT_STORED, answer, chosen_fields, encode
from earmark.server.lists import PartOf, paged
from earmark.server.shapes import LessonShape, Limit, Text, Where, names_in
from earmark.server.state import StateOf, needs

router = APIRouter(tags=["lessons"])
Tag = Annotated[str, Path(min_length=1, max_length=64)]


@router.get("/lessons", response_model=replies.Lessons, **needs("read"))
async def list_lessons(request: Request, state: StateOf, part: PartOf) -> Response:
    """Every tag and group of your own, with its examples and what it is worth."""
    found = await state.pool.ask(lambda catalogue: catalogue.taught())
    return paged(request, state, part, found, lambda lesson: (lesson.taught.name,), _told)


def _told(lesson: Lesson) -> dict:
    return lesson.to_dict() | {"examples": {i: one.tag for i, one in lesson.taught.examples.items()}}


@router.get("/lessons/{tag:own_tag}/next", response_model=replies.Tracks, **needs("read"))
async def next_examples(
    request: Request,
    state: StateOf,
    tag: Tag,
    limit: Annotated[Limit, Query()] = 10,
    where: Where | None = None,
    fields: Annotated[Text, Query(description="Names, joined by commas")] = "",
) -> Response:
    """The tracks whose answer would teach it most."""
    names = names_in(fields)

    def ask(catalogue: Catalogue) -> bytes:
        found = catalogue.teach_next(tag, limit, where)
        return encode({"items": [chosen_fields(asked.to_dict(), names) for asked in found]})

    return answer(request, await state.pool.ask(ask))


@router.get("/lessons/{tag:own_tag}", response_model=replies.LessonReply, **needs("read"))
async def show_lesson(request: Request, state: StateOf, tag: Tag) -> Response:
    """One tag or group of your own."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(_told(catalogue.lesson(tag)))))


@router.put("/lessons/{tag:own_tag}", response_model=replies.LessonReply, **needs("write-catalogue"))
async def teach(state: StateOf, tag: Tag, wanted: LessonShape) -> Response:
    """Teach a tag by more examples, and write it to every track."""

    def ask(catalogue: Catalogue) -> bytes:
        given = wanted.model_dump()
        return encode(_told(catalogue.teach(tag, **given)))

    async with state.correcting:
        found = await state.pool.ask(ask)
    return Response(found, headers=NOT_STORED, media_type="application/json")


@router.delete("/lessons/{tag:own_tag}", status_code=204, **needs("write-catalogue"))
async def unteach(state: StateOf, tag: Tag) -> Response:
    """Forget a tag of your own, with its examples."""
    async with state.correcting:
        await state.pool.ask(lambda catalogue: catalogue.unteach(tag))
    return Response(status_code=204)
