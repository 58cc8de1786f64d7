"""The part of the OpenSubsonic API that asks what sounds alike, for players that speak it: ``serve --opensubsonic``.

Sources: opensubsonic.netlify.app, extensions ``sonicSimilarity`` 1 and ``apiKeyAuthentication`` 1. Keys travel as its
parameter ``apiKey``, which is why it must be switched on. Ids are those of our tracks; an artist's is its name.
"""

from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from earmark import __version__
from earmark.errors import EarmarkError, NotFound
from earmark.library import Catalogue, Seed, Track
from earmark.server.problems import Refused
from earmark.server.state import State, StateOf

router = APIRouter(prefix="/rest", include_in_schema=False)

ARTIST = "artist:"  # begins the id of an artist
MOST = 500  # answers
MOST_SEEDS = 20  # tracks of an artist that stand for it
EXTENSIONS = [{"name": name, "versions": [1]} for name in ("apiKeyAuthentication", "formPost", "sonicSimilarity")]
GENERIC, MISSING, OTHER_KEY, BOTH_KEYS, WRONG_KEY, FORBIDDEN, NOT_THERE = 0, 10, 42, 43, 44, 50, 70
Answer = dict[str, Any]


class Failed(Exception):
    """An error of the API: its code, and what is said."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


def _similar(catalogue: Catalogue, given: Mapping[str, str]) -> Answer:
    hits = catalogue.similar(_needed(given, "id"), _count(given, 10), versions=True)
    return {"sonicMatch": [_match(hit.track, hit.similarity) for hit in hits]}


def _path(catalogue: Catalogue, given: Mapping[str, str]) -> Answer:
    start, end = _needed(given, "startSongId"), _needed(given, "endSongId")
    steps = catalogue.path_between(start, end, max(2, _count(given, 25)))
    first = np.asarray(catalogue.embedding(start), np.float32)
    near = [float(first @ np.asarray(catalogue.embedding(step.row.track_id), np.float32)) for step in steps]
    tracks = catalogue.shown([step.row.track_id for step in steps])
    return {"sonicMatch": [_match(track, similarity) for track, similarity in zip(tracks, near, strict=True)]}


def _of_artist(catalogue: Catalogue, given: Mapping[str, str]) -> Answer:
    """Songs like those of an artist, or like one song; the artist's own are left out."""
    wanted = _needed(given, "id")
    name = wanted.removeprefix(ARTIST) if wanted.startswith(ARTIST) else None
    if name is None:
        seeds, where = [Seed(wanted)], None
    else:
        mine = {"field": "artist", "op": "eq", "value": name}
        found = catalogue.page(where=catalogue.filter(tree=mine), limit=MOST_SEEDS)
        if not found:
            raise NotFound(name, "no such artist", "Take the artistId of a song.")
        seeds = [Seed(track.track_id) for track in found]
        where = catalogue.filter(tree=mine | {"op": "ne"})
    hits = catalogue.similar(seeds, _count(given, 50), where)
    return {"similarSongs2": {"song": [_song(hit.track) for hit in hits]}}


METHODS: dict[str, Callable[[Catalogue, Mapping[str, str]], Answer]] = {
    "getSonicSimilarTracks": _similar, "findSonicPath": _path, "getSimilarSongs2": _of_artist,
}  # fmt: skip
"""Method -> what answers it."""


@router.api_route("/{method}", methods=["GET", "POST"])
async def call(request: Request, state: StateOf, method: str) -> JSONResponse:
    """One method, with or without ``.view`` behind its name; errors are answers, too."""
    try:
        answer = await _answer(request, state, method.removesuffix(".view"))
    except Failed as failed:
        return _envelope({"error": {"code": failed.code, "message": str(failed)}}, "failed")
    except NotFound as error:
        return _envelope({"error": {"code": NOT_THERE, "message": str(error)}}, "failed")
    except Refused as refused:
        return _envelope({"error": {"code": GENERIC, "message": refused.problem}}, "failed", refused.status)
    except EarmarkError as error:
        return _envelope({"error": {"code": GENERIC, "message": str(error)}}, "failed")
    return _envelope(answer)


async def _answer(request: Request, state: State, method: str) -> Answer:
    given = dict(request.query_params)
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        given |= dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
    if method == "getOpenSubsonicExtensions":  # the one that asks for no key
        return {"openSubsonicExtensions": EXTENSIONS}
    _let_in(state, given)
    if method == "ping":
        return {}
    if method not in METHODS:
        raise Failed(GENERIC, f"{method} is not answered here: only {', '.join(METHODS)}")
    return await state.pool.ask(lambda catalogue: METHODS[method](catalogue, given))


def _let_in(state: State, given: Mapping[str, str]) -> None:
    """Raise Failed unless there is a key that may search."""
    if "apiKey" not in given:
        raise Failed(OTHER_KEY, "send apiKey: passwords are not kept here")
    if "u" in given:
        raise Failed(BOTH_KEYS, "send apiKey without u")
    key = state.keys.find(given["apiKey"])
    if key is None:
        raise Failed(WRONG_KEY, "no such key, or one that does not hold")
    if not {"search", "admin"} & set(key.scopes):
        raise Failed(FORBIDDEN, "the key does not have the scope search")


def _needed(given: Mapping[str, str], name: str) -> str:
    if not given.get(name):
        raise Failed(MISSING, f"the parameter {name} is missing")
    return given[name]


def _count(given: Mapping[str, str], usual: int) -> int:
    try:
        count = int(given.get("count", usual))
    except ValueError:
        raise Failed(GENERIC, f"count is no number: {given['count'][:20]}") from None
    return min(max(count, 1), MOST)


def _match(track: Track, similarity: float) -> Answer:
    return {"entry": _song(track), "similarity": round(min(max(similarity, 0.0), 1.0), 4)}


def _song(track: Track) -> Answer:
    """A song as the API describes it (Child); what is not known is left out."""
    tags = track.analysis.file_tags
    file = track.files[0] if track.files else None
    rhythm = track.descriptors.get("tempo")
    found = {
        "title": track.title, "artist": tags.artist, "album": tags.album, "genre": tags.genre, "year": tags.year,
        "artistId": f"{ARTIST}{tags.artist}" if tags.artist else None, "duration": round(track.duration),
        "size": file.size if file else None, "suffix": PurePath(file.path).suffix[1:].lower() if file else None,
        "bpm": round(rhythm.bpm) if rhythm and rhythm.bpm else None,
    }  # fmt: skip
    known = {name: value for name, value in found.items() if value not in (None, "")}
    return {"id": track.track_id, "isDir": False, "type": "music", "mediaType": "song"} | known


def _envelope(answer: Answer, status: str = "ok", http_status: int = 200) -> JSONResponse:
    about = {"status": status, "version": "1.16.1", "type": "earmark", "serverVersion": __version__}
    return JSONResponse({"subsonic-response": about | {"openSubsonic": True} | answer}, http_status)
