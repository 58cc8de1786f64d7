"""Answers: playlists, and the way from one track to another."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from earmark.server.replies.common import Listed


class RowReply(BaseModel):
    """A track of a list."""

    track_id: str
    title: str
    artist: str
    duration: float
    bpm: float | None = None
    key: str | None = None
    camelot: str | None = None
    energy: float | None = None
    locked: bool = False


class StepReply(RowReply):
    """A track on the way: how like the one before, and which share of the way it is."""

    similarity: float | None
    along: float


class PathReply(BaseModel):
    """From the first track to the last."""

    items: list[StepReply]


class PlaylistSummary(BaseModel):
    """A playlist without its rows."""

    id: str
    name: str
    tracks: int
    duration: float
    recipe: dict[str, Any] | None
    created: str
    changed: str
    revision: Annotated[int, Field(description="Raised by each change.")]
    undo: Annotated[list[str], Field(description="Changes that can be taken back, the last one last.")]


class PlaylistReply(PlaylistSummary):
    """A playlist."""

    compatible: Annotated[float | None, Field(description="Share of neighbours whose keys and tempi mix.")]
    missing: Annotated[int, Field(description="Rows whose track is gone.")]
    rows: list[RowReply]


class Playlists(Listed):
    """All playlists."""

    items: list[PlaylistSummary]


class ImportReply(BaseModel):
    """A list that was read, and its entries of which the catalogue has no track."""

    playlist: PlaylistReply
    missing: list[str]


class PlacesReply(BaseModel):
    """Whether the files of a list are where its export says."""

    tracks: int
    found: int
    missing: list[str]


class DifferenceReply(BaseModel):
    """What a refresh changes; rows with their positions."""

    added: list[RowReply]
    removed: list[RowReply]
    moved: list[RowReply]
    compatible: dict[str, float | None]
    playlist: PlaylistReply
