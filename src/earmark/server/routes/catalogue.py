"""The catalogue as a whole: what it is, what failed, its tags and models; and what anyone may know of the server."""

import json
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from earmark import __version__
from earmark.errors import EarmarkError
from earmark.library import Catalogue, load_model, model_files
from earmark.server import replies
from earmark.server.answers import answer, encode, passing
from earmark.server.guard import API
from earmark.server.lists import PartOf, paged
from earmark.server.shapes import Text, Where, worded
from earmark.server.state import StateOf, needs

router = APIRouter(tags=["catalogue"])


@router.get("", response_model=replies.Links)
async def discovery(request: Request) -> Response:
    """Where things are; open to anyone."""
    names = (
        "catalogue", "tracks", "similar", "duplicates", "map", "playlists", "lessons", "jobs", "failures", "warnings",
        "tags", "models", "tag-profiles", "tag-plans", "keys", "webhooks", "servers",
    )  # fmt: skip
    links = {name: f"{API}/{name}" for name in names} | {"description": "/api/openapi.json", "reference": "/api"}
    return answer(request, encode({"name": "earmark", "links": links}))


@router.get("/health", response_model=replies.Health)
async def health() -> Response:
    """Whether the server answers; open to anyone."""
    return passing({"status": "ok"})


@router.get("/version", response_model=replies.Version, **needs("read"))
async def version(request: Request) -> Response:
    """The version of earmark."""
    return answer(request, encode({"earmark": __version__}))


@router.get("/catalogue", response_model=replies.Overview, **needs("read"))
async def overview(
    request: Request,
    state: StateOf,
    facets: Annotated[Text, worded("earmark-fields", "Fields to count, joined by commas")] = "",
    where: Where | None = None,
) -> Response:
    """Tracks, hours, model, folders, fields; `facets=genre,tempo` counts the values of fields."""
    names = [name for name in facets.split(",") if name]

    def ask(catalogue: Catalogue) -> bytes:
        found = catalogue.overview() | {"fields": catalogue.fields()}
        return encode(found | ({"facets": catalogue.facets(names, where)} if names else {}))

    return answer(request, await state.pool.ask(ask))


@router.get("/failures", response_model=replies.Failures, **needs("read"))
async def failures(request: Request, state: StateOf, part: PartOf) -> Response:
    """Every file that could not be analysed, with its problem and remedy."""
    found = await state.pool.ask(lambda catalogue: catalogue.failures())
    return paged(request, state, part, found, lambda file: (file.path,))


@router.get("/warnings", response_model=replies.Warnings, **needs("read"))
async def warnings(request: Request, state: StateOf, part: PartOf) -> Response:
    """Every file that was heard, but not as it should be."""
    found = await state.pool.ask(lambda catalogue: catalogue.warnings())
    return paged(request, state, part, found, lambda warned: (warned.path,))


@router.get("/tags", response_model=replies.Vocabulary, **needs("read"))
async def tags(request: Request, state: StateOf) -> Response:
    """The groups of tags of the catalogue's model: names, thresholds, definitions."""

    def ask(catalogue: Catalogue) -> bytes:
        model = catalogue.model()
        return encode({"model": model and model.id, "groups": _groups(model.tagset) if model else []})

    return answer(request, await state.pool.ask(ask))


def _groups(tagset) -> list[dict]:
    return [
        {
            "group": group.name,
            "kind": group.kind,
            "tags": [
                {"tag": tag, "threshold": round(line, 4), "definition": meaning}
                for tag, line, meaning in zip(group.tags, group.threshold, group.definition, strict=True)
            ],
        }
        for group in tagset.groups
    ]


@router.get("/models", response_model=replies.Models, **needs("read"))
async def models(request: Request, state: StateOf) -> Response:
    """The models at hand, with what each says of itself: tags, data, figures, licence."""
    return answer(request, await state.pool.ask(lambda _: encode({"items": [_model(*item) for item in _files()]})))


def _files() -> list[tuple]:
    return sorted(model_files().items())


def _model(name: str, path) -> dict:
    try:
        info = json.loads(load_model(path).info.to_json())
    except EarmarkError as error:
        return {"name": name, "problem": error.problem, "remedy": error.remedy}
    groups = {group["name"]: len(group["tags"]) for group in info.pop("tagset")["groups"]}
    return {"name": name, "bytes": path.stat().st_size, **info, "tags": groups}
