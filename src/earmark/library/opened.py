"""The store of a catalogue, opened once: what all that a catalogue does stands on."""

import tempfile

from earmark.catalogue.store import Store
from earmark.catalogue.where import Where, place_of_user


class Opened:
    """A catalogue by its place; see `earmark.Catalogue`."""

    def __init__(self, path: Where) -> None:
        self.path = place_of_user(path)
        self._opened: Store | None = None
        self._scratch: tempfile.TemporaryDirectory | None = None

    def _store(self, create: bool = False) -> Store:
        """The store, opened once; what another process has written since is seen."""
        if self._opened is None or (self.path.is_local and not self.path.exists()):
            self._opened = Store(self.path, create)
        else:
            self._opened.refresh()
        return self._opened

    def __len__(self) -> int:
        """How many tracks."""
        return len(self._store())
