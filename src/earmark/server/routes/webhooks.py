"""Webhooks: addresses that are told when a job is over or a track has changed."""

from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from earmark.errors import ConfigError
from earmark.server import replies
from earmark.server.answers import NOT_STORED, passing
from earmark.server.guard import API
from earmark.server.lists import PartOf, paged
from earmark.server.problems import Refused
from earmark.server.shapes import WebhookChange, WebhookShape
from earmark.server.state import State, StateOf, needs
from earmark.server.webhooks import MOST, TEST, Webhook

router = APIRouter(tags=["webhooks"])
WebhookId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")]


@router.get("/webhooks", response_model=replies.Webhooks, **needs("admin"))
def list_webhooks(request: Request, state: StateOf, part: PartOf) -> Response:
    """All webhooks, the oldest first, without their secrets."""
    hooks = state.deliveries.store.all().values()
    return paged(request, state, part, hooks, lambda hook: (hook.created_at, hook.id), headers=NOT_STORED)


@router.post("/webhooks", response_model=replies.NewWebhook, status_code=201, **needs("admin"))
async def create_webhook(state: StateOf, wanted: WebhookShape) -> Response:
    """A new webhook; its secret is in this answer and nowhere else. The address is not asked anything yet.

    Messages are signed as Standard Webhooks 1.0 has it. An address in this machine or a private network is refused
    unless the server was started with `--webhook-host`.
    """
    _expect_allowed(state, wanted.url)
    if len(state.deliveries.store.all()) >= MOST:
        raise Refused(409, "webhooks", f"there are {MOST} already", "Delete one first.")
    made = await to_thread.run_sync(state.deliveries.store.create, wanted.url, tuple(dict.fromkeys(wanted.types)))
    return passing(_with_secret(made), 201, {"Location": f"{API}/webhooks/{made.id}"})


def _expect_allowed(state: State, url: str) -> None:
    try:
        state.outside.check(url)
    except ConfigError as error:
        raise Refused(422, error.source, error.problem, error.remedy) from error


def _with_secret(webhook: Webhook) -> dict:
    return webhook.to_dict() | {"secret": webhook.secret}


@router.get("/webhooks/{webhook_id:name}", response_model=replies.WebhookReply, **needs("admin"))
def show_webhook(state: StateOf, webhook_id: WebhookId) -> Response:
    """One webhook, without its secret."""
    return passing(state.deliveries.store.get(webhook_id).to_dict())


@router.patch("/webhooks/{webhook_id:name}", response_model=replies.WebhookReply, **needs("admin"))
async def change_webhook(state: StateOf, webhook_id: WebhookId, wanted: WebhookChange) -> Response:
    """Change where, what, or whether it is told; `{"enabled": true}` begins again after the server has stopped."""
    values = wanted.model_dump(exclude_unset=True)
    if "url" in values:
        _expect_allowed(state, values["url"])
    if "types" in values:
        values["types"] = tuple(dict.fromkeys(values["types"]))
    if values.get("enabled"):
        values |= {"reason": None, "failing_since": None}
    changed = await to_thread.run_sync(lambda: state.deliveries.store.change(webhook_id, **values))
    return passing(changed.to_dict())


@router.delete("/webhooks/{webhook_id:name}", status_code=204, **needs("admin"))
async def delete_webhook(state: StateOf, webhook_id: WebhookId) -> Response:
    """Forget a webhook, and all that it was to be told."""
    await to_thread.run_sync(state.deliveries.store.remove, webhook_id)
    state.deliveries.forget(webhook_id)
    return Response(status_code=204)


@router.post("/webhooks/{webhook_id:name}:rotate", response_model=replies.NewWebhook, **needs("admin"))
async def rotate_webhook(state: StateOf, webhook_id: WebhookId) -> Response:
    """A new secret, in this answer and nowhere else; for a day messages are signed by the former one too."""
    return passing(_with_secret(await to_thread.run_sync(state.deliveries.store.rotate, webhook_id)))


@router.post("/webhooks/{webhook_id:name}:test", response_model=replies.DeliveryReply, **needs("admin"))
async def try_webhook(state: StateOf, webhook_id: WebhookId) -> Response:
    """Send a message of the type `webhook.test` now; the answer says what came of it."""
    webhook = state.deliveries.store.get(webhook_id)
    if not webhook.enabled:
        raise Refused(409, webhook_id, "it is told nothing at present", 'Change it first: {"enabled": true}.')
    delivery = state.deliveries.queue(webhook, TEST, {}, soon=False)
    await state.deliveries.attempt(delivery)
    return passing(delivery.to_dict())


@router.get("/webhooks/{webhook_id:name}/deliveries", response_model=replies.DeliveriesReply, **needs("admin"))
def list_deliveries(request: Request, state: StateOf, webhook_id: WebhookId, part: PartOf) -> Response:
    """What it was told, the newest first, with every try."""
    state.deliveries.store.get(webhook_id)
    told = state.deliveries.of(webhook_id)
    return paged(request, state, part, told, lambda one: (-one.created_at, one.id), headers=NOT_STORED)
