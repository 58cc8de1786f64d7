"""Where workers keep earprints: in the catalogue's folder, or on the way to and from one in an object store."""

import tempfile
from pathlib import Path

from earmark.audio.earprint import earprint_name
from earmark.catalogue.objects import ObjectPlace
from earmark.catalogue.place import Place
from earmark.engine.protocol import Analyse, Task
from earmark.errors import ConfigError

NO_CLUSTER = "Leave out --keep-earprints, or scan with `--engine local`."


class Earprints:
    """A folder that workers read earprints from and write them to.

    Workers have no keys of an object store: a hostile file could take them over. So the scan brings them what is kept
    there, and takes there what they have made.

    Parameters
    ----------
    place : of the catalogue's earprints
    wanted : whether they are to be kept; those of a catalogue that has some are, in any case
    on_cluster : whether workers are on machines that share no folder with this one

    Raises ConfigError where the workers of a cluster are to keep them in an object store.

    Attributes
    ----------
    folder : on this machine; None where none are kept
    """

    def __init__(self, place: Place, wanted: bool, on_cluster: bool = False) -> None:
        self._place, self.folder, self._brought = None, None, {}  # name -> when an earprint was written that is kept
        if on_cluster and not place.is_local:
            if wanted:
                raise ConfigError(place, "a cluster's workers can keep no earprints there", NO_CLUSTER)
            return
        if not (wanted or place.exists()):
            return
        if isinstance(place, ObjectPlace):
            self._place, self._scratch = place, tempfile.TemporaryDirectory(prefix="earmark-earprints-")
            self.folder = self._scratch.name
        else:
            self.folder = str(place)

    def bring(self, task: Task) -> None:
        """Before a task goes to a worker: the earprint that it may read."""
        if self._place is not None and isinstance(task, Analyse) and task.track_id:
            kept = self._at(task.track_id)
            if (self._place / kept.name).fetch(kept):
                self._brought[kept.name] = kept.stat().st_mtime_ns

    def keep(self, track_id: str) -> None:
        """After a track was analysed: the earprint, where the worker has made it."""
        if self._place is None or not (made := self._at(track_id)).is_file():
            return
        if self._brought.pop(made.name, None) != made.stat().st_mtime_ns:
            (self._place / made.name).copy_from(made)
        made.unlink()

    def close(self) -> None:
        """Drop what is on the way."""
        if self._place is not None:
            self._scratch.cleanup()

    def _at(self, track_id: str) -> Path:
        return Path(self.folder) / earprint_name(track_id)
