"""What a plugin of Navidrome asks (its capability SonicSimilarity): songs by what they are, not by our ids.

Source: navidrome.org/docs/usage/plugins: SongRef, ``nd_get_sonic_similar_tracks``, ``nd_find_sonic_path``.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from earmark.library import Catalogue, Track
from earmark.server.answers import answer, encode
from earmark.server.state import StateOf, needs

router = APIRouter(prefix="/interop/navidrome", tags=["interop"])
Count = Annotated[int, Field(ge=1, le=500)]


class SongRef(BaseModel):
    """A song as Navidrome names it; `id` is the asker's own, and in answers that of our track."""

    id: str = ""
    name: Annotated[str, Field(max_length=1000)]
    artist: Annotated[str, Field(max_length=1000)] = ""
    album: str = ""
    duration: Annotated[float | None, Field(ge=0, description="Seconds.")] = None


class SimilarToSong(BaseModel):
    """What sounds like a song."""

    song: SongRef
    count: Count = 10


class PathOfSongs(BaseModel):
    """From one song to another."""

    startSong: SongRef
    endSong: SongRef
    count: Count = 25


class SongMatch(BaseModel):
    """A song, and how alike it is: 1 the same, 0 as unlike as can be."""

    song: SongRef
    similarity: float


class SongMatches(BaseModel):
    """The best first; of a path in its order."""

    matches: list[SongMatch]


@router.post("/similar", response_model=SongMatches, **needs("search"))
async def songs_like(request: Request, state: StateOf, wanted: SimilarToSong) -> Response:
    """Songs that sound like one, which is found by artist, title and length."""

    def ask(catalogue: Catalogue) -> bytes:
        hits = catalogue.similar(_find(catalogue, wanted.song), wanted.count)
        return _matches((hit.track, hit.similarity) for hit in hits)

    return answer(request, await state.pool.ask(ask))


@router.post("/path", response_model=SongMatches, **needs("search"))
async def path_of_songs(request: Request, state: StateOf, wanted: PathOfSongs) -> Response:
    """Songs that lead from one to another in even steps, both included; similarity is to the song before."""

    def ask(catalogue: Catalogue) -> bytes:
        start, end = (_find(catalogue, song) for song in (wanted.startSong, wanted.endSong))
        steps = catalogue.path_between(start, end, max(2, wanted.count))
        tracks = catalogue.shown([step.row.track_id for step in steps])
        near = (1.0 if step.similarity is None else step.similarity for step in steps)
        return _matches(zip(tracks, near, strict=True))

    return answer(request, await state.pool.ask(ask))


def _find(catalogue: Catalogue, song: SongRef) -> str:
    return catalogue.find_song(song.name, song.artist, song.duration)


def _matches(pairs) -> bytes:
    found = [{"song": _song(track), "similarity": round(min(max(near, 0.0), 1.0), 4)} for track, near in pairs]
    return encode({"matches": found})


def _song(track: Track) -> dict:
    tags = track.analysis.file_tags
    return SongRef(
        id=track.track_id, name=track.title[:1000], artist=tags.artist[:1000], album=tags.album, duration=track.duration
    ).model_dump()
