"""Earprints for pictures: the one that a scan has kept, or one that a process makes, kept for a while."""

import os
from functools import lru_cache
from pathlib import Path

from anyio import to_thread

from earmark.library import Catalogue, Earprint, read_earprint
from earmark.server.made import MadeFiles
from earmark.server.pool import Pool

KEPT = 128 * 2**20  # bytes of earprints that were made, 0.6 MB for three minutes


class Earprints:
    """Finds or makes them.

    Parameters
    ----------
    catalogue : where it lies
    folder : where those lie that were made
    """

    def __init__(self, catalogue: str | os.PathLike, folder: Path, pool: Pool) -> None:
        self._folder, self._pool = folder, pool
        self.made = MadeFiles(catalogue, folder, "earprint", "earprint", KEPT)
        self._read = lru_cache(maxsize=2)(read_earprint)  # the tiles of a track are asked for one after another

    async def of(self, track_id: str) -> Earprint:
        """The earprint of a track of the catalogue; raises NotFound, AudioError, Refused where many are to be made."""
        path = await self._pool.ask(lambda catalogue: self._at_hand(catalogue, track_id))
        return await to_thread.run_sync(self._read, path or await self.made.of(track_id))

    def _at_hand(self, catalogue: Catalogue, track_id: str) -> Path | None:
        catalogue.show(track_id)  # raises NotFound
        made = self.made.at_hand(track_id)
        if made and not catalogue.path.is_local:
            return made
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return catalogue.kept_earprint(track_id, self._folder) or made
