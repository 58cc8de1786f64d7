"""Playlists that the catalogue keeps: made by recipes or by hand, changed, made again, written for players."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from earmark.errors import FileError, NotFound
from earmark.library import Catalogue, Edits, Playlist
from earmark.server import replies
from earmark.server.answers import answer, encode, passing
from earmark.server.description import file_body, files
from earmark.server.guard import API
from earmark.server.lists import PartOf, paged
from earmark.server.problems import named_in_body
from earmark.server.shapes import PlaylistChange, PlaylistShape, RefreshShape, Text, Where
from earmark.server.state import StateOf, needs
from earmark.server.uploads import receive_upload, shown_name

router = APIRouter(prefix="/playlists", tags=["playlists"])
PlaylistId = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="12 hexadecimal digits")]
Revision = Annotated[int | None, Query(ge=1, description="Only if the list has this revision still.")]
Root = Annotated[str, Query(max_length=1024)]
Roots = Annotated[list[Root], Query(max_length=20, description="HERE=THERE, as /music=/data/music")]
AS_HERE = ["/=/"]
KINDS = {
    "m3u8": "audio/x-mpegurl", "xspf": "application/xspf+xml", "jspf": "application/jspf+json", "csv": "text/csv",
    "json": "application/json", "rekordbox": "application/xml",
}  # fmt: skip
SUFFIX = {"rekordbox": "xml"}
SMART = "application/x-navidrome+json"
GONE = {204: {"description": "It is forgotten; the tracks stay."}}


@router.get("", response_model=replies.Playlists, **needs("read"))
async def list_playlists(
    request: Request,
    state: StateOf,
    part: PartOf,
    rows: Annotated[bool, Query(description="With their rows, as they were kept")] = False,
) -> Response:
    """All playlists by name, without their rows."""
    found = await state.pool.ask(lambda catalogue: catalogue.playlists())
    return paged(request, state, part, found, _by_name, lambda kept: kept.to_dict(rows))


def _by_name(kept: Playlist) -> tuple:
    return kept.name.casefold(), kept.id


@router.post("", response_model=replies.PlaylistReply, status_code=201, **needs("write-catalogue"))
async def make_playlist(state: StateOf, wanted: PlaylistShape) -> Response:
    """Make a playlist by a recipe (docs/playlists.md), or of these tracks; with `dry_run` it is only shown."""

    def make(catalogue: Catalogue) -> dict:
        return catalogue.make_playlist(
            wanted.name, wanted.recipe, wanted.tracks, wanted.replace, wanted.dry_run
        ).to_dict()

    found = await state.pool.ask(make)
    headers = {} if wanted.dry_run else {"Location": f"{API}/playlists/{found['id']}"}
    return Response(encode(found), 201, headers, "application/json")


@router.post(":import", response_model=replies.ImportReply, status_code=201, **file_body(needs("write-catalogue")))
async def import_playlist(
    request: Request,
    state: StateOf,
    file: Annotated[Text, Query(min_length=1, description="The file's name; its suffix tells the format")],
    name: Annotated[str | None, Query(min_length=1, max_length=200, description="By default that of the file")] = None,
    replace: Annotated[bool, Query(description="A list of that name becomes it, which can be undone.")] = False,
) -> Response:
    """Keep a list of another program: M3U8, XSPF, JSPF, CSV or rekordbox XML, up to 16 MiB; the body is the file.

    Entries are found by path, or by artist, title and length; `missing` are those of which the catalogue has no track.
    """
    shown = shown_name(file)
    with tempfile.TemporaryDirectory() as folder:
        path = await receive_upload(request, FilePath(folder), "list", file)

        def keep(catalogue: Catalogue) -> dict:
            try:
                made, missing = catalogue.import_playlist(path, name or FilePath(shown).stem, replace)
            except (NotFound, FileError) as error:
                told = type(error)(shown, error.problem, error.remedy)  # the file is known by its own name
                told.http_status = 400
                raise told from error
            return {"playlist": made.to_dict(), "missing": [one.removeprefix(f"{folder}/") for one in missing]}

        found = await state.pool.ask(keep)
    headers = {"Location": f"{API}/playlists/{found['playlist']['id']}"}
    return Response(encode(found), 201, headers, "application/json")


@router.get(":smart", **needs("read"), **files(SMART))
async def smart_playlist(
    state: StateOf,
    where: Where,
    name: Annotated[str, Query(min_length=1, max_length=200)] = "earmark",
    sort: Annotated[str, Query(max_length=100, description="A field of that server, or `random`")] = "random",
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
) -> Response:
    """A filter as a smart playlist of Navidrome (.nsp), which that server keeps current by the tags of the files.

    A condition on what is in no tag of a file, such as energy, is refused.
    """

    def write(catalogue: Catalogue) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            path = FilePath(folder) / "list.nsp"
            catalogue.smart_playlist(path, where, name, sort, limit)
            return path.read_bytes()

    content = await state.pool.ask(write)
    return Response(content, 200, {"Content-Disposition": 'attachment; filename="earmark.nsp"'}, SMART)


@router.get("/{playlist_id:name}", response_model=replies.PlaylistReply, **needs("read"))
async def show_playlist(request: Request, state: StateOf, playlist_id: PlaylistId) -> Response:
    """A playlist with tempo, key and energy of every row."""
    return answer(request, encode(await state.pool.ask(lambda c: c.playlist(playlist_id).to_dict())))


@router.patch("/{playlist_id:name}", response_model=replies.PlaylistReply, **needs("write-catalogue"))
async def change_playlist(state: StateOf, playlist_id: PlaylistId, wanted: PlaylistChange) -> Response:
    """Add, remove, move, lock and unlock rows, give a new name, or take the last change back; all or nothing."""

    def change(catalogue: Catalogue) -> bytes:
        if wanted.undo:
            return encode(catalogue.undo_playlist(playlist_id, wanted.revision).to_dict())
        moves = tuple((row, to) for row, to in wanted.move)
        edits = Edits(
            tuple(wanted.add), wanted.at, tuple(wanted.remove), moves, tuple(wanted.lock), tuple(wanted.unlock),
            wanted.rename,
        )  # fmt: skip
        with _of_the_body(catalogue, playlist_id):
            return encode(catalogue.edit_playlist(playlist_id, edits, wanted.revision).to_dict())

    return Response(await state.pool.ask(change), media_type="application/json")


@contextmanager
def _of_the_body(catalogue: Catalogue, playlist_id: str) -> Iterator[None]:
    """What is not found within is named in the body (400), since the list itself is there."""
    catalogue.playlist(playlist_id)  # raises NotFound (404)
    with named_in_body():
        yield


@router.delete("/{playlist_id:name}", status_code=204, responses=GONE, **needs("write-catalogue"))
async def drop_playlist(state: StateOf, playlist_id: PlaylistId, revision: Revision = None) -> Response:
    """Forget a playlist. The tracks stay."""
    await state.pool.ask(lambda catalogue: catalogue.drop_playlist(playlist_id, revision))
    return Response(status_code=204)


@router.post("/{playlist_id:name}/refresh", include_in_schema=False, **needs("write-catalogue"))  # its former address
@router.post("/{playlist_id:name}:refresh", response_model=replies.DifferenceReply, **needs("write-catalogue"))
async def refresh_playlist(state: StateOf, playlist_id: PlaylistId, wanted: RefreshShape) -> Response:
    """Make a playlist again by its recipe or another one; locked rows stay where they are. Tells what changes."""

    def refresh(catalogue: Catalogue) -> bytes:
        with _of_the_body(catalogue, playlist_id):
            found = catalogue.refresh_playlist(playlist_id, wanted.recipe, wanted.dry_run, wanted.revision)
        return encode(found.to_dict())

    return Response(await state.pool.ask(refresh), media_type="application/json")


@router.get("/{playlist_id:name}/export", **needs("read"), **files(*KINDS.values()))
async def export_playlist(
    state: StateOf,
    playlist_id: PlaylistId,
    format: Literal["m3u8", "xspf", "jspf", "csv", "json", "rekordbox"] = "m3u8",
    root: Roots = [],  # noqa: B006
) -> Response:
    """A playlist as a file for players; paths are absolute, or mapped by `root`."""

    def write(catalogue: Catalogue) -> tuple[bytes, str]:
        with tempfile.TemporaryDirectory() as folder:
            path = FilePath(folder) / f"list.{SUFFIX.get(format, format)}"
            catalogue.export_playlist(playlist_id, path, format, root or AS_HERE)
            return path.read_bytes(), f"{playlist_id}.{SUFFIX.get(format, format)}"

    content, name = await state.pool.ask(write)
    return Response(content, 200, {"Content-Disposition": f'attachment; filename="{name}"'}, KINDS[format])


@router.get("/{playlist_id:name}/places", response_model=replies.PlacesReply, **needs("read"))
async def look_for_playlist(state: StateOf, playlist_id: PlaylistId, root: Roots = []) -> Response:  # noqa: B006
    """How many files of a playlist are found where its export would say, as far as this machine can see.

    A folder THERE that this machine does not have is believed, as of a container or another computer.
    """

    def look(catalogue: Catalogue) -> dict:
        with tempfile.TemporaryDirectory() as folder:
            report = catalogue.export_playlist(playlist_id, FilePath(folder) / "list.json", "json", root or AS_HERE)
        return {"tracks": report.n_tracks, "found": report.n_found, "missing": list(report.missing)}

    return passing(await state.pool.ask(look))
