"""Answers: what answers have in common, and those about the server itself."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

Seconds = Annotated[float, Field(description="Seconds from the beginning.")]
Moment = Annotated[float, Field(description="Seconds since 1970.")]
Share = Annotated[float, Field(ge=0, le=1)]


class Links(BaseModel):
    """Where things are: name -> address."""

    name: str
    links: dict[str, str]


class Health(BaseModel):
    """Whether the server answers."""

    status: Literal["ok"]


class Version(BaseModel):
    """The version of earmark."""

    earmark: str


class Listed(BaseModel):
    """A page of a list."""

    next: Annotated[str | None, Field(description="The cursor of the page that follows; null on the last one.")]


class Problem(BaseModel):
    """Every error, see RFC 9457."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong.")]
    source: Annotated[str, Field(description="With what.")]
    remedy: Annotated[str, Field(description="What to do about it.")]
    instance: str | None = None
    errors: Annotated[list[dict[str, str]] | None, Field(description="Each with `pointer` and `message`.")] = None


class SignedReply(BaseModel):
    """An address that needs no key until it ends; it may be read, and nothing else."""

    url: str
    expires_at: Moment
