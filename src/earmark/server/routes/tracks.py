"""Tracks: lists of them, and all that is known of one."""

import json
from typing import Annotated, Any, Literal

import numpy as np
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from earmark.errors import QueryError
from earmark.library import Catalogue
from earmark.server import replies
from earmark.server.answers import OCTETS, answer, as_npy, chosen_fields, encode, expect_match
from earmark.server.description import files
from earmark.server.guard import API
from earmark.server.lists import link_to
from earmark.server.shapes import (
    TRACK_ID,
    Corrections,
    Cursor,
    KeyText,
    Limit,
    Listing,
    Sort,
    Text,
    Where,
    names_in,
    worded,
)
from earmark.server.state import State, StateOf, needs

router = APIRouter(tags=["tracks"])
ARRAY = files(OCTETS)
TrackIdPath = Annotated[str, Path(pattern=TRACK_ID, description="20 hexadecimal digits")]
Count = Annotated[int | None, Query(ge=1)]
Step = Annotated[float, Query(ge=0, le=3600, description="Seconds between two moments at least")]


@router.get("/tracks", response_model=replies.TrackPage, **needs("read"))
async def list_tracks(
    request: Request,
    state: StateOf,
    q: Text = "",
    filter: Annotated[str | None, worded("earmark-filter-json", "A filter as JSON"), Query(max_length=16_384)] = None,
    where: Where | None = None,
    compatible: KeyText | None = None,
    sort: Sort | None = None,
    limit: Annotated[Limit, Query()] = 50,
    cursor: Cursor | None = None,
    fields: Annotated[Text, Query(description="Names, joined by commas")] = "",
    facets: Annotated[Text, worded("earmark-fields", "Fields to count, joined by commas")] = "",
    versions: bool = False,
    per_artist: Count = None,
    per_album: Count = None,
) -> Response:
    """Tracks that fit a filter, or words; a page, with `next` where there are more.

    Beats and sections of a track are left out unless `fields` names `tempo` or `structure`.
    Without `q` every track that fits is listed, in the order of `sort` (its id by default). With `q` the best fit comes
    first, and a song once, as in `earmark search`.
    """
    wanted = Listing(
        q=q, filter=_decoded(filter), where=where, compatible=compatible, sort=sort, limit=limit, cursor=cursor,
        fields=names_in(fields), facets=names_in(facets) or [], versions=versions, per_artist=per_artist,
        per_album=per_album,
    )  # fmt: skip
    return await _listed(request, state, wanted)


@router.post("/tracks/search", include_in_schema=False, **needs("read"))  # its former address
@router.post("/tracks:search", response_model=replies.TrackPage, **needs("read"))
async def search_tracks(request: Request, state: StateOf, wanted: Listing) -> Response:
    """What GET /tracks does, with the question as a body."""
    return await _listed(request, state, wanted)


def _decoded(text: str | None) -> dict | None:
    try:
        value = None if text is None else json.loads(text)
    except (ValueError, RecursionError) as error:
        raise QueryError("filter", "not JSON", 'Send a filter such as {"field": "tempo", ...}.') from error
    if value is not None and not isinstance(value, dict):
        raise QueryError("filter", "no filter", 'Send an object such as {"field": "tempo", ...}.')
    return value


async def _listed(request: Request, state: State, wanted: Listing) -> Response:
    body, cursor = await state.pool.ask(lambda catalogue: _page(catalogue, state, wanted))
    return answer(request, body, headers=link_to(request, cursor) if request.method == "GET" else None)


def _page(catalogue: Catalogue, state: State, wanted: Listing) -> tuple[bytes, str | None]:
    where = catalogue.filter(wanted.where, wanted.filter, wanted.compatible)
    question = wanted.model_dump(exclude={"cursor", "limit", "fields", "facets"})
    place = state.cursors.read(question, wanted.cursor) if wanted.cursor else None
    if wanted.q.strip() or wanted.songs:
        items, place = _fitting(catalogue, wanted, where, place or 0)
    else:
        items, place = _in_order(catalogue, wanted, where, place)
    cursor = None if place is None else state.cursors.write(question, place)
    found: dict[str, Any] = {"items": [chosen_fields(item, wanted.fields) for item in items], "next": cursor}
    if wanted.facets:
        found["facets"] = catalogue.facets(wanted.facets, where)
    return encode(found), cursor


