"""What webhooks are told, when, and what came of it: tried again for a day and a half, kept over restarts."""

import asyncio
import contextlib
import json
import random
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from anyio import to_thread

from earmark.errors import EarmarkError, NotFound, one_line
from earmark.files import whole_file
from earmark.server.outside import Reply
from earmark.server.webhooks import TEST, Webhook, WebhookStore, headers_of

SCHEDULE = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 36_000.0)
"""Seconds between one try and the next, as the specification proposes."""
JITTER = 0.2  # of each, either way, so that not all come back at once
GIVE_UP = 5 * 86_400.0  # seconds of failures alone, after which a webhook is told nothing any more
KEPT = 100  # deliveries of a webhook
GONE = 410
AT_ONCE = 4
Post = Callable[[str, bytes, dict[str, str]], Reply]


@dataclass
class Delivery:
    """One message to one webhook.

    Attributes
    ----------
    id : of the message, ``msg_`` and 32 hexadecimal digits; the same in every try
    webhook : id of the webhook
    type : what it tells
    body : the JSON that is sent
    state : ``pending``, ``delivered`` or ``failed``
    created_at, next_at : seconds since 1970; None: nothing more will be tried
    attempts : ``at``, ``status`` and ``problem`` of each try
    """

    id: str
    webhook: str
    type: str
    body: str
    created_at: float
    next_at: float | None
    state: str = "pending"
    attempts: list[dict] = field(default_factory=list)

    def to_dict(self) -> dict:
        """The JSON object of a delivery."""
        return asdict(self) | {"body": json.loads(self.body)}


