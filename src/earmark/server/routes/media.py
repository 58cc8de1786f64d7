"""What players and pictures need of a track: its sound, how loud it is over time, its spectrogram."""

from typing import Annotated, Literal

from anyio import to_thread
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from earmark.library import Catalogue
from earmark.server import pictures, replies
from earmark.server.answers import answer, encode
from earmark.server.audio import OTHER, TYPES, sound_response
from earmark.server.description import files
from earmark.server.guard import API
from earmark.server.known_files import open_first
from earmark.server.pictures import MAX_POINTS, MAX_WIDTH, envelope
from earmark.server.routes.tracks import TrackIdPath
from earmark.server.shapes import SignShape
from earmark.server.state import IdentityOf, StateOf, needs, signed

router = APIRouter(tags=["media"])
SOUNDS = files(*sorted({*TYPES.values(), OTHER}))


@router.head("/tracks/{track_id}/audio", include_in_schema=False, **needs("audio"))
@router.get("/tracks/{track_id}/audio", response_class=Response, **SOUNDS, **needs("audio"))
async def audio(
    request: Request, state: StateOf, track_id: TrackIdPath, format: Literal["file", "flac"] = "file"
) -> Response:
    """The sound of a track, as its file has it; one range of it with `Range`.

    With `format=flac` it is written anew, in stereo with 16 bits at 44.1 kHz, three hours at most: for browsers, which
    know neither AIFF nor WMA, APE, WavPack or DSD. This takes a while at first, and is kept for a while.
    """

    def ask(catalogue: Catalogue):
        return open_first(catalogue.show(track_id).files, catalogue.roots())

    path, file = await state.pool.ask(ask)
    if format == "flac":
        file.close()
        anew = await state.flacs.of(track_id)
        return sound_response(request, str(anew), anew.open("rb", buffering=0))
    return sound_response(request, path, file)


@router.post("/tracks/{track_id}/audio:sign", response_model=replies.SignedReply, **needs("audio"))
async def sign_audio(state: StateOf, identity: IdentityOf, track_id: TrackIdPath, wanted: SignShape) -> Response:
    """An address of the sound that needs no key, for a player that can send none; it ends with the key that asks."""
    await state.pool.ask(lambda catalogue: catalogue.show(track_id))  # raises NotFound
    return signed(state, identity, f"{API}/tracks/{track_id}/audio", wanted.seconds)


@router.get("/tracks/{track_id}/waveform", response_model=replies.Waveform, **needs("read"))
async def waveform(
    request: Request,
    state: StateOf,
    track_id: TrackIdPath,
    points: Annotated[int, Query(ge=1, le=MAX_POINTS)] = 1000,
) -> Response:
    """The amplitude over time, `points` numbers from 0 to 255, made of the track's spectrogram."""
    earprint = await state.earprints.of(track_id)
    values = await to_thread.run_sync(envelope, earprint.S, points)
    return answer(request, encode({"seconds": round(earprint.seconds, 3), "values": values}))


@router.get(
    "/tracks/{track_id}/spectrogram", name="spectrogram", response_class=Response, **files("image/png"), **needs("read")
)
async def tile(
    request: Request,
    state: StateOf,
    track_id: TrackIdPath,
    start: Annotated[float, Query(ge=0)] = 0.0,
    end: Annotated[float | None, Query(gt=0, description="The end of the track by default")] = None,
    width: Annotated[int, Query(ge=1, le=MAX_WIDTH)] = 1024,
) -> Response:
    """A part of the spectrogram as a grey PNG: a row a mel band, the lowest at the bottom."""
    earprint = await state.earprints.of(track_id)
    part = (earprint.features.frame_rate, start, earprint.seconds if end is None else end, width)
    return answer(request, await to_thread.run_sync(pictures.spectrogram, earprint.S, *part), "image/png")