def _fitting(catalogue: Catalogue, wanted: Listing, where, start: int) -> tuple[list[dict], int | None]:
    """By words; the place is a number of hits, since a rank is not kept."""
    if wanted.sort:
        raise QueryError(wanted.sort, "words have their own order", "Leave out sort or q.")
    variety = (wanted.versions, wanted.per_artist, wanted.per_album)
    hits = catalogue.search(wanted.q, where, start + wanted.limit + 1, None, *variety)[start:]
    end = start + wanted.limit if len(hits) > wanted.limit else None
    return [hit.to_dict() for hit in hits[: wanted.limit]], end


def _in_order(catalogue: Catalogue, wanted: Listing, where, after: list | None) -> tuple[list[dict], list | None]:
    """By a field; the place is the last track itself."""
    sort = wanted.sort or "track_id"
    tracks = catalogue.page(where, sort, None if after is None else tuple(after), wanted.limit + 1)
    page = tracks[: wanted.limit]
    more = len(tracks) > wanted.limit
    place = [page[-1].fields[sort.removeprefix("-")], page[-1].track_id] if more else None
    return [track.to_dict() for track in page], place


@router.get("/resolve", response_model=replies.Resolved, **needs("read"))
async def resolve(
    request: Request,
    state: StateOf,
    track: Annotated[Text, Query(min_length=1)],
    by: Annotated[
        Literal["any", "title"], Query(description="title: of a song, whose artist and length may be told")
    ] = "any",
    artist: Text = "",
    duration: Annotated[float | None, Query(gt=0, description="Seconds, within 3")] = None,
) -> Response:
    """The id of the track that a text means: an id or its beginning, a path, a title; 404 for none or several.

    `by=title` looks for the one song of this title, `artist` and `duration`, however they are written.
    """

    def ask(catalogue: Catalogue) -> str:
        return catalogue.find_song(track, artist, duration) if by == "title" else catalogue.show(track).track_id

    return answer(request, encode({"track_id": await state.pool.ask(ask)}))


# -- one track --------------------------------------------------------------------------------------------------------


@router.get("/tracks/{track_id}", response_model=replies.TrackReply, **needs("read"))
async def show_track(
    request: Request,
    state: StateOf,
    track_id: TrackIdPath,
    language: Annotated[Text | None, worded("earmark-language", "Of the description: en or de")] = None,
    tempo_range: Annotated[
        Text | None, worded("earmark-tempo-range", "Show the octave of the tempo in it: 88:175")
    ] = None,
    fields: Annotated[Text, Query(description="Names, joined by commas; all that is known by default")] = "",
    include: Annotated[Literal["", "curves"], Query(description="Add each tag over time")] = "",
) -> Response:
    """All that is known of a track, as `earmark show --json` has it."""
    curves, names = include == "curves", names_in(fields)

    def ask(catalogue: Catalogue) -> bytes:
        found = catalogue.show(track_id, curves, tempo_range)
        told = found.to_dict(language=language, **({"curves": True} if curves else {})) | {"links": _links(track_id)}
        return encode(chosen_fields(told, [*names, "curves", "links"]) if names else told)

    return answer(request, await state.pool.ask(ask))


def _links(track_id: str) -> dict[str, str]:
    base = f"{API}/tracks/{track_id}"
    names = "curves evidence corrections audio waveform spectrogram embedding jams similar why".split()
    return {"self": base} | {name: f"{base}/{name}" for name in names}