class Deliveries:
    """Tells webhooks what happens.

    Parameters
    ----------
    folder : where messages are kept
    post : sends one; raises OSError and EarmarkError
    clock : seconds since 1970
    """

    def __init__(
        self,
        folder: Path,
        store: WebhookStore,
        post: Post,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
    ) -> None:
        self._folder, self.store, self._post, self._clock = folder, store, post, clock
        self._random = random.Random(seed)
        self._known = {delivery.id: delivery for delivery in self._read()}
        self._news = asyncio.Event()

    def _read(self) -> list[Delivery]:
        found = []
        for path in sorted(self._folder.glob("*.json")):
            with contextlib.suppress(ValueError, TypeError, OSError):
                found.append(Delivery(**json.loads(path.read_text(encoding="utf-8"))))
        return found

    # -- what is to be told -------------------------------------------------------------------------------------------

    def tell(self, kind: str, data: dict) -> list[Delivery]:
        """Let all webhooks know that have asked for this kind of news."""
        hooks = [hook for hook in self.store.all().values() if hook.enabled and kind in hook.types]
        return [self.queue(hook, kind, data) for hook in hooks]

    def queue(self, webhook: Webhook, kind: str, data: dict, soon: bool = True) -> Delivery:
        """Let one webhook know as soon as possible, or when `attempt` is called."""
        now = self._clock()
        stamp = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        body = json.dumps({"type": kind, "timestamp": stamp, "data": data}, separators=(",", ":"))
        delivery = Delivery(f"msg_{secrets.token_hex(16)}", webhook.id, kind, body, now, now if soon else None)
        self._known[delivery.id] = delivery
        self._save(delivery)
        self._drop_old(webhook.id)
        self._news.set()
        return delivery

    def of(self, webhook_id: str) -> list[Delivery]:
        """What a webhook was told, the newest first."""
        same = [delivery for delivery in self._known.values() if delivery.webhook == webhook_id]
        return sorted(same, key=lambda delivery: -delivery.created_at)

    def forget(self, webhook_id: str) -> None:
        """Drop all that a webhook was told or is still to be told."""
        for delivery in self.of(webhook_id):
            self._drop(delivery)

    # -- telling ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Tell what is due, for ever."""
        while True:
            self._news.clear()
            await self.step()
            wait = min((x.next_at for x in self._pending()), default=None)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), None if wait is None else max(0.05, wait - self._clock()))

    async def step(self) -> int:
        """Try all that is due now, a few at once; returns how many."""
        due = [delivery for delivery in self._pending() if delivery.next_at <= self._clock()]
        turn = asyncio.Semaphore(AT_ONCE)

        async def one(delivery: Delivery) -> None:
            async with turn:
                await self.attempt(delivery)

        await asyncio.gather(*(one(delivery) for delivery in due))
        return len(due)

    def _pending(self) -> list[Delivery]:
        return [delivery for delivery in self._known.values() if delivery.next_at is not None]

    async def attempt(self, delivery: Delivery) -> None:
        """Try once, and note what came of it."""
        try:
            webhook = self.store.get(delivery.webhook)
        except NotFound:
            self._drop(delivery)
            return
        if not webhook.enabled:
            self._end(delivery, "failed")
            return
        now = self._clock()
        headers = headers_of(webhook, delivery.id, delivery.body.encode(), now)
        reply, problem = await to_thread.run_sync(self._sent, webhook.url, delivery.body.encode(), headers)
        delivery.attempts.append({"at": now, "status": reply and reply.status, "problem": problem})
        if problem is None:
            self._end(delivery, "delivered")
            self._note_success(webhook)
        else:
            gone = reply is not None and reply.status == GONE
            self._note_failure(webhook, gone, now)
            self._try_later(delivery, gone, (reply and reply.retry_after) or 0.0, now)

    def _sent(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[Reply | None, str | None]:
        """What came back, and what is wrong with it."""
        try:
            reply = self._post(url, body, headers)
        except EarmarkError as error:
            return None, error.problem
        except OSError as error:
            return None, one_line(error)
        return reply, None if 200 <= reply.status < 300 else f"answered by {reply.status}"

    def _note_success(self, webhook: Webhook) -> None:
        if webhook.failing_since is not None:
            self._change(webhook, failing_since=None)

    def _note_failure(self, webhook: Webhook, gone: bool, now: float) -> None:
        since = webhook.failing_since or now
        if gone:
            self._change(webhook, enabled=False, reason="it has answered that it is gone (410)")
        elif now - since >= GIVE_UP:
            self._change(webhook, enabled=False, reason="nothing could be delivered for 5 days")
        elif webhook.failing_since is None:
            self._change(webhook, failing_since=since)

    def _try_later(self, delivery: Delivery, gone: bool, asked: float, now: float) -> None:
        tries = len(delivery.attempts)
        if gone or tries > len(SCHEDULE) or delivery.type == TEST:
            self._end(delivery, "failed")
            return
        wait = SCHEDULE[tries - 1] * self._random.uniform(1 - JITTER, 1 + JITTER)
        delivery.next_at = now + max(wait, asked)
        self._save(delivery)

    def _change(self, webhook: Webhook, **values) -> None:
        with contextlib.suppress(NotFound):  # it was deleted meanwhile
            self.store.change(webhook.id, **values)

    # -- what is kept -------------------------------------------------------------------------------------------------

    def _end(self, delivery: Delivery, state: str) -> None:
        delivery.state, delivery.next_at = state, None
        self._save(delivery)

    def _path(self, delivery: Delivery) -> Path:
        return self._folder / f"{delivery.id}.json"

    def _save(self, delivery: Delivery) -> None:
        if delivery.id not in self._known:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with whole_file(self._path(delivery)) as draft:
            draft.write_text(json.dumps(asdict(delivery)), encoding="utf-8")

    def _drop(self, delivery: Delivery) -> None:
        self._known.pop(delivery.id, None)
        self._path(delivery).unlink(missing_ok=True)

    def _drop_old(self, webhook_id: str) -> None:
        over = [delivery for delivery in self.of(webhook_id) if delivery.next_at is None]
        for delivery in over[KEPT:]:
            self._drop(delivery)
