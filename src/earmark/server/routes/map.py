"""The map of the collection: where it is kept, its points, and what they are coloured by."""

import base64
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from earmark.errors import QueryError
from earmark.library import Catalogue
from earmark.server import replies
from earmark.server.answers import answer, encode
from earmark.server.description import files
from earmark.server.routes.jobs import RequestId, start_job
from earmark.server.shapes import MapShape, worded
from earmark.server.state import IdentityOf, StateOf, needs

router = APIRouter(prefix="/map", tags=["map"])
BINARY = "application/octet-stream"
NONE = 255  # a track without a value
MOST_NAMES = 20  # values of a text that have a colour each; the rest share one
STEPS = 254  # of a number


@router.get("", response_model=replies.MapReply, **needs("read"))
async def show_map(request: Request, state: StateOf) -> Response:
    """The map's version, how honest it is (`kept`: share of true neighbours), and names of dense regions."""

    def ask(catalogue: Catalogue) -> bytes:
        found = catalogue.map()
        labels = [{"text": one.text, "x": one.x, "y": one.y, "tracks": one.n_tracks} for one in found.labels]
        return encode({
            "version": found.version, "model": found.model_id, "tracks": len(found.ids),
            "missing": found.n_missing, "placed": found.n_placed,
            "kept": round(found.kept, 4), "by_chance": round(found.chance, 6), "built_at": found.built_at,
            "labels": labels,
        })  # fmt: skip

    return answer(request, await state.pool.ask(ask))


@router.get("/points", **needs("read"), **files(BINARY))
async def map_points(request: Request, state: StateOf) -> Response:
    """All points: x and y of each as two float32, then the id of each as ten bytes, both in the same order."""

    def ask(catalogue: Catalogue) -> bytes:
        found = catalogue.map()
        return found.xy.astype("<f4").tobytes() + bytes.fromhex("".join(found.ids))

    return answer(request, await state.pool.ask(ask), BINARY)


@router.get("/colours", response_model=replies.ColoursReply, **needs("read"))
async def map_colours(
    request: Request, state: StateOf, field: Annotated[str, Query(max_length=200), worded("earmark-field", "A field")]
) -> Response:
    """A byte for every point: of a number from 0 (`low`) to 254 (`high`); else its place in `names`; 255: unknown."""

    def ask(catalogue: Catalogue) -> bytes:
        ids = catalogue.map().ids
        kind = catalogue.fields().get(field)
        if kind not in ("text", "number", "list", "flag"):
            raise QueryError(field, "nothing to colour by", "Take a text or a number, such as genre or tempo.")
        table = catalogue.columns(["track_id", field])
        values = dict(zip(table["track_id"].to_pylist(), table[field].to_pylist(), strict=True))
        found = [values.get(track_id) for track_id in ids]
        return encode({"field": field} | (_numbers(found) if kind == "number" else _names(found)))

    return answer(request, await state.pool.ask(ask))


@router.post("/build", include_in_schema=False, status_code=202, **needs("write-catalogue"))  # its former address
@router.post(":build", response_model=replies.JobReply, status_code=202, **needs("write-catalogue"))
async def build_map(state: StateOf, identity: IdentityOf, wanted: MapShape, request_id: RequestId = None) -> Response:
    """Lay the collection out, as a job; tracks that came since are put beside those that sound like them."""
    return start_job(state, "map", wanted.model_dump(), identity, request_id)


def _numbers(values: list) -> dict:
    x = np.array([np.nan if value is None else value for value in values], np.float64)
    known = x[np.isfinite(x)]
    low, high = (float(np.percentile(known, q)) for q in (1, 99)) if known.size else (0.0, 0.0)
    share = np.nan_to_num(np.clip((x - low) / max(high - low, 1e-9), 0, 1))
    codes = np.where(np.isfinite(x), np.rint(STEPS * share), NONE).astype(np.uint8)
    return {"kind": "number", "low": low, "high": high, "names": [], "values": _text(codes)}


def _names(values: list) -> dict:
    """Of a list its first entry counts; the most frequent values have a colour each."""
    first = [value[0] if isinstance(value, list) and value else value for value in values]
    texts = [None if value is None or value == [] else str(value) for value in first]
    names, counts = np.unique([text for text in texts if text], return_counts=True)
    order = [str(name) for name in names[np.argsort(-counts, kind="stable")][:MOST_NAMES]]
    place = {name: i for i, name in enumerate(order)}
    codes = np.array([NONE if text is None else place.get(text, NONE - 1) for text in texts], np.uint8)
    return {"kind": "text", "low": None, "high": None, "names": order, "values": _text(codes)}


def _text(codes: np.ndarray) -> str:
    return base64.b64encode(codes.tobytes()).decode()