@router.get("/tracks/{track_id}/curves", response_model=replies.CurvesReply, **needs("read"))
async def curves(
    request: Request, state: StateOf, track_id: TrackIdPath, tags: Annotated[Text, Query()] = "", step: Step = 0.0
) -> Response:
    """Each tag's probability over time; `tags=genre/jazz,mood` leaves out other tags and groups."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(_curves(catalogue, track_id, tags, step))))


@router.get("/tracks/{track_id}/curves.npy", response_class=Response, **ARRAY, **needs("read"))
async def curves_npy(
    request: Request, state: StateOf, track_id: TrackIdPath, tags: Annotated[Text, Query()] = "", step: Step = 0.0
) -> Response:
    """The same for NumPy: a structured array with a row a moment, its fields `time` and every tag, float32."""

    def ask(catalogue: Catalogue) -> bytes:
        found = _curves(catalogue, track_id, tags, step)
        columns = {"time": found["times"], **found["tags"]}
        table = np.zeros(len(found["times"]), [(name, np.float32) for name in columns])
        for name, values in columns.items():
            table[name] = values
        return as_npy(table)

    return answer(request, await state.pool.ask(ask), OCTETS)


def _curves(catalogue: Catalogue, track_id: str, tags: str, step: float) -> dict:
    names, found = names_in(tags) or [], catalogue.show(track_id, curves=True).analysis.curves()
    kept = _apart(found["times"], step)
    chosen = {tag: curve for tag, curve in found["tags"].items() if not names or _is_among(tag, names)}
    return {
        "times": [found["times"][i] for i in kept], "tags": {tag: [x[i] for i in kept] for tag, x in chosen.items()},
    }  # fmt: skip


def _apart(times: list[float], step: float) -> list[int]:
    """The first moment, and each that is at least `step` after the one before."""
    kept: list[int] = []
    for i, moment in enumerate(times):
        if not kept or moment - times[kept[-1]] >= step:
            kept.append(i)
    return kept


def _is_among(tag: str, names: list[str]) -> bool:
    return tag in names or tag.partition("/")[0] in names


@router.get("/tracks/{track_id}/evidence", response_model=replies.EvidenceReply, **needs("read"))
async def evidence(request: Request, state: StateOf, track_id: TrackIdPath, tag: Annotated[Text, Query()]) -> Response:
    """When a tag (group/tag) is heard, the strongest passage first."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(catalogue.evidence(track_id, tag))))


@router.get("/tracks/{track_id}/lyrics", response_model=replies.LyricsReply, **needs("read"))
async def lyrics(request: Request, state: StateOf, track_id: TrackIdPath) -> Response:
    """The words of a song as its files bring them; 404 where none does."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(catalogue.lyrics(track_id).to_dict())))


@router.get("/tracks/{track_id}/embedding", response_model=replies.EmbeddingReply, **needs("read"))
async def embedding(request: Request, state: StateOf, track_id: TrackIdPath) -> Response:
    """The vector that tracks are compared by, within one model."""

    def ask(catalogue: Catalogue) -> bytes:
        values = catalogue.embedding(track_id)
        return encode({"model": catalogue.model().id, "dim": len(values), "values": values})

    return answer(request, await state.pool.ask(ask))


@router.get("/tracks/{track_id}/embedding.npy", response_class=Response, **ARRAY, **needs("read"))
async def embedding_npy(request: Request, state: StateOf, track_id: TrackIdPath) -> Response:
    """The same for NumPy: float32 [dim]."""

    def ask(catalogue: Catalogue) -> bytes:
        return as_npy(np.asarray(catalogue.embedding(track_id), np.float32))

    return answer(request, await state.pool.ask(ask), OCTETS)


@router.get("/tracks/{track_id}/jams", response_model=replies.JamsReply, **needs("read"))
async def jams(request: Request, state: StateOf, track_id: TrackIdPath) -> Response:
    """The track as a JAMS file has it, for research; of many tracks: POST /exports."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(catalogue.jams(track_id))))


@router.get("/tracks/{track_id}/corrections", response_model=dict[str, str], **needs("read"))
async def corrections(request: Request, state: StateOf, track_id: TrackIdPath) -> Response:
    """Your word on a track, as it was given."""
    return answer(request, await state.pool.ask(lambda catalogue: encode(catalogue.show(track_id).corrections)))


@router.patch("/tracks/{track_id}/corrections", response_model=dict[str, str], **needs("write-catalogue"))
async def correct(request: Request, state: StateOf, track_id: TrackIdPath, wanted: Corrections) -> Response:
    """Let your word win over the estimate, now and in every later scan; null takes it back.

    `If-Match` with the ETag of the track or of its corrections refuses the change where it was changed meanwhile.
    """
    values = wanted.model_dump(exclude_unset=True)

    def ask(catalogue: Catalogue) -> bytes:
        if "if-match" in request.headers:
            before = catalogue.show(track_id)
            expect_match(request, encode(before.to_dict() | {"links": _links(track_id)}), encode(before.corrections))
        catalogue.correct(track_id, **values)
        return encode(catalogue.show(track_id).corrections)

    async with state.correcting:
        found = await state.pool.ask(ask)
    state.deliveries.tell("track.corrected", {"ids": [track_id]})
    return answer(request, found)
