"""Answers: keys and sessions, webhooks, media servers."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from earmark.server.replies.common import Listed, Moment


class AccessKey(BaseModel):
    """A key, without anything that could be used as one."""

    id: str
    name: str
    scopes: list[str]
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    valid: bool


class AccessKeys(Listed):
    """All keys."""

    items: list[AccessKey]


class NewAccessKey(AccessKey):
    """A key that was made; `key` is shown this once."""

    key: str


class SessionReply(BaseModel):
    """Who asks, and what they may do."""

    name: str
    scopes: list[str]


class WebhookReply(BaseModel):
    """A webhook, without its secrets."""

    id: str
    url: str
    types: list[str]
    created_at: Moment
    former_until: Annotated[float | None, Field(description="Until then the former secret signs too.")]
    enabled: bool
    reason: Annotated[str | None, Field(description="Why it is told nothing any more.")]
    failing_since: Moment | None


class Webhooks(Listed):
    """All webhooks."""

    items: list[WebhookReply]


class NewWebhook(WebhookReply):
    """A webhook with its secret, which is shown this once."""

    secret: str


class DeliveryReply(BaseModel):
    """A message, and every try to deliver it."""

    id: str
    webhook: str
    type: str
    body: dict[str, Any]
    created_at: Moment
    next_at: Moment | None
    state: Literal["pending", "delivered", "failed"]
    attempts: list[dict[str, Any]]


class DeliveriesReply(Listed):
    """What a webhook was told, the newest first."""

    items: list[DeliveryReply]


class ServerReply(BaseModel):
    """A media server, without its secret; `public`: it must lie in the internet."""

    id: str
    name: str
    kind: str
    url: str
    user: str
    roots: list[str]
    public: bool


class Servers(Listed):
    """All media servers that are known."""

    items: list[ServerReply]


class ServerTest(BaseModel):
    """Whether a media server lets us in: what it calls itself, or what is wrong."""

    ok: bool
    says: str | None
    problem: str | None
    remedy: str | None
