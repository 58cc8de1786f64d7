"""What one place of a cluster does: the same as a local worker, in a process of its own beside the actor.

The actor opens no file. It hands tasks to a `WorkerProcess`, which is watched for time and memory, ended where it
hangs, and started again where it crashed, so that a hostile file costs itself and not the actor. Tasks and replies
cross the cluster as the bytes of `earmark.engine.wire`, and the scan checks each field once more.
"""

import hashlib
import os

from earmark.engine.limits import Limits
from earmark.engine.local import COMMAND, WorkerProcess
from earmark.engine.wire import decode_task, encode
from earmark.errors import EarmarkError
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import model_path


class NodeWorker:
    """One place; Ray makes an actor of it.

    Parameters
    ----------
    model_path, model_name : where the model lies on the scan's machine, and its name, should it lie elsewhere here
    fingerprint : of the scan's earmark and model, see `fingerprint`
    limits : of one file
    command : what to start, for tests
    """

    def __init__(
        self, path: str, name: str, fingerprint: str, limits: Limits, command: tuple[str, ...] = COMMAND
    ) -> None:
        self._model_at, self._fingerprint, self._limits, self._command = (path, name), fingerprint, limits, command
        self._worker: WorkerProcess | None = None

    def ready(self) -> str:
        """Load the model; what is wrong with this machine, empty where it can work."""
        path, name = self._model_at
        try:
            model = load_model(path if os.path.exists(path) else model_path(name))
        except EarmarkError as error:
            return f"{error.problem} ({name}). {error.remedy}"
        if fingerprint(model) != self._fingerprint:
            return "earmark or the model is another one there. Install the same release on every machine."
        self._worker = WorkerProcess(model, self._limits, self._command)
        return ""

    def ask(self, body: bytes) -> bytes:
        """Do one task, both as bytes of `earmark.engine.wire`."""
        return encode(self._worker.ask(decode_task(body)))


def fingerprint(model: Model) -> str:
    """What must be the same on all machines: the release of earmark, and the model's id, version and tags."""
    from earmark import __version__

    info = model.info
    text = "\n".join((__version__, info.id, info.version, repr(model.tagset)))
    return hashlib.blake2b(text.encode(), digest_size=10).hexdigest()
