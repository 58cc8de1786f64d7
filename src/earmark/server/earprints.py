"""Earprints for pictures: the one that a scan has kept, or one that a process makes, kept for a while."""

import asyncio
import json
import os
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path

from anyio import to_thread

from earmark.errors import AudioError
from earmark.library import Catalogue, Earprint, read_earprint
from earmark.server.pool import Pool
from earmark.server.problems import Refused
from earmark.server.runner import spawn

KEPT = 200  # earprints that were made, 0.6 MB for three minutes
MOST_WAITING = 8  # tracks of which none is at hand


class Earprints:
    """Finds or makes them.

    Parameters
    ----------
    catalogue : where it lies
    folder : where those lie that were made
    """

    def __init__(self, catalogue: str | os.PathLike, folder: Path, pool: Pool) -> None:
        self._catalogue, self._folder, self._pool = catalogue, folder, pool
        self._making: dict[str, asyncio.Task[Path]] = {}
        self._turn = asyncio.Semaphore(1)
        self._read = lru_cache(maxsize=2)(read_earprint)  # the tiles of a track are asked for one after another

    async def of(self, track_id: str) -> Earprint:
        """The earprint of a track of the catalogue; raises NotFound, AudioError, Refused where many are to be made."""
        path = await self._pool.ask(lambda catalogue: self._at_hand(catalogue, track_id))
        return await to_thread.run_sync(self._read, path or await self._made(track_id))

    def _at_hand(self, catalogue: Catalogue, track_id: str) -> Path | None:
        catalogue.show(track_id)  # raises NotFound
        made = self._folder / f"{track_id}.earprint"
        if made.is_file() and not catalogue.path.is_local:
            return made
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return catalogue.kept_earprint(track_id, self._folder) or (made if made.is_file() else None)

    async def _made(self, track_id: str) -> Path:
        """Those who ask for one track at once wait for one process."""
        if track_id not in self._making:
            if len(self._making) >= MOST_WAITING:
                raise Refused(429, track_id, "many pictures are being made", "Ask again.", {"Retry-After": "5"})
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
                job = {"kind": "earprint", "spec": {"track_id": track_id, "into": str(scratch)}}
                (scratch / "job.json").write_text(json.dumps(job), encoding="utf-8")
                await self._run(scratch)
                made = self._folder / f"{track_id}.earprint"
                (scratch / made.name).replace(made)
            finally:
                shutil.rmtree(scratch, ignore_errors=True)
            self._drop_old()
            return made

    async def _run(self, scratch: Path) -> None:
        process = await spawn(self._catalogue, scratch)
        lines = (await process.stdout.read()).splitlines()
        await process.wait()
        news = json.loads(lines[-1]) if lines else {}
        if "done" not in news:
            failed = news.get("failed", {})
            problem = failed.get("problem", "its process ended without a word")
            raise AudioError(failed.get("source", "track"), problem, failed.get("remedy", "Scan its folder again."))

    def _drop_old(self) -> None:
        made = sorted(self._folder.glob("*.earprint"), key=lambda path: path.stat().st_mtime)
        for path in made[:-KEPT]:
            path.unlink(missing_ok=True)
