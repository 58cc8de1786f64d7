"""Files that a process makes of tracks when they are first asked for, and that are kept for a while."""

import asyncio
import json
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from earmark.errors import AudioError
from earmark.server.problems import Refused
from earmark.server.runner import spawn

MOST_WAITING = 8  # tracks of which none is at hand
SECONDS = 600.0  # that one may take


class MadeFiles:
    """Finds or makes them.

    Parameters
    ----------
    catalogue : where it lies
    folder : where they lie
    kind : of the work, see `earmark.server.work`; it writes ``ID.suffix`` into a folder
    most : bytes of all of them; what was made first goes first
    """

    def __init__(self, catalogue: str | os.PathLike, folder: Path, kind: str, suffix: str, most: int) -> None:
        self._catalogue, self._folder, self._kind, self._suffix, self._most = catalogue, folder, kind, suffix, most
        self._making: dict[str, asyncio.Task[Path]] = {}
        self._turn = asyncio.Semaphore(1)

    def at_hand(self, track_id: str) -> Path | None:
        """The file of a track, if it was made before."""
        made = self._folder / f"{track_id}.{self._suffix}"
        return made if made.is_file() else None

    async def of(self, track_id: str) -> Path:
        """The file of a track that there is; those who ask for one at once wait for one process.

        Raises
        ------
        AudioError : the work has failed
        Refused : many others wait (429), or the server ends (503)
        """
        if made := self.at_hand(track_id):
            return made
        if track_id not in self._making:
            if len(self._making) >= MOST_WAITING:
                raise Refused(429, track_id, "many files are being opened", "Ask again.", {"Retry-After": "5"})
            task = asyncio.get_running_loop().create_task(self._make(track_id))
            self._making[track_id] = task
            task.add_done_callback(lambda _: self._making.pop(track_id, None))
        try:
            return await asyncio.shield(self._making[track_id])
        except asyncio.CancelledError:  # a server that ends would print where it was, in a hundred lines
            raise Refused(503, track_id, "the server ends", "Ask again when it is back.") from None

    async def _make(self, track_id: str) -> Path:
        async with self._turn:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            scratch = Path(tempfile.mkdtemp(prefix=".making-", dir=self._folder))
            try:
                job = {"kind": self._kind, "spec": {"track_id": track_id, "into": str(scratch)}}
                (scratch / "job.json").write_text(json.dumps(job), encoding="utf-8")
                await self._run(scratch)
                made = self._folder / f"{track_id}.{self._suffix}"
                (scratch / made.name).replace(made)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
            self._drop_old()
            return made

    async def _run(self, scratch: Path) -> None:
        process = await spawn(self._catalogue, scratch)
        try:
            lines = (await asyncio.wait_for(process.stdout.read(), SECONDS)).splitlines()
        except TimeoutError:
            process.kill()
            lines = []
        await process.wait()
        news = json.loads(lines[-1]) if lines else {}
        if "done" not in news:
            failed = news.get("failed", {})
            problem = failed.get("problem", "its process ended without a word")
            raise AudioError(failed.get("source", "track"), problem, failed.get("remedy", "Scan its folder again."))

    def _drop_old(self) -> None:
        """All but the newest are dropped as far as there are too many bytes; one that is being sent is sent whole."""
        left = self._most
        made = sorted(self._folder.glob(f"*.{self._suffix}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for i, path in enumerate(made):
            left -= path.stat().st_size
            if i and left < 0:
                with suppress(OSError):  # Windows keeps what is open
                    path.unlink()
