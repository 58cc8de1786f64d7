"""News of a job as server-sent events: each is the whole job, so that a client that comes back misses nothing."""

import asyncio
from collections.abc import AsyncIterator

from fastapi.responses import StreamingResponse

from earmark.server.answers import encode
from earmark.server.jobs import Job
from earmark.server.problems import Refused

HEARTBEAT = 15.0  # seconds
RETRY = 2000  # milliseconds after which a browser comes back
MOST = 100  # clients at once


class Events:
    """Streams of one server, counted."""

    def __init__(self) -> None:
        self._open = 0

    def response(self, job: Job, last: str | None) -> StreamingResponse:
        """The stream of a job from the event `last` on; raises Refused (429) where too many are open."""
        if self._open >= MOST:
            raise Refused(429, "events", f"{MOST} streams are open", "Ask again later.", {"Retry-After": "10"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._stream(job, last), headers=headers, media_type="text/event-stream")

    async def _stream(self, job: Job, last: str | None) -> AsyncIterator[bytes]:
        self._open += 1
        try:
            yield b"retry: %d\n\n" % RETRY
            seen = int(last) if last and last.isdigit() and len(last) < 20 else 0
            while True:
                changed = job.changed
                if job.seq > seen:
                    seen = job.seq
                    yield b"id: %d\nevent: job\ndata: %s\n\n" % (seen, encode(job.to_dict()))
                    continue  # it may have changed while the client took its time
                if job.is_over:
                    return
                try:
                    await asyncio.wait_for(changed.wait(), HEARTBEAT)
                except TimeoutError:
                    yield b": still here\n\n"
        finally:
            self._open -= 1
