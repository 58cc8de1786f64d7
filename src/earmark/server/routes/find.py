"""Questions in words by meaning, and ways from one track to another."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from earmark.library import Catalogue
from earmark.server import replies
from earmark.server.answers import answer, chosen_fields, encode
from earmark.server.shapes import PathShape, SearchShape
from earmark.server.state import StateOf, needs

router = APIRouter(tags=["search"])


@router.post("/search", response_model=replies.FoundReply, **needs("search"))
async def find_tracks(request: Request, state: StateOf, wanted: SearchShape) -> Response:
    """Tracks that a text means, best first: "rainy night jazz, no vocals, 80 to 100 bpm", in eight languages.

    `understood` tells what was made of it. Hits that are no better than chance have `chance`. See docs/search.md.
    """

    def ask(catalogue: Catalogue) -> bytes:
        found = catalogue.find(
            wanted.text, wanted.tags, catalogue.filter(wanted.where, wanted.filter), wanted.limit, wanted.by,
            wanted.compatible, wanted.versions, wanted.per_artist, wanted.per_album, wanted.passages,
        )  # fmt: skip
        return encode(found.to_dict() | {"items": [chosen_fields(hit.to_dict(), wanted.fields) for hit in found.hits]})

    return answer(request, await state.pool.ask(ask))


@router.post("/paths", response_model=replies.PathReply, **needs("search"))
async def path_between(request: Request, state: StateOf, wanted: PathShape) -> Response:
    """Tracks that lead from one to another in even steps of sound, both included; no song comes twice."""

    def ask(catalogue: Catalogue) -> bytes:
        where = catalogue.filter(wanted.where, wanted.filter)
        steps = catalogue.path_between(
            wanted.start, wanted.end, wanted.count, where, wanted.per_artist, wanted.versions
        )
        return encode({"items": [step.to_dict() for step in steps]})

    return answer(request, await state.pool.ask(ask))
