"""Answers: jobs, and plans of tags in files."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from earmark.server.replies.common import Listed, Moment


class JobReply(BaseModel):
    """A job: what was asked, how far it is, what came of it."""

    id: str
    kind: str
    spec: dict[str, Any]
    owner: str
    state: Literal["receiving", "queued", "running", "paused", "interrupted", "succeeded", "failed", "cancelled"]
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    progress: dict[str, Any] | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    seq: Annotated[int, Field(description="Grows with every change; the id of its newest event.")]
    links: dict[str, str]


class Jobs(Listed):
    """All jobs, the newest first."""

    items: list[JobReply]


class TagChoices(BaseModel):
    """All that a plan of tags may be asked with; `writes`: whether this server writes into files."""

    profiles: list[dict[str, Any]]
    fields: list[dict[str, str]]
    modes: list[str]
    notations: list[str]
    gates: Annotated[dict[str, float], Field(description="What an estimate must reach to be written.")]
    writes: bool


class TagPlanSummary(BaseModel):
    """A plan of tags in numbers."""

    id: str
    made: str
    profile: str
    mode: str
    asked: dict[str, Any]
    files: Annotated[int, Field(description="That would change.")]
    same: Annotated[int, Field(description="That have all of it.")]
    refused: Annotated[int, Field(description="That are left as they are.")]
    values: Annotated[dict[str, int], Field(description="Field -> files in which it would change.")]
    written: Annotated[int, Field(description="Files that it has changed and that were not changed back.")]
    links: dict[str, str]


class TagPlans(Listed):
    """All plans of tags, the newest first."""

    items: list[TagPlanSummary]


class TagPlanReply(TagPlanSummary):
    """A page of a plan: files with `changes` (field, name, old, new), or refused ones with `problem` and `remedy`."""

    items: list[dict[str, Any]]
    next: str | None
