"""The locks of a catalogue: one scan, repair, restore or compaction at a time, and one write at any moment.

Reading needs none. Corrections need the second alone, so that they may be made during a scan. On a disk they are locks
of the operating system, in an object store leases.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from filelock import FileLock, Timeout

from earmark.catalogue.lease import Tell, hold
from earmark.catalogue.place import Place
from earmark.catalogue.places import TABLES, has_table, table_path
from earmark.catalogue.tables import Table
from earmark.catalogue.where import Where, place_of
from earmark.errors import CatalogueBusy, CatalogueError

LOCK = "scan.lock"
WRITE_LOCK = "scan.lock.write"  # what looks at a folder passes over names that begin so
PATIENCE = 60.0  # seconds that one write waits for another
SCANNING = "another scan is at work on it"
WRITING = f"another process has been writing to it for {PATIENCE:.0f} s"


@contextmanager
def locked(folder: Where, tell: Tell = lambda what, share: None) -> Iterator[None]:
    """Hold the lock of a catalogue.

    tell : told how far it is where, in an object store, it must wait to know whether another is still at work

    Raises
    ------
    CatalogueBusy : another process holds it
    CatalogueError : the folder cannot be written to
    """
    place = place_of(folder)
    if place.is_local:
        with _held(place, FileLock(place / LOCK, timeout=0), SCANNING):
            yield
        return
    with hold(place, LOCK, SCANNING, 0, lambda: _fence(place), tell):
        yield


@contextmanager
def writing(folder: Where) -> Iterator[None]:
    """Hold what every process holds while it writes to a table, or drops what no version of a table has.

    Whoever holds it may hold it once more. Raises CatalogueError as `locked`, after some patience.
    """
    place = place_of(folder)
    if place.is_local:
        with _held(place, FileLock(place / WRITE_LOCK, timeout=PATIENCE, is_singleton=True), WRITING):
            yield
        return
    with hold(place, WRITE_LOCK, WRITING, PATIENCE, lambda: _fence(place)):
        yield


def _fence(place: Place) -> None:
    """What a former holder has under way comes to nothing; a table that cannot be opened takes nothing either."""
    for name in filter(lambda name: has_table(place, name), TABLES):
        with suppress(CatalogueError):
            Table(table_path(place, name)).fence()


@contextmanager
def _held(folder: Place, lock: FileLock, taken: str) -> Iterator[None]:
    try:
        lock.acquire()
    except Timeout:
        raise CatalogueBusy(folder, taken, "Wait until it has finished.") from None
    except (OSError, NotImplementedError) as error:
        problem = f"cannot be written ({getattr(error, 'strerror', None) or error})"
        raise CatalogueError(folder, problem, "Mend its permissions, or choose another folder.") from error
    try:
        yield
    finally:
        lock.release()
