import asyncio
import json

import pytest

from earmark.server.events import MOST, Events
from earmark.server.jobs import JobStore
from earmark.server.problems import Refused


def heard(job, last=None, n=10, after=lambda: None):
    """The events of a stream, as (id, job), until it ends or there are n."""

    async def listen():
        found = []
        async for piece in Events().response(job, last).body_iterator:
            lines = dict(line.split(": ", 1) for line in piece.decode().splitlines() if ": " in line)
            if "data" in lines:
                found.append((int(lines["id"]), json.loads(lines["data"])))
                after()
            if len(found) == n or lines.get("") == "still here":
                break
        return found

    return asyncio.run(asyncio.wait_for(listen(), 10))


@pytest.fixture
def job(tmp_path):
    return JobStore(tmp_path).create("scan", {}, "me")


def test_a_stream_begins_with_the_present_and_ends_with_the_job(job):
    def end():
        job.state = "succeeded"
        if len(seen) == 0:
            job.touch()
        seen.append(1)

    seen = []
    events = heard(job, after=end)
    assert [event["state"] for _, event in events] == ["queued", "succeeded"]
    assert events[0][0] < events[1][0]


def test_who_comes_back_is_told_what_is_new_alone(job, monkeypatch):
    monkeypatch.setattr("earmark.server.events.HEARTBEAT", 0.01)
    assert heard(job, str(job.seq)) == []
    assert len(heard(job, str(job.seq - 1), n=1)) == 1


@pytest.mark.parametrize("last", ["", "-1", "x", "9" * 100])
def test_what_is_no_event_is_the_beginning(job, last):
    assert len(heard(job, last, n=1)) == 1


def test_streams_are_counted(job):
    events = Events()
    events._open = MOST
    with pytest.raises(Refused):
        events.response(job, None)
