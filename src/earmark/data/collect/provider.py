"""What a music catalogue must offer to be collected from."""

from collections.abc import Iterator
from typing import Protocol

from earmark.data.collect.sources import Wanted


class Provider(Protocol):
    """A catalogue that finds tracks by tag. `earmark.data.collect.jamendo.Jamendo` is one."""

    name: str

    def tracks(self, label: str, tags: list[str]) -> Iterator[Wanted]:
        """Tracks that carry all `tags`, labelled `label`, as many as there are; the caller stops when it has enough.

        Raises DataError where the catalogue refuses, e.g. for a wrong key.
        """
        ...
