"""Messages by a clock that is moved by hand."""

import asyncio
import json

import pytest

from earmark.errors import ConfigError
from earmark.server.deliveries import GIVE_UP, JITTER, KEPT, SCHEDULE, Deliveries
from earmark.server.outside import Reply
from earmark.server.webhooks import WebhookStore

DAY = 86_400.0


class World:
    """A clock and a receiver."""

    def __init__(self, folder):
        self.now, self.reply, self.sent = 1_800_000_000.0, Reply(204), []
        self.store = WebhookStore(folder, lambda: self.now)
        self.folder = folder
        self.deliveries = self.opened()

    def opened(self):
        return Deliveries(self.folder / "d", self.store, self.post, lambda: self.now, seed=1)

    def post(self, url, body, headers):
        self.sent.append((self.now, url, json.loads(body), headers))
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply

    def step(self):
        return asyncio.run(self.deliveries.step())

    def until_over(self, delivery):
        while delivery.next_at is not None:
            self.now = delivery.next_at
            self.step()


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


def test_those_who_asked_are_told_and_no_one_else(world):
    hook = world.store.create("https://a.example/", ("track.corrected",))
    world.store.create("https://b.example/", ("track.failed",))
    (delivery,) = world.deliveries.tell("track.corrected", {"ids": ["0" * 20]})
    assert world.step() == 1
    ((_, url, body, headers),) = world.sent
    assert url == "https://a.example/"
    assert body == {"type": "track.corrected", "timestamp": "2027-01-15T08:00:00+00:00", "data": {"ids": ["0" * 20]}}
    assert headers["webhook-id"] == delivery.id
    assert delivery.state == "delivered"
    assert world.step() == 0
    assert [d.id for d in world.deliveries.of(hook.id)] == [delivery.id]


def test_it_is_tried_again_from_seconds_to_hours_and_then_no_more(world):
    world.store.create("https://a.example/", ("track.failed",))
    world.reply = Reply(503)
    (delivery,) = world.deliveries.tell("track.failed", {})
    world.until_over(delivery)
    times = [at for at, *_ in world.sent]
    waits = [later - earlier for earlier, later in zip(times, times[1:], strict=False)]
    assert len(waits) == len(SCHEDULE)
    assert all(abs(wait - meant) <= JITTER * meant for wait, meant in zip(waits, SCHEDULE, strict=True))
    assert waits != list(SCHEDULE)
    assert (SCHEDULE[0], SCHEDULE[-1]) == (5, 36_000)
    assert {headers["webhook-id"] for *_, headers in world.sent} == {delivery.id}
    assert len({headers["webhook-signature"] for *_, headers in world.sent}) == len(times)
    assert delivery.state == "failed"
    assert delivery.attempts[0]["status"] == 503


@pytest.mark.parametrize("reply", [OSError("no route"), ConfigError("x", "lies in a private network", ""), Reply(302)])
def test_what_cannot_be_reached_or_leads_elsewhere_has_failed(world, reply):
    world.store.create("https://a.example/", ("track.failed",))
    world.reply = reply
    (delivery,) = world.deliveries.tell("track.failed", {})
    world.step()
    assert delivery.state == "pending"
    assert delivery.attempts[0]["problem"]
    world.reply = Reply(200)
    world.until_over(delivery)
    assert delivery.state == "delivered"


def test_who_asks_for_time_gets_it(world):
    world.store.create("https://a.example/", ("track.failed",))
    world.reply = Reply(429, 600.0)
    (delivery,) = world.deliveries.tell("track.failed", {})
    world.step()
    assert delivery.next_at == world.now + 600


def test_gone_is_the_end(world):
    hook = world.store.create("https://a.example/", ("track.failed",))
    world.reply = Reply(410)
    (delivery,) = world.deliveries.tell("track.failed", {})
    world.step()
    assert (delivery.state, delivery.next_at) == ("failed", None)
    assert not world.store.get(hook.id).enabled
    assert "410" in world.store.get(hook.id).reason
    assert world.deliveries.tell("track.failed", {}) == []


def test_five_days_of_failures_are_the_end_and_one_success_begins_anew(world):
    hook = world.store.create("https://a.example/", ("track.failed",))
    world.reply = Reply(500)

    def fail():
        world.deliveries.tell("track.failed", {})
        world.step()

    fail()
    world.now += GIVE_UP - DAY
    fail()
    assert world.store.get(hook.id).enabled
    world.reply = Reply(200)
    fail()
    assert world.store.get(hook.id).failing_since is None
    world.reply = Reply(500)
    fail()
    world.now += GIVE_UP - 1
    fail()
    assert world.store.get(hook.id).enabled
    world.now += 2
    fail()
    assert not world.store.get(hook.id).enabled
    assert "5 days" in world.store.get(hook.id).reason


def test_what_waits_outlives_the_server(world):
    hook = world.store.create("https://a.example/", ("track.failed",))
    world.reply = OSError("down")
    (delivery,) = world.deliveries.tell("track.failed", {"paths": ["x"]})
    world.step()
    world.deliveries, world.reply = world.opened(), Reply(200)
    (again,) = world.deliveries.of(hook.id)
    assert again == delivery
    world.until_over(again)
    assert [attempt["status"] for attempt in again.attempts] == [None, 200]


def test_a_webhook_that_was_deleted_is_told_nothing(world):
    hook = world.store.create("https://a.example/", ("track.failed",))
    world.deliveries.tell("track.failed", {})
    world.store.remove(hook.id)
    world.step()
    assert world.sent == []
    assert world.deliveries.of(hook.id) == []


def test_the_oldest_are_dropped(world):
    hook = world.store.create("https://a.example/", ("track.failed",))
    for _ in range(KEPT + 20):
        world.deliveries.tell("track.failed", {})
        world.step()
    assert len(world.deliveries.of(hook.id)) <= KEPT + 1


def test_it_runs_by_itself(world):
    async def act():
        world.store.create("https://a.example/", ("track.failed",))
        task = asyncio.create_task(world.deliveries.run())
        await asyncio.sleep(0)
        (delivery,) = world.deliveries.tell("track.failed", {})
        for _ in range(500):
            if delivery.state == "delivered":
                break
            await asyncio.sleep(0.01)
        task.cancel()
        return delivery.state

    assert asyncio.run(act()) == "delivered"
