"""Answers: the catalogue as a whole: its vocabulary, map and lessons."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from earmark.server.replies.common import Listed


class Overview(BaseModel):
    """The catalogue as a whole."""

    tracks: int
    hours: float
    model: dict[str, str] | None
    roots: list[str]
    fields: Annotated[dict[str, str], Field(description="Field that can be filtered -> its kind.")]
    facets: dict[str, dict[str, Any]] = {}


class FailureReply(BaseModel):
    """A file that could not be analysed."""

    path: str
    problem: str
    remedy: str


class Failures(Listed):
    """All failures."""

    items: list[FailureReply]


class WarningReply(BaseModel):
    """A file that was heard, but not as it should be."""

    path: str
    track_id: str
    warnings: list[str]


class Warnings(Listed):
    """All warnings."""

    items: list[WarningReply]


class GroupReply(BaseModel):
    """A song that is there more than once, the better file first."""

    kind: str
    files: list[dict[str, Any]]


class Groups(Listed):
    """All songs that are there more than once."""

    items: list[GroupReply]


class TagNames(BaseModel):
    """A group of tags of the model."""

    group: str
    kind: str
    tags: list[dict[str, Any]]


class Vocabulary(BaseModel):
    """The tags of the catalogue's model."""

    model: str | None
    groups: list[TagNames]


class Models(BaseModel):
    """The models at hand."""

    items: list[dict[str, Any]]


class RegionReply(BaseModel):
    """A dense region of the map, by the tags that stand out there."""

    text: str
    x: float
    y: float
    tracks: int


class MapReply(BaseModel):
    """The map as it was last built."""

    version: str
    model: Annotated[str, Field(description="Of the embeddings.")]
    tracks: int
    missing: Annotated[int, Field(description="Tracks of the catalogue that are not on it.")]
    placed: Annotated[int, Field(description="Tracks that came after it was made.")]
    kept: Annotated[float, Field(description="Share of the ten true neighbours that are near on the map.")]
    by_chance: float
    built_at: str
    labels: list[RegionReply]


class ColoursReply(BaseModel):
    """What the points are coloured by."""

    field: str
    kind: Literal["number", "text"]
    low: float | None
    high: float | None
    names: list[str]
    values: Annotated[str, Field(description="A byte for every point, in base64.")]


class LessonReply(BaseModel):
    """A tag of your own, or a group of them: its examples, and what it is worth."""

    name: str
    group: str | None
    version: int | str | None
    tags: dict[str, dict[str, Any]]
    estimate: dict[str, Any] | None
    examples: Annotated[dict[str, str], Field(description="Track -> the tag that it has; empty: it has none of them.")]


class Lessons(Listed):
    """All tags of your own."""

    items: list[LessonReply]
