"""Questions to the catalogue, each in a thread and with a `Catalogue` of its own; more than can wait are sent away."""

import asyncio
import os
from collections.abc import Callable
from typing import TypeVar

from anyio import to_thread

from earmark.library import Catalogue
from earmark.server.problems import Refused
from earmark.settings import cores

T = TypeVar("T")
MOST_WAITING = 64  # questions
RETRY = 1  # seconds until which it is not worth to ask again


class Pool:
    """A few opened catalogues.

    A store moves to the newest version of its tables before each question, which two threads cannot do at once.
    """

    def __init__(self, catalogue: str | os.PathLike, size: int | None = None, waiting: int = MOST_WAITING) -> None:
        self._size = size or max(2, min(4, cores()))
        self._free: list[Catalogue] = [Catalogue(catalogue) for _ in range(self._size)]
        self._slots = asyncio.Semaphore(self._size)
        self._waiting, self._most = 0, waiting

    def quota(self) -> tuple[int, int]:
        """How many questions may be asked at once, and how many more may now."""
        most = self._size + self._most
        return most, max(0, most - self._waiting - (self._size - len(self._free)))

    async def ask(self, question: Callable[[Catalogue], T]) -> T:
        """The answer to a question; raises Refused (429) where too many others wait."""
        if self._slots.locked() and self._waiting >= self._most:
            remedy = f"Ask again in {RETRY} second."
            raise Refused(429, "server", f"{self._most} questions wait", remedy, {"Retry-After": str(RETRY)})
        self._waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self._waiting -= 1
        catalogue = self._free.pop()
        try:
            return await to_thread.run_sync(question, catalogue)
        finally:
            self._free.append(catalogue)
            self._slots.release()
